"""A restore of a table out of an air-gapped vault that an approval team opens."""

from copy import replace

from strongroom.domain.intent.vaults import Vault
from tests.builders.air_gaps import TEAM
from tests.builders.deciding.candidates import a_listed_copy
from tests.builders.places import HOME, PAYMENTS, VAULT_ACCOUNT, a_vault_arn
from tests.builders.restores import a_recovery_point, a_ticket, a_wish
from tests.fakes.restores.world import CeremonyWorld

GAPPED = a_vault_arn("gapped-vault", account=VAULT_ACCOUNT)
POINT = f"arn:aws:backup:{HOME}:{VAULT_ACCOUNT}:recovery-point:5d1c7f0e-0000-4000-8000-00000000d5a1"
TABLE = f"arn:aws:dynamodb:{HOME}:{PAYMENTS}:table/orders"
_KIND = {"arn": POINT, "resource": TABLE, "resource_type": "DynamoDB"}


def come_to_approval(world: CeremonyWorld) -> str:
    """A request of it that was approved; its id. What the access will show is there from the beginning."""
    gapped = Vault(name="gapped-vault", account=VAULT_ACCOUNT, kind="air-gapped", approval_team=TEAM)
    world.intent = replace(world.intent, vaults={**world.intent.vaults, "gapped": gapped})
    told = {"originalTableName": "orders"}
    kept = a_recovery_point(**_KIND, vault=GAPPED, restore_metadata=told, encryption_key=None)
    world.points.points[POINT, GAPPED] = kept
    world.finding.lists.points = [a_listed_copy(**_KIND, vault=GAPPED)]
    world.tickets.ticket = a_ticket(resources=(TABLE,), summary="Restore the table to 02:00")
    made = world.come_to_approval(a_wish(recovery_point=POINT, vault=GAPPED, target_name="orders-0200"))
    request = world.kept(made).sealed.request
    world.points.points[POINT, request.access_vault] = replace(kept, vault=request.access_vault)
    return made
