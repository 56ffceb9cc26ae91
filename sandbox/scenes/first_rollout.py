"""First rollout: it fails late, in a stack and in an account, and goes on where it stopped."""

from sandbox.example import deployment, estate
from sandbox.example.timeline import Scene
from sandbox.example.world import World
from sandbox.scenes import first_signs
from sandbox.settings import (
    CUSTOMER_API_ACCOUNT,
    HOME_REGION,
    LEDGER_ACCOUNT,
    LOCAL_VAULT,
    MANAGEMENT_ACCOUNT,
    ORGANIZATIONS_REGION,
    PAYMENTS_ACCOUNT,
    SANDBOX_ACCOUNTS,
)

NAME = "First rollout"
INTENTION = "AWS fails twice on the way, and nothing has to be cleaned up"
_CHANGES = 2
_TEMPORARY = "strongroom-restores"
_LOOK_AGAIN = "ReassessAccountsQueue"
_GOVERNED = (PAYMENTS_ACCOUNT, LEDGER_ACCOUNT, CUSTOMER_API_ACCOUNT, *SANDBOX_ACCOUNTS)
# Later scenes have what nobody has seen in the others.
_GONE_THROUGH = (PAYMENTS_ACCOUNT, LEDGER_ACCOUNT)


def play(world: World, scene: Scene) -> None:
    """Look at what the deployment of this sandbox went through, and whether it is in accord now."""
    _preview(world, scene)
    first, second = world.deployment.tries
    scene.tell("AWS throttled the vault of one account, and then a guardrail, each once and late")
    stop = first.err.strip().splitlines()[-1]
    scene.check("the first `apply` stopped and said where and why", first.code == 1 and "Rate exceeded" in stop, stop)
    done = [line.split()[1] for line in second.out.splitlines() if line.startswith("done")]
    scene.check(
        "the second went on from there, with what the first had made",
        second.code == 0 and done[:1] == ["stack-strongroom-management"] and "create stack" not in second.out,
        ", ".join(done),
    )
    outdated = [line for line in second.err.splitlines() if "strongroom-member-vault" in line]
    scene.check(
        "the account that failed was named with its reason, and tried again",
        len(outdated) == 1 and "outdated-strongroom-member-vault" in done,
        outdated[0].rpartition(" warning: ")[2] if outdated else "nothing told",
    )
    cloudformation = world.look(MANAGEMENT_ACCOUNT, "cloudformation", ORGANIZATIONS_REGION)
    instances = cloudformation.list_stack_instances(StackSetName="strongroom-member-vault")["Summaries"]
    scene.check(
        "every governed account has its stack now",
        {each["Account"]: each["Status"] for each in instances} == dict.fromkeys(_GOVERNED, "CURRENT"),
        f"{len(instances)} current",
    )
    vaults = {
        account: {
            each["BackupVaultName"] for each in world.look(account, "backup").list_backup_vaults()["BackupVaultList"]
        }
        for account in _GOVERNED
    }
    scene.check(
        "and one vault for backups, because the one that failed took nothing with it",
        all(names - {_TEMPORARY} == {LOCAL_VAULT} for names in vaults.values()),
        LOCAL_VAULT,
    )
    profiled = {each["account"] for each in estate.restore_profiles()}
    scene.check(
        "where a restore profile is, another one, which copies come back into",
        {account for account, names in vaults.items() if _TEMPORARY in names} == profiled,
        f"{_TEMPORARY} in {', '.join(sorted(profiled))}",
    )
    planned = deployment.administer(world.settings, "plan", "--confirm-retention", deployment.CONFIRMED_DAYS)
    scene.check("`plan` has nothing to change", planned.code == 0, planned.out.strip())
    _ready(world, scene)


def _ready(world: World, scene: Scene) -> None:
    """No account is ready by its pieces alone; two of them are gone through, and the others await just that."""
    scene.tell("each forwarder is there; that it forwards its first beat shows, and that we may look an inventory")
    first_signs.hear(world, scene, *_GOVERNED)
    awaited = {"first inventory in " + HOME_REGION}
    scene.until(
        "every governed account has its pieces and is heard, and lacks its first inventory alone",
        world.impatient(lambda: all(_missing(world, account) == awaited for account in _GOVERNED), queue=_LOOK_AGAIN),
        detail=lambda _: f"{len(_GOVERNED)} accounts",
        instead=lambda: {account: _missing(world, account) for account in _GOVERNED},
    )
    world.strike("BeginInventoryQueue", is_asked=True, accounts=[*_GONE_THROUGH])
    first_signs.go_through(world, scene, *_GONE_THROUGH)
    scene.until(
        "those that were gone through are ready",
        world.impatient(lambda: all(_state(world, account) == "READY" for account in _GONE_THROUGH), queue=_LOOK_AGAIN),
        detail=lambda _: " and ".join(_GONE_THROUGH),
    )
    others = {_state(world, account) for account in _GOVERNED if account not in _GONE_THROUGH}
    scene.check("the others are not, and say why", others == {"NOT_READY"}, ", ".join(sorted(awaited)))


def _state(world: World, account: str) -> str:
    return str((world.ledger(f"ACCOUNT#{account}", "STATE") or {}).get("state"))


def _missing(world: World, account: str) -> set[str]:
    found = world.ledger(f"ACCOUNT#{account}", "STATE") or {}
    return {told["S"].partition(" (")[0] for told in found.get("missing", ())}


def _preview(world: World, scene: Scene) -> None:
    """What `plan` said before anything was changed: whom the policies would reach, and what that would cost."""
    previewed = world.deployment.previewed
    lines = {line.split()[0]: line for line in previewed.out.splitlines() if line.split()}
    scene.check(
        "before anything was changed, `plan` said who becomes governed, what is caught, and what it costs",
        previewed.code == _CHANGES and {"accounts", "resources", "money", "locks"} <= lines.keys(),
        lines.get("accounts", previewed.err.strip()[-200:]),
    )
    for name in ("resources", "money", "locks"):
        scene.tell(lines.get(name, f"nothing about {name}"))
