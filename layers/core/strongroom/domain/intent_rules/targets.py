"""What is wrong with the targets: whom they govern, and what they offer."""

from collections import Counter
from collections.abc import Iterable, Iterator
from difflib import get_close_matches

from strongroom.domain.backup_policy.grammar import POLICIES_PER_TARGET
from strongroom.domain.findings import Finding, error, warning
from strongroom.domain.forms import ACCOUNT_ID
from strongroom.domain.identifiers import AccountId
from strongroom.domain.intent.model import Intent, Target


def find_target_contradictions(intent: Intent) -> Iterator[Finding]:
    """Every contradiction in the targets and the tiers that they offer."""
    if not intent.targets:
        yield error("no-target", "targets", "there is no target, so no account would be governed")
    for number, target in enumerate(intent.targets):
        yield from _place(intent, target, path=f"targets[{number}]")
        yield from _offer(intent, target, path=f"targets[{number}]")
    for name, count in Counter(target.name for target in intent.targets).items():
        if count > 1:
            yield error("target-twice", "targets", f"{name} is the target of {count} entries; make it one")
    yield from _blocked_tiers(intent)


def find_place_contradictions(
    intent: Intent, *, unit: str | None, account: AccountId | None, path: str
) -> Iterator[Finding]:
    """What is wrong with the place, a unit or an account, that a target or a rule names."""
    if (unit is None) == (account is None):
        found = "neither is" if unit is None else "both are"
        yield error("unit-or-account", path, f"exactly one of unit and account must be given; {found}")
    if unit is not None and unit not in intent.organization.units:
        yield error("unknown-unit", f"{path}.unit", unknown("unit", unit, intent.organization.units))
    if account is not None and not ACCOUNT_ID.fits(account):
        yield error("account-id", f"{path}.account", f"{account!r} is no account id of twelve digits")


def tiers_beyond(target: Target, upper: Target) -> tuple[str, ...]:
    """The tiers of a target that one above it does not offer: the locked policies above let no plan be added below."""
    return tuple(tier for tier in target.tiers if tier not in upper.tiers)


def unknown(kind: str, value: str, known: Iterable[str]) -> str:
    """The sentence about a name that nothing here has, with the one that was probably meant."""
    names = list(known)
    folded = {name.casefold(): name for name in reversed(names)}
    near = folded.get(value.casefold()) or next(iter(get_close_matches(value, names, n=1)), None)
    hint = f"; did you mean {near}?" if near is not None else ""
    return f"{value!r} is no {kind}; there are {', '.join(names) or 'none'}{hint}"


def _place(intent: Intent, target: Target, *, path: str) -> Iterator[Finding]:
    yield from find_place_contradictions(intent, unit=target.unit, account=target.account, path=path)
    place = intent.organization
    if target.account == place.management_account:
        why = "service control policies never bind the management account, so nothing in it can be protected"
        yield error("target-account", f"{path}.account", why)
    if target.account == place.backup_account:
        why = "the backup account holds the copies of the others; a copy in the same account is no second place"
        yield error("target-account", f"{path}.account", why)


def _offer(intent: Intent, target: Target, *, path: str) -> Iterator[Finding]:
    for place, tier in enumerate(target.tiers):
        if tier not in intent.tiers:
            yield error("unknown-tier", f"{path}.tiers[{place}]", unknown("tier", tier, intent.tiers))
    if target.default_tier not in target.tiers:
        own = ", ".join(target.tiers) or "it has none"
        why = f"{target.default_tier!r} is none of the target's tiers: {own}"
        yield error("default-tier", f"{path}.default_tier", why)
    if len(target.tiers) != len(set(target.tiers)):
        yield error("tier-twice", f"{path}.tiers", "a tier stands twice")
    if len(target.tiers) > POLICIES_PER_TARGET:
        why = f"AWS attaches no more than {POLICIES_PER_TARGET} policies to a unit or account"
        yield error("too-many-tiers", f"{path}.tiers", why)


def _blocked_tiers(intent: Intent) -> Iterator[Finding]:
    """What an account offers beyond a unit; whether the account lies below that unit, the file does not say."""
    units = [target for target in intent.targets if target.unit is not None]
    for number, target in enumerate(intent.targets):
        for unit in units if target.account is not None else ():
            if beyond := tiers_beyond(target, unit):
                why = (
                    f"should {target.name} lie below {unit.name}, AWS ignores its plans of {', '.join(beyond)}: "
                    f"the policies of {unit.name} let no plan be added below; offer {unit.name} the same, or move the "
                    "account out of it"
                )
                yield warning("tier-blocked-by-unit", f"targets[{number}].tiers", why)
