"""What is wrong with the targets: whom they govern, and what they offer."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Final

from strongroom.domain.catalogue.rows import ROWS, names_of
from strongroom.domain.findings import Finding, Level, error, warning
from strongroom.domain.forms import ACCOUNT_ID, CONTACT
from strongroom.domain.identifiers import AccountId
from strongroom.domain.intent.destinations import vault_accounts
from strongroom.domain.intent.governed import is_unit_below
from strongroom.domain.intent.model import Intent, Target
from strongroom.domain.intent.tiers import NO_TIER
from strongroom.domain.intent_rules.meeting_tiers import find_meeting_tiers
from strongroom.domain.nearest import nearest

FRAMEWORKS_PER_ACCOUNT: Final = 15


def find_target_contradictions(intent: Intent) -> Iterator[Finding]:
    """Every contradiction in the targets and the tiers that they offer."""
    if not intent.targets:
        yield error("no-target", "targets", "there is no target, so no account would be governed")
    wrong = [*_found(intent)]
    yield from wrong
    if not any(finding.level is Level.ERROR for finding in wrong):
        yield from find_meeting_tiers(intent)


def find_place_contradictions(
    intent: Intent, *, unit: str | None, account: AccountId | None, path: str
) -> Iterator[Finding]:
    """What is wrong with the place, a unit or an account, that a rule names."""
    if (unit is None) == (account is None):
        found = "neither is" if unit is None else "both are"
        yield error("unit-or-account", path, f"exactly one of unit and account must be given; {found}")
    yield from _named_place(intent, unit=unit, account=account, path=path)


def tiers_beyond(target: Target, upper: Target) -> tuple[str, ...]:
    """The tiers of a target that one above it does not offer: the locked policies above let no plan be added below."""
    return tuple(tier for tier in target.tiers if tier not in upper.tiers)


def unknown_unit(intent: Intent, name: str) -> str:
    """The sentence about a name that is no unit's, with the path that was probably meant."""
    units = intent.organization.units
    written = [unit for unit in units if unit.casefold().endswith(f"/{name.casefold()}")]
    if not written:
        return unknown("unit", name, units)
    return f"{name!r} is no unit; there are {', '.join(units)}; it is written {' or '.join(written)}"


def unknown(kind: str, value: str, known: Iterable[str]) -> str:
    """The sentence about a name that nothing here has, with the one that was probably meant."""
    names = list(known)
    folded = {name.casefold(): name for name in reversed(names)}
    near = folded.get(value.casefold()) or nearest(value, names)
    hint = f"; did you mean {near}?" if near is not None else ""
    return f"{value!r} is no {kind}; there are {', '.join(names) or 'none'}{hint}"


def _found(intent: Intent) -> Iterator[Finding]:
    for number, target in enumerate(intent.targets):
        yield from _place(intent, target, path=f"targets[{number}]")
        yield from _offer(intent, target, path=f"targets[{number}]")
        if target.contact is not None and not CONTACT.fits(target.contact):
            why = f"{target.contact!r} is no name or address on one line, of 200 characters at most"
            yield error("contact", f"targets[{number}].contact", why)
        if target.mode == "quarantine" and not intent.opens_tickets:
            why = (
                "is to open a ticket about each resource in no tier, and nothing says where: add tickets.opened; until "
                "then people have the alert alone"
            )
            yield warning("no-ticket", f"targets[{number}].mode", why)
    for name, count in Counter(target.name for target in intent.targets).items():
        if count > 1:
            yield error("target-twice", "targets", f"{name} is the target of {count} entries; make it one")
    yield from _blocked_tiers(intent)


def _named_place(intent: Intent, *, unit: str | None, account: AccountId | None, path: str) -> Iterator[Finding]:
    if unit is not None and unit not in intent.organization.units:
        yield error("unknown-unit", f"{path}.unit", unknown_unit(intent, unit))
    if account is not None and not ACCOUNT_ID.fits(account):
        yield error("account-id", f"{path}.account", f"{account!r} is no account id of twelve digits")


