"""Out of an air-gapped vault that another account shares: through every gate, and as long as it is shared."""

from copy import replace

import pytest

from strongroom.domain.errors import ApprovalVoidError, FaultsFoundError, RestoreRefusedError
from strongroom.domain.evidence.entries import EntryKind
from strongroom.domain.identifiers import AccountId, Arn
from strongroom.domain.intent.model import Intent
from strongroom.domain.intent.vaults import Vault, VaultLock
from strongroom.domain.restores.plans import RestorePlan
from strongroom.domain.restores.requests import RestoreRequest, RestoreWish
from strongroom.domain.restores.session_policy import restore_session_policy
from strongroom.services.restores.acting.check_restore import check_restore
from strongroom.services.restores.acting.starting.start_restore import start_restore
from tests.builders.intents import with_restores
from tests.builders.places import HOME, PAYMENTS, VAULT_ACCOUNT, a_vault_arn
from tests.builders.restores import PROFILE, a_proving_intent, a_recovery_point, a_ticket, a_wish
from tests.fakes.restores.world import CeremonyWorld

GAPPED = a_vault_arn("safe-vault", account=VAULT_ACCOUNT)
POINT = str(Arn("aws", "backup", HOME, VAULT_ACCOUNT, "recovery-point:0f1e2d3c"))
TABLE = str(Arn("aws", "dynamodb", HOME, AccountId(PAYMENTS), "table/orders"))
LOCK = VaultLock(min_retention_days=7, max_retention_days=400)


@pytest.fixture
def world(intent: Intent) -> CeremonyWorld:
    """A world with a backup of a table in an air-gapped vault of an account of vaults, which shares it."""
    vault = Vault(name="safe-vault", account=VAULT_ACCOUNT, kind="air-gapped", lock=LOCK)
    profiled = a_proving_intent(with_restores(intent, profiles=(PROFILE,)))
    made = CeremonyWorld(replace(profiled, vaults={**profiled.vaults, "safe": vault}))
    made.points.points[POINT, GAPPED] = a_recovery_point(
        arn=POINT,
        vault=GAPPED,
        resource=TABLE,
        resource_type="DynamoDB",
        encryption_key=None,
        restore_metadata={"originalTableName": "orders", "encryptionType": "Default"},
    )
    made.tickets.ticket = a_ticket(resources=(TABLE,))
    made.points.shown = {GAPPED}
    return made


def a_shared_wish() -> RestoreWish:
    return a_wish(recovery_point=POINT, target_name="orders-0200")


def approved(world: CeremonyWorld) -> str:
    """The request, approved by as many as it takes."""
    request = world.open(a_shared_wish())
    world.read_ticket(request)
    for person in ("maria", "sana"):
        world.sign(request, person)
    return request


def start(world: CeremonyWorld, request: str) -> None:
    start_restore(request, execution=world.execution(request), needs=world.restoring, now=world.now)


def asked(world: CeremonyWorld) -> RestoreRequest:
    return world.proposing.drafts.read(world.draft(a_shared_wish()).request_id).sealed.request


def test_it_is_restored_by_the_account_itself_and_nothing_is_copied(world: CeremonyWorld) -> None:
    request = approved(world)
    start(world, request)
    world.restores.states = ["COMPLETED"]
    world.restores.changes = {"created": TABLE.replace("orders", "orders-0200")}
    check_restore(request, execution=world.execution(request), needs=world.checking_restore, now=world.now)
    ended = world.close(request, reason="")
    assert (ended.outcome, world.restores.begun, world.copies.begun) == ("restored", [POINT], [])
    [intended] = [each.facts for each in world.kept(request).chain if each.kind == EntryKind.RESTORE_INTENDED]
    assert intended["recovery_point"] == POINT


def test_the_request_says_and_signs_whose_vault_it_is(world: CeremonyWorld) -> None:
    request = asked(world)
    assert (request.plan, request.vault, request.shared_by) == (RestorePlan.LOCAL, GAPPED, VAULT_ACCOUNT)
    assert (request.temporary_vault, request.through_vault) == ("", "")


def test_its_session_starts_nothing_but_that_point(world: CeremonyWorld) -> None:
    policy = restore_session_policy(asked(world), recovery_point=POINT)
    assert f'"Action":"backup:StartRestoreJob","Effect":"Allow","Resource":"{POINT}"' in policy


def test_where_nobody_shares_it_that_is_said_before_anybody_is_asked(world: CeremonyWorld) -> None:
    world.points.shown = set()
    with pytest.raises((RestoreRefusedError, FaultsFoundError), match="is not shared with account 222222222222"):
        world.draft(a_shared_wish())


def test_what_is_not_shared_any_more_at_the_act_ends_the_request(world: CeremonyWorld) -> None:
    request = approved(world)
    world.points.shown = set()
    with pytest.raises(ApprovalVoidError, match="let `strongroom apply` share it"):
        start(world, request)
    assert world.restores.begun == []


def test_what_is_not_in_the_intent_any_more_at_the_act_ends_the_request(world: CeremonyWorld) -> None:
    request = approved(world)
    vaults = {key: vault for key, vault in world.intent.vaults.items() if key != "safe"}
    needs = world.restoring
    with pytest.raises(RestoreRefusedError, match="not from"):
        start_restore(
            request,
            execution=world.execution(request),
            needs=replace(needs, intent=replace(world.intent, vaults=vaults)),
            now=world.now,
        )
    assert world.restores.begun == []
