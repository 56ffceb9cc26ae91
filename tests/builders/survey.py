"""A surveyed organisation: two units below the root, one of them with one below it, and whatever a test puts there."""

from datetime import UTC, date, datetime
from typing import Any, Final

from strongroom.domain.identifiers import AccountId, Region, vault_arn
from strongroom.domain.preview.tree import LiveTree
from strongroom.domain.rollout.live import LivePolicy
from strongroom.domain.survey.found import OrganizationFound, Surveyed, VaultFound

ROOT: Final = "r-ab12"
WORKLOADS: Final = "ou-ab12-aaaaaaaa"
CARDS: Final = "ou-ab12-bbbbbbbb"
PLATFORM: Final = "ou-ab12-cccccccc"
MANAGEMENT: Final = AccountId("111122223333")
SHOP: Final = AccountId("222233334444")
WALLET: Final = AccountId("333344445555")
CENTRAL: Final = AccountId("444455556666")
HOME: Final = Region("eu-west-1")
TODAY: Final = date(2027, 3, 1)
ORGANIZATION: Final = OrganizationFound(
    id="o-ab12cd34ef",
    management_account=MANAGEMENT,
    tree=LiveTree(
        units={ROOT: None, WORKLOADS: ROOT, CARDS: WORKLOADS, PLATFORM: ROOT},
        names={
            ROOT: "Root",
            WORKLOADS: "Workloads",
            CARDS: "Cards",
            PLATFORM: "Platform",
            MANAGEMENT: "payer",
            SHOP: "shop",
            WALLET: "wallet",
            CENTRAL: "central",
        },
        accounts={MANAGEMENT: ROOT, SHOP: WORKLOADS, WALLET: CARDS, CENTRAL: PLATFORM},
    ),
)


def a_policy(document: dict[str, Any], *targets: str, name: str = "theirs") -> LivePolicy:
    """A backup policy of somebody, on the unit Workloads unless it is said where."""
    return LivePolicy(
        id=f"p-{name}", name=name, type="BACKUP_POLICY", document=document, targets=targets or (WORKLOADS,)
    )


def a_survey(*policies: LivePolicy, **found: Any) -> Surveyed:
    """What was found where AWS Backup has a delegate."""
    usual: dict[str, Any] = {"organization": ORGANIZATION, "region": HOME, "administrators": (CENTRAL,)}
    return Surveyed(**usual | {"policies": policies} | found)


def an_open_survey(*policies: LivePolicy, **vaults: VaultFound) -> Surveyed:
    """The same where every account was looked into at home; `vaults` are the backup account's, by name."""
    places = frozenset((each, HOME) for each in ORGANIZATION.members)
    local = vault_arn("team-vault", account=SHOP, region=HOME)
    theirs = {vault_arn(name, account=CENTRAL, region=HOME): vault for name, vault in vaults.items()}
    return a_survey(*policies, looked_at=places, vaults={local: VaultFound(), **theirs})


def a_locked_vault(**changed: Any) -> VaultFound:
    """A vault that cannot be loosened since the last day of January 2027."""
    usual: dict[str, Any] = {
        "is_locked": True,
        "min_retention_days": 7,
        "max_retention_days": 2560,
        "created_at": datetime(2027, 1, 1, tzinfo=UTC),
        "lock_date": datetime(2027, 1, 31, tzinfo=UTC),
    }
    return VaultFound(**usual | changed)
