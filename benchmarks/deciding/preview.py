"""How long the preview of a whole organisation takes: policies merged, every resource judged, and its backups priced.

The organisation is that of the policies' benchmark, which nothing protects today. Each account has forty resources, of
which most carry a tier's tag, some one that is misspelled, and some none.
"""

from collections.abc import Mapping
from copy import replace
from datetime import date
from typing import Final

from benchmarks.deciding.organization_policies import LEAST_LINEAR, Estate, estate_of
from benchmarks.measurement import MILLISECONDS, Measurement, NotMeasuredError, compared, peak_of, quickest_seconds
from strongroom.domain.backup_policy.documents import parse_policy
from strongroom.domain.backup_policy.organization import EffectivePolicies, Organization, effective_policies
from strongroom.domain.catalogue.rows import ROWS, names_of
from strongroom.domain.identifiers import AccountId
from strongroom.domain.intent.destinations import destination_vaults
from strongroom.domain.intent.model import Intent
from strongroom.domain.preview.accounts import Governance
from strongroom.domain.preview.money.prices import PriceTable, StoragePrice
from strongroom.domain.preview.proposal import Preview, Proposal, preview_proposal
from strongroom.domain.preview.resources.catches import Offer
from strongroom.domain.preview.resources.inventory import Inventory, Resource

SIZES: Final = (1_000, 5_000)
MOST_MILLISECONDS: Final = 20_000
MOST_MEGABYTES: Final = 500

_RESOURCES: Final = 40  # in each account
_KINDS: Final = (
    "arn:aws:ec2:{region}:{account}:volume/vol-{number}",
    "arn:aws:rds:{region}:{account}:db:db-{number}",
    "arn:aws:dynamodb:{region}:{account}:table/table-{number}",
    "arn:aws:s3:::bucket-{account}-{number}",
    "arn:aws:sqs:{region}:{account}:queue-{number}",
)


def measure_preview(intent: Intent, *, sizes: tuple[int, ...] = SIZES, runs: int = 1) -> tuple[Measurement, ...]:
    """The milliseconds of each number of accounts, beside the smallest; each must keep its budgets and be linear."""
    seconds = {}
    for size in sizes:
        estate, inventory = estate_of(intent, accounts=size), inventory_of(intent, accounts=size)
        work = {"preview": lambda estate=estate, inventory=inventory: preview_of(intent, estate, inventory)}
        seconds[size] = quickest_seconds(work, runs=runs)["preview"]
    smallest = min(sizes)
    base = Measurement(name=_name(smallest), value=round(seconds[smallest] * 1000, 1), unit=MILLISECONDS)
    return tuple(_row(intent, size, seconds, base) for size in sizes)


def inventory_of(intent: Intent, *, accounts: int) -> Inventory:
    """Forty resources in each account, of five kinds, one of which AWS Backup cannot protect."""
    region, tiers = intent.organization.home_region, [*intent.offered_tiers()]
    return Inventory(
        resources=tuple(
            Resource(
                arn=_KINDS[number % len(_KINDS)].format(region=region, account=f"{account:012}", number=number),
                account=AccountId(f"{account:012}"),
                region=region,
                tags=_tags(intent.tag_key, tiers, number),
                gigabytes=float(10 + number),
            )
            for account in range(accounts)
            for number in range(_RESOURCES)
        ),
        opt_ins={region: dict.fromkeys(names_of(ROWS), True)},
    )


def preview_of(intent: Intent, estate: Estate, inventory: Inventory) -> Preview:
    """The preview of attaching all of the estate's policies where nothing is attached yet."""
    place = intent.organization
    return preview_proposal(
        Proposal(
            before=_effective(replace(estate, attachments={})),
            after=_effective(estate),
            governance=Governance(
                before={},
                after={AccountId(account): unit for account, unit in estate.accounts.items()},
                units={AccountId(account): unit for account, unit in estate.accounts.items()},
                management_account=place.management_account,
            ),
            inventory=inventory,
            offer=Offer(tiers={}, offered={}),
            prices=_prices(intent),
        )
    )


def _effective(estate: Estate) -> EffectivePolicies:
    return effective_policies(
        Organization(
            units=estate.units,
            accounts=estate.accounts,
            attachments=estate.attachments,
            documents={policy: parse_policy(text).document for policy, text in estate.texts.items()},
        )
    )


def _row(intent: Intent, size: int, seconds: Mapping[int, float], base: Measurement) -> Measurement:
    def whole() -> Preview:
        return preview_of(intent, estate_of(intent, accounts=size), inventory_of(intent, accounts=size))

    found, megabytes = peak_of(whole)
    if not found.caught.total.caught or not found.money.total:
        raise NotMeasuredError("the preview caught nothing, or priced nothing")
    per_account = {each: taken / each for each, taken in seconds.items()}
    return compared(
        _name(size),
        round(seconds[size] * 1000, 1),
        MILLISECONDS,
        to=base,
        resources=size * _RESOURCES,
        caught=found.caught.total.caught,
        dollars=round(found.money.total),
        megabytes=megabytes,
        holds=seconds[size] * 1000 < MOST_MILLISECONDS
        and megabytes < MOST_MEGABYTES
        and per_account[size] <= per_account[min(seconds)] * LEAST_LINEAR,
    )


def _tags(key: str, tiers: list[str], number: int) -> dict[str, str]:
    if number % 10 == 0:
        return {"Name": "nobody-chose"}
    tier = tiers[number % len(tiers)]
    return {key: tier.upper() if number % 10 == 1 else tier, "Name": f"resource-{number}"}


def _prices(intent: Intent) -> PriceTable:
    cost = StoragePrice(warm=0.05, cold=0.0125)
    regions = {intent.organization.home_region, *(vault.region for vault in destination_vaults(intent))}
    return PriceTable(
        day=date(2026, 5, 1),
        storage={(region, name): cost for region in regions for name in names_of(ROWS)},
        transfer=dict.fromkeys(((region, "*") for region in regions), 0.02),
    )


def _name(size: int) -> str:
    return f"preview.{size}_accounts"
