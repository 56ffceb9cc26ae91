"""Hundreds of generated organisations, each read a second time by AWS's rules as they are written down.

The second reading knows nothing of how the first one is built. It takes the effective policy as the document that it
is, and asks of each resource: in which worlds would AWS back it up? A world settles what AWS's pages leave open:
whether a negated condition holds for a tag that is missing, whether a type that a selection names needs its opt-in,
and which of the types that share an ARN a cluster is.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import product
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from strongroom.domain.backup_policy.organization import EffectivePolicies
from strongroom.domain.identifiers import AccountId, Region
from strongroom.domain.preview.accounts import Governance
from strongroom.domain.preview.proposal import Proposal, preview_proposal
from strongroom.domain.preview.resources.catches import Catches, Change, Offer, Remark
from strongroom.domain.preview.resources.fates import Fate
from strongroom.domain.preview.resources.inventory import Inventory, Resource
from tests.builders.preview import ROLE, a_policy, an_empty_price_table, an_organization

type Document = dict[str, Any]

REGIONS = ("eu-west-1", "eu-central-1")
ACCOUNTS = ("111111111111", "222222222222", "333333333333")
UNITS = {"r-1": None, "ou-a": "r-1", "ou-b": "ou-a", "ou-c": "r-1"}
HOMES = dict(zip(ACCOUNTS, ("ou-b", "ou-c", "ou-a"), strict=True))
KEYS = ("Backup", "Stage", "owner")
VALUES = ("daily", "weekly", "prod-1", "tmp-1", "")
PLANS = ("alpha", "beta", "gamma")
TYPES = (
    "arn:aws:ec2:*:*:volume/*",
    "arn:aws:ec2:*:*:instance/*",
    "arn:aws:rds:*:*:cluster:*",
    "arn:aws:s3:::*",
    "arn:aws:dynamodb:*:*:table/*",
)
OPT_IN_NAMES = {
    TYPES[0]: ("EBS",),
    TYPES[1]: ("EC2",),
    TYPES[2]: ("Aurora", "DocumentDB", "Neptune"),
    TYPES[3]: ("S3",),
    TYPES[4]: ("DynamoDB",),
}
ARNS = (
    "arn:aws:ec2:{region}:{account}:volume/vol-{number}",
    "arn:aws:ec2:{region}:{account}:instance/i-{number}",
    "arn:aws:rds:{region}:{account}:cluster:orders-{number}",
    "arn:aws:s3:::bucket-{account}-{number}",
    "arn:aws:dynamodb:{region}:{account}:table/t{number}",
    "arn:aws:sqs:{region}:{account}:queue-{number}",
    "arn:aws:ec2:{region}:{account}:subnet/subnet-{number}",
)

conditions = st.dictionaries(
    st.sampled_from(("string_equals", "string_not_equals", "string_like", "string_not_like")),
    st.dictionaries(
        st.sampled_from(("first", "second")),
        st.fixed_dictionaries(
            {
                "condition_key": st.sampled_from([f"aws:ResourceTag/{key}" for key in KEYS]),
                "condition_value": st.sampled_from((*VALUES, "*", "prod-*", "*-1")),
            }
        ),
        min_size=1,
        max_size=2,
    ),
    max_size=2,
)
by_tags = st.fixed_dictionaries(
    {
        "iam_role_arn": st.just(ROLE),
        "tag_key": st.sampled_from(KEYS),
        "tag_value": st.lists(st.sampled_from(VALUES), min_size=1, max_size=3, unique=True),
    },
    optional={"conditions": conditions},
)
by_types = st.fixed_dictionaries(
    {
        "iam_role_arn": st.just(ROLE),
        "resource_types": st.lists(
            st.sampled_from((*TYPES, "*", "arn:aws:rds:*:*:cluster:orders-1")), min_size=1, max_size=3, unique=True
        ),
        "conditions": conditions,
    },
    optional={"not_resource_types": st.lists(st.sampled_from(TYPES), min_size=1, max_size=2, unique=True)},
)
selections = st.one_of(
    st.fixed_dictionaries({"tags": st.dictionaries(st.sampled_from("xy"), by_tags, min_size=1)}),
    st.fixed_dictionaries({"resources": st.dictionaries(st.sampled_from("xy"), by_types, min_size=1)}),
)
plans = st.fixed_dictionaries(
    {
        "regions": st.lists(st.sampled_from(REGIONS), min_size=1, max_size=2, unique=True),
        "rules": st.just(
            {"nightly": {"schedule_expression": "cron(0 2 ? * * *)", "target_backup_vault_name": "local"}}
        ),
        "selections": selections,
    }
)
attachments = st.dictionaries(
    st.sampled_from((*UNITS, *ACCOUNTS)),
    st.dictionaries(st.sampled_from(PLANS), plans, min_size=1, max_size=2),
    max_size=4,
)
tags = st.dictionaries(
    st.sampled_from((*KEYS, "backup", "Name", "OWNER")), st.sampled_from((*VALUES, "Daily", "anything")), max_size=3
)
opt_ins = st.dictionaries(
    st.sampled_from(REGIONS),
    st.dictionaries(st.sampled_from([name for names in OPT_IN_NAMES.values() for name in names]), st.booleans()),
)


@st.composite
def resources(draw: st.DrawFn) -> tuple[Resource, ...]:
    """A handful of resources of all accounts and Regions."""
    found = []
    for number in range(draw(st.integers(1, 8))):
        account, region = draw(st.sampled_from(ACCOUNTS)), draw(st.sampled_from(REGIONS))
        arn = draw(st.sampled_from(ARNS)).format(account=account, region=region, number=number)
        found.append(Resource(arn=arn, account=AccountId(account), region=Region(region), tags=draw(tags)))
    return tuple(found)


def organization(attached: Mapping[str, Mapping[str, Document]]) -> EffectivePolicies:
    """The effective policies where these plans hang on these units and accounts."""
    return an_organization(
        {target: a_policy(**listed) for target, listed in attached.items()},
        {target: (target,) for target in attached},
        units=UNITS,
        accounts=HOMES,
    )


# The second reading.

WORLDS = tuple(product((True, False), (True, False), range(3)))


def fits(pattern: str, text: str) -> bool:
    return re.fullmatch(pattern.replace(".", r"\.").replace("*", "(.|\n)*"), text) is not None


def holds(comparison: str, wanted: str, value: str | None, *, takes_missing: bool) -> bool:
    if comparison == "string_equals":
        return value is not None and value == wanted
    if comparison == "string_like":
        return value is not None and fits(wanted, value)
    if value is None:
        return takes_missing
    return value != wanted if comparison == "string_not_equals" else not fits(wanted, value)


def selected(selection: Document, resource: Resource, *, takes_missing: bool) -> bool:
    if "tag_key" in selection:
        named = any(
            resource.tags.get(selection["tag_key"]) == value and selection["tag_key"] in resource.tags
            for value in selection["tag_value"]
        )
    else:
        named = any(fits(pattern, resource.arn) for pattern in selection["resource_types"])
        named = named and not any(fits(pattern, resource.arn) for pattern in selection.get("not_resource_types", ()))
    asked = (
        holds(
            comparison,
            condition["condition_value"],
            resource.tags.get(condition["condition_key"].split("/", 1)[1]),
            takes_missing=takes_missing,
        )
        for comparison, listed in selection.get("conditions", {}).items()
        for condition in listed.values()
    )
    return named and all(asked)


def type_of(resource: Resource) -> str | None:
    return next((pattern for pattern in TYPES if fits(pattern, resource.arn)), None)


def opted_in(
    kind: str, selection: Document, preferences: Mapping[str, bool] | None, world: tuple[bool, bool, int]
) -> bool:
    names = OPT_IN_NAMES[kind]
    if preferences is None:
        return world[1]
    if preferences.get(names[world[2] % len(names)], False):
        return True
    is_named = any(
        pattern != "*" and pattern.split(":")[2] == kind.split(":")[2]
        for pattern in selection.get("resource_types", ())
    )
    return is_named and len(names) == 1 and world[1]


def worlds_of(
    document: Document, resource: Resource, settings_: Mapping[str, Mapping[str, bool]]
) -> Iterator[tuple[str, str, bool]]:
    """Each plan that chooses the resource in some world: its name, how it ends, and whether it is so in all worlds."""
    kind = type_of(resource)
    for name, plan in document.get("plans", {}).items() if kind else ():
        listed = [each for form in plan["selections"].values() for each in form.values()]
        chosen = [[each for each in listed if selected(each, resource, takes_missing=world[0])] for world in WORLDS]
        if not any(chosen):
            continue
        made = [
            any(opted_in(kind or "", each, settings_.get(resource.region), world) for each in there)
            for world, there in zip(WORLDS, chosen, strict=True)
        ]
        if resource.region not in plan["regions"]:
            yield name, "elsewhere" if any(made) else "nowhere", False
        else:
            yield name, "made" if any(made) else "not opted in", all(made)


def wanted_keys(document: Document) -> set[str]:
    found = set()
    for plan in document.get("plans", {}).values():
        for form in plan["selections"].values():
            for each in form.values():
                found |= {each["tag_key"]} if "tag_key" in each else set()
                found |= {
                    condition["condition_key"].split("/", 1)[1]
                    for condition in each.get("conditions", {}).get("string_equals", {}).values()
                }
    return found


@given(attachments, attachments, resources(), opt_ins, st.sets(st.sampled_from(PLANS)))
@settings(max_examples=500)
def test_the_preview_says_of_every_resource_what_the_written_rules_say(
    today: Mapping[str, Mapping[str, Document]],
    proposed: Mapping[str, Mapping[str, Document]],
    found: tuple[Resource, ...],
    served: Mapping[str, Mapping[str, bool]],
    offered: set[str],
) -> None:
    before, after = organization(today), organization(proposed)
    preview = preview_proposal(
        Proposal(
            before=before,
            after=after,
            governance=Governance(before={}, after={}, units={}, management_account=AccountId("999999999999")),
            inventory=Inventory(resources=found, opt_ins={Region(region): told for region, told in served.items()}),
            offer=Offer(
                tiers=dict.fromkeys(("alpha", "beta"), "ours"),
                offered={AccountId(account): frozenset(offered) for account in ACCOUNTS},
            ),
            prices=an_empty_price_table(),
        )
    )
    for account in ACCOUNTS:
        mine = [resource for resource in found if resource.account == account]
        told = preview.caught.accounts.get(AccountId(account), Catches(fates={}, plans={}, changes={}, remarks={}))
        was, will = before.by_account[account], after.by_account[account]
        # Of an account whose new policy AWS refuses only the old one counts, if AWS took that.
        now = {} if was.faults else dict(was.effective)
        then = now if will.faults else dict(will.effective)
        expect(told, mine, now, then, served, offered)


def expect(
    told: Catches,
    resources_: list[Resource],
    now: Document,
    then: Document,
    served: Mapping[str, Mapping[str, bool]],
    offered: set[str],
) -> None:
    fates: Counter[str] = Counter()
    plans_: Counter[str] = Counter()
    changes: Counter[str] = Counter()
    remarks: Counter[str] = Counter()
    for resource in resources_:
        ends = list(worlds_of(then, resource, served))
        made = {name: sure for name, how, sure in ends if how == "made"}
        were = {name for name, how, _ in worlds_of(now, resource, served) if how == "made"}
        plans_.update(list(made))
        fates[fate_of(resource, ends, then)] += 1
        if made or were:
            kinds = {(True, True): "same" if set(made) == were else "otherwise", (True, False): "newly"}
            changes[kinds.get((bool(made), bool(were)), "no longer")] += 1
        remarks["open"] += not all(made.values())
        remarks["twice"] += len(made) > 1
        remarks["not offered"] += any(name in {"alpha", "beta"} and name not in offered for name in made)
    assert told.plans == dict(plans_)
    # Which tags are nearly right is a matter of taste, and has tests of its own.
    by_none = ("untagged", "spelled", "other")
    assert {fate: told.fates.get(fate, 0) for fate in (Fate.CAUGHT, Fate.NOT_OPTED_IN, Fate.ELSEWHERE)} == {
        Fate.CAUGHT: fates["made"],
        Fate.NOT_OPTED_IN: fates["not opted in"],
        Fate.ELSEWHERE: fates["elsewhere"],
    }
    assert told.fates.get(Fate.UNPROTECTABLE, 0) == fates["unprotectable"]
    assert told.fates.get(Fate.UNTAGGED, 0) == fates["untagged"]
    assert told.fates.get(Fate.MISSPELLED, 0) + told.fates.get(Fate.OTHER, 0) + told.fates.get(Fate.UNTAGGED, 0) == sum(
        fates[each] for each in by_none
    )
    assert told.changes == without_zeros(
        {
            Change.NEWLY: changes["newly"],
            Change.NO_LONGER: changes["no longer"],
            Change.OTHERWISE: changes["otherwise"],
            Change.UNCHANGED: changes["same"],
        }
    )
    assert told.remarks == without_zeros(
        {Remark.OPEN: remarks["open"], Remark.TWICE: remarks["twice"], Remark.NOT_OFFERED: remarks["not offered"]}
    )


def without_zeros(counts: Mapping[Any, int]) -> dict[Any, int]:
    return {name: count for name, count in counts.items() if count}


def fate_of(resource: Resource, ends: list[tuple[str, str, bool]], document: Document) -> str:
    if type_of(resource) is None:
        return "unprotectable"
    hows = {how for _, how, _ in ends}
    for how in ("made", "not opted in"):
        if how in hows:
            return how
    if hows:
        return "elsewhere"
    spelled = {key.casefold() for key in wanted_keys(document)}
    return "other" if spelled & {key.casefold() for key in resource.tags} else "untagged"