def _place(intent: Intent, target: Target, *, path: str) -> Iterator[Finding]:
    if target.root and (target.unit is not None or target.account is not None):
        why = "the root is no unit and no account: write root: true alone, or take it out"
        yield error("unit-or-account", path, why)
    elif not target.root and target.unit is None and target.account is None:
        yield error("unit-or-account", path, "one of unit, account and root must be given; none is")
    yield from _named_place(intent, unit=target.unit, account=target.account, path=path)
    place = intent.organization
    if target.account == place.management_account:
        why = "service control policies never bind the management account, so nothing in it can be protected"
        yield error("target-account", f"{path}.account", why)
    if target.account in (place.backup_account, *vault_accounts(intent)):
        which = "the backup account" if target.account == place.backup_account else "it"
        why = f"{which} holds the copies of the others; a copy in the same account is no second place"
        yield error("target-account", f"{path}.account", why)
    yield from _exceptions(intent, target, path=path)
    if target.opt_out and intent.opt_out is None:
        why = "nothing says how to opt out: write opt_out: {value: none, reason_key: ...} beside the targets"
        yield error("opt-out", f"{path}.opt_out", why)


def _exceptions(intent: Intent, target: Target, *, path: str) -> Iterator[Finding]:
    for number, name in enumerate(target.excluded):
        here = f"{path}.except[{number}]"
        if name not in intent.organization.units:
            yield error("unknown-unit", here, unknown_unit(intent, name))
        elif not target.root and (target.account is not None or not is_unit_below(name, target.unit or "")):
            yield error("exception", here, f"{name} does not lie below {target.name}, so there is nothing to leave out")
        for other in intent.targets:
            if other.unit == name or is_unit_below(other.unit or "", name):
                why = f"{other.name} is a target, and lies in {name}: take one of both out"
                yield error("exception", here, why)


def _offer(intent: Intent, target: Target, *, path: str) -> Iterator[Finding]:
    for place, tier in enumerate(target.tiers):
        if tier not in intent.tiers:
            yield error("unknown-tier", f"{path}.tiers[{place}]", unknown("tier", tier, intent.tiers))
    yield from _default(target, path=f"{path}.default_tier")
    yield from _default_tiers(intent, target, path=f"{path}.default_tiers")
    if len(target.tiers) != len(set(target.tiers)):
        yield error("tier-twice", f"{path}.tiers", "a tier stands twice")
    if intent.audit.framework and len(target.tiers) > FRAMEWORKS_PER_ACCOUNT:
        why = f"AWS Backup Audit Manager takes no more than {FRAMEWORKS_PER_ACCOUNT} frameworks, one for each tier"
        yield error("too-many-tiers", f"{path}.tiers", f"{why}: offer fewer, or write audit: {{framework: false}}")


def _default(target: Target, *, path: str) -> Iterator[Finding]:
    if target.default_tier is None and len(target.tiers) > 1:
        which = f"which of {', '.join(target.tiers)} does an untagged resource get"
        why = f"is missing: {which}? {NO_TIER} leaves it untagged and reports it"
        yield error("default-tier", path, why)
    elif target.default_tier not in (None, NO_TIER, *target.tiers):
        own = ", ".join(target.tiers) or "it has none"
        yield error("default-tier", path, f"{target.default_tier!r} is none of the target's tiers: {own}")


def _default_tiers(intent: Intent, target: Target, *, path: str) -> Iterator[Finding]:
    for name, tier in target.default_tiers.items():
        here = f"{path}.{name}"
        if name not in names_of(ROWS):
            yield error("resource-type", here, unknown("resource type", name, names_of(ROWS)))
        if tier != NO_TIER and tier not in intent.tiers:
            yield error("unknown-tier", here, unknown("tier", tier, target.tiers))
        elif tier not in (NO_TIER, *target.tiers):
            own = ", ".join(target.tiers) or "it has none"
            yield error("default-tier", here, f"{tier!r} is none of the target's tiers: {own}")
        elif tier != NO_TIER and (types := intent.tiers[tier].resource_types) and name not in types:
            yield error("default-tier", here, f"{tier} is for {', '.join(types)}, so it takes no {name}")


def _blocked_tiers(intent: Intent) -> Iterator[Finding]:
    """What an account offers beyond a unit; whether the account lies below that unit, the file does not say."""
    units = [target for target in intent.targets if target.unit is not None and target.account is None]
    for number, target in enumerate(intent.targets):
        for unit in units if target.account is not None and target.unit is None else ():
            if beyond := tiers_beyond(target, unit):
                why = (
                    f"should {target.name} lie below {unit.name}, AWS ignores its plans of {', '.join(beyond)}: "
                    f"the policies of {unit.name} let no plan be added below; write unit: {unit.name} beside the "
                    "account, or offer both the same"
                )
                yield warning("tier-blocked-by-unit", f"targets[{number}].tiers", why)
