"""What is wrong with an intent although each of its values is well formed."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from typing import Final

from strongroom.domain.approver_rules import find_ceremony_contradictions
from strongroom.domain.findings import Finding, error, warning
from strongroom.domain.intent import Intent, Target
from strongroom.domain.taggable_creation import TAGGABLE_CREATION, UNTAGGABLE_CREATION, UPSETS_TOOLS
from strongroom.domain.tier_rules import find_tier_contradictions

AWS_RETRIES_A_COPY_FOR: Final = timedelta(hours=2)
ROLE_PATH: Final = "strongroom/"
POLICIES_PER_TARGET: Final = 10

_ACCOUNT: Final = re.compile(r"[0-9]{12}")
_ORGANIZATION: Final = re.compile(r"o-[a-z0-9]{10,32}")
_ROOT: Final = re.compile(r"r-[a-z0-9]{4,32}")
_UNIT: Final = re.compile(r"ou-([a-z0-9]{4,32})-[a-z0-9]{8,32}")
_REGION: Final = re.compile(r"[a-z]{2}(-[a-z]+)+-[0-9]")
_TAG_KEY: Final = re.compile(r"(?!aws:)[A-Za-z0-9_.:/=+@-]{1,128}", re.IGNORECASE)
_EXACT_ROLE: Final = re.compile(r"arn:aws[a-z-]*:iam::[0-9]{12}:role/[A-Za-z0-9_+=,.@/-]+")
_ROLE: Final = re.compile(r"strongroom/[A-Za-z0-9_+=,.@-]{1,64}")


def find_contradictions(intent: Intent) -> tuple[Finding, ...]:
    """Every contradiction and every risk in the intent, in the order of the file."""
    return (
        *_organization(intent),
        *_tag_key(intent),
        *find_tier_contradictions(intent),
        *_targets(intent),
        *_deadlines(intent),
        *_guardrails(intent),
        *find_ceremony_contradictions(intent),
        *_roles(intent),
    )


def _organization(intent: Intent) -> Iterator[Finding]:
    place = intent.organization
    if not _ORGANIZATION.fullmatch(place.id):
        yield error("organization-id", "organization.id", f"{place.id!r} is no organisation id such as o-ab12cd34ef")
    if not _ROOT.fullmatch(place.root_id):
        yield error("root-id", "organization.root_id", f"{place.root_id!r} is no root id such as r-ab12")
    yield from _accounts(intent)
    yield from _regions(intent)
    for name, identifier in place.units.items():
        path = f"organization.units.{name}"
        matched = _UNIT.fullmatch(identifier)
        if matched is None:
            yield error("unit-id", path, f"{identifier!r} is no unit id such as ou-ab12-cd34ef56")
        elif f"r-{matched[1]}" != place.root_id:
            yield error("unit-id", path, f"{identifier} does not lie under the root {place.root_id}")
    yield from _twice("organization.units", place.units, "unit-twice")


def _accounts(intent: Intent) -> Iterator[Finding]:
    place = intent.organization
    accounts = {
        "management_account": place.management_account,
        "backup_account": place.backup_account,
        "audit_account": place.audit_account,
    }
    for name, account in accounts.items():
        if not _ACCOUNT.fullmatch(account):
            yield error("account-id", f"organization.{name}", f"{account!r} is no account id of twelve digits")
    yield from _twice("organization", accounts, "account-twice")


def _regions(intent: Intent) -> Iterator[Finding]:
    place = intent.organization
    named = {"organization.home_region": place.home_region, "organization.replica_region": place.replica_region}
    governed = {f"organization.governed_regions[{n}]": region for n, region in enumerate(place.governed_regions)}
    for path, region in (named | governed).items():
        if not _REGION.fullmatch(region):
            yield error("region", path, f"{region!r} is no Region code such as eu-west-1")
    if place.replica_region == place.home_region:
        yield error("replica-region", "organization.replica_region", "the replica must lie outside the home Region")
    if place.home_region not in place.governed_regions:
        why = f"{place.home_region} is missing: the roles of a governed account are made by its home Region's stack"
        yield error("governed-regions", "organization.governed_regions", why)
    for region, count in Counter(place.governed_regions).items():
        if count > 1:
            yield error("region-twice", "organization.governed_regions", f"{region} stands {count} times")


def _tag_key(intent: Intent) -> Iterator[Finding]:
    if not _TAG_KEY.fullmatch(intent.tag_key):
        yield error("tag-key", "tag_key", f"{intent.tag_key!r} is no tag key of 1 to 128 plain characters without aws:")


def _targets(intent: Intent) -> Iterator[Finding]:
    if not intent.targets:
        yield error("no-target", "targets", "there is no target, so no account would be governed")
    for number, target in enumerate(intent.targets):
        yield from _target(intent, target, path=f"targets[{number}]")
    for unit, count in Counter(target.unit for target in intent.targets).items():
        if count > 1:
            yield error("target-twice", "targets", f"the unit {unit} is the target of {count} entries; make it one")


def _target(intent: Intent, target: Target, *, path: str) -> Iterator[Finding]:
    if target.unit not in intent.organization.units:
        yield error("unknown-unit", f"{path}.unit", _unknown("unit", target.unit, intent.organization.units))
    for place, tier in enumerate(target.tiers):
        if tier not in intent.tiers:
            yield error("unknown-tier", f"{path}.tiers[{place}]", _unknown("tier", tier, intent.tiers))
    if target.default_tier not in target.tiers:
        own = ", ".join(target.tiers) or "it has none"
        yield error(
            "default-tier", f"{path}.default_tier", f"{target.default_tier!r} is none of the target's tiers: {own}"
        )
    if len(target.tiers) != len(set(target.tiers)):
        yield error("tier-twice", f"{path}.tiers", "a tier stands twice")
    if len(target.tiers) > POLICIES_PER_TARGET:
        yield error(
            "too-many-tiers", f"{path}.tiers", f"AWS attaches no more than {POLICIES_PER_TARGET} policies to a unit"
        )


def _deadlines(intent: Intent) -> Iterator[Finding]:
    deadlines = {
        "copy_verified_within": intent.deadlines.copy_verified_within,
        "copy_retry_after": intent.deadlines.copy_retry_after,
    }
    for name, deadline in deadlines.items():
        if deadline <= timedelta():
            yield error("deadline", f"deadlines.{name}", "must be longer than nothing")
    if timedelta() < intent.deadlines.copy_verified_within < AWS_RETRIES_A_COPY_FOR:
        why = "AWS retries a copy for two hours by itself: a shorter promise will alert on copies that still arrive"
        yield warning("deadline-short", "deadlines.copy_verified_within", why)


def _guardrails(intent: Intent) -> Iterator[Finding]:
    for number, action in enumerate(intent.guardrails.tag_required_on):
        path = f"guardrails.tag_required_on[{number}]"
        if action in UNTAGGABLE_CREATION:
            why = f"{action} takes no tags (aws:RequestTag), so the guardrail would refuse every such call"
            yield error("action-without-tags", path, why)
        elif action not in TAGGABLE_CREATION:
            yield error("unknown-action", path, _unknown("create action", action, TAGGABLE_CREATION))
        elif reason := UPSETS_TOOLS.get(action):
            yield warning("upsets-tools", path, reason)
    for number, arn in enumerate(intent.guardrails.exempt_role_arns):
        if not _EXACT_ROLE.fullmatch(arn):
            why = f"{arn!r} must be the exact ARN of one role: a pattern would let anyone make such a role"
            yield error("exemption", f"guardrails.exempt_role_arns[{number}]", why)


def _roles(intent: Intent) -> Iterator[Finding]:
    roles = intent.roles
    names = {
        "backup": roles.backup,
        "tagging": roles.tagging,
        "restore": roles.restore,
        "copying": roles.copying,
        "inspection": roles.inspection,
        "forwarder": roles.forwarder,
    }
    for name, role in names.items():
        if not _ROLE.fullmatch(role):
            why = f"{role!r} must be {ROLE_PATH} and a role name: that path is what the guardrails protect"
            yield error("role", f"roles.{name}", why)
    yield from _twice("roles", names, "role-twice")


def _twice(path: str, values: Mapping[str, str], code: str) -> Iterator[Finding]:
    for value, count in Counter(values.values()).items():
        if count > 1:
            names = [name for name, each in values.items() if each == value]
            yield error(code, f"{path}.{names[-1]}", f"{value} is already {', '.join(names[:-1])}")


def _unknown(kind: str, value: str, known: Iterable[str]) -> str:
    return f"{value!r} is no {kind}; there are {', '.join(known) or 'none'}"
