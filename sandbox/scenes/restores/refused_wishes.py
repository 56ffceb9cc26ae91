"""Refused wishes: what a restore must never be turned into, asked for with a good ticket, and refused in words."""

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import NamedTuple

from sandbox.example import estate
from sandbox.example.timeline import Scene
from sandbox.example.world import World
from sandbox.scenes.night import a_machine
from sandbox.scenes.restores.restore import points
from sandbox.settings import LEDGER_ACCOUNT, LOCAL_VAULT, PAYMENTS_ACCOUNT

NAME = "Refused wishes"
INTENTION = "in a hurry, or on purpose: five settings that nobody is asked to approve"
# A bucket of the reports' account, into which the backup would be carried off.
FOREIGN_BUCKET = "reports-exports"


class Wish(NamedTuple):
    """Of which resource, as what, with which settings; and the sentence for each thing that is wrong."""

    account: str
    resource: str
    target: str
    settings: tuple[str, ...]
    refusals: dict[str, str]


def play(world: World, scene: Scene) -> None:
    """Ask for each; a refusal names all that is wrong, so that three requests have five sentences."""
    wishes = _wishes(world)
    with ThreadPoolExecutor(len(wishes)) as people:
        answers = [*people.map(partial(_ask, world), wishes)]
    for wish, (code, said) in zip(wishes, answers, strict=True):
        lines = said.splitlines()
        for what, sentence in wish.refusals.items():
            told = next((line for line in lines if sentence in line), "")
            scene.check(f"{what} is refused, and it is said why", code == 2 and told, told or said)
        named = [wish.target or "?", *(setting.partition("=")[0] for setting in wish.settings)]
        others = [line for line in lines if not any(name in line for name in named)]
        scene.check("nothing else was wrong with it: its ticket is good", not others, " ".join(others))


def _wishes(world: World) -> tuple[Wish, ...]:
    [foreign_key] = next(each["keys"] for each in estate.restore_profiles() if each["account"] == LEDGER_ACCOUNT)
    return (
        Wish(
            PAYMENTS_ACCOUNT,
            estate.PAYMENTS_DATABASE,
            "payments-db-open",
            ("PubliclyAccessible=true", f"KmsKeyId={foreign_key}"),
            {
                "a public database": "PubliclyAccessible is always false",
                "one under a key of another account": f"KmsKeyId lies outside of account {PAYMENTS_ACCOUNT}",
            },
        ),
        Wish(
            PAYMENTS_ACCOUNT,
            f"arn:aws:s3:::{estate.PAPERS}",
            FOREIGN_BUCKET,
            (),
            {"a bucket of another account": f"the name {FOREIGN_BUCKET} is taken by bucket"},
        ),
        Wish(
            LEDGER_ACCOUNT,
            a_machine(world, LEDGER_ACCOUNT),
            "",
            ("UserData=Y3VybCBldmlsLmV4YW1wbGUK", "IamInstanceProfileName=administrator"),
            {
                "a machine that runs somebody's script": "UserData is not to be asked for here",
                "one with another role": "IamInstanceProfileName names a role, and what is restored gets none",
            },
        ),
    )


def _ask(world: World, wish: Wish) -> tuple[int, str]:
    """The exit code and the words of the command, for a request with an approved ticket."""
    ticket = world.jira.create_issue(f"Restore {wish.resource}", resource=wish.resource)
    world.jira.transition(ticket, "Approve")
    point = max(points(world, wish.account, LOCAL_VAULT, resource=wish.resource)).arn
    asked = world.strongroom(
        *("restore", "request", "--account", wish.account, "--recovery-point", point, "--ticket", ticket),
        *("--reason", "UPDATE without WHERE at 14:00", "--dry-run"),
        *(("--target-name", wish.target) if wish.target else ()),
        *(word for setting in wish.settings for word in ("--metadata", setting)),
        person="omar",
    )
    return asked.returncode, asked.stderr.strip()
