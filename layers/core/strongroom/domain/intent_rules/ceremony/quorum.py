"""Whether a restore can be approved at all: by enough different people, whoever asks and whatever is restored."""

from collections.abc import Iterator

from msgspec import Struct

from strongroom.domain.findings import Finding, error, warning
from strongroom.domain.intent.ceremony import ApprovalRule, Restores
from strongroom.domain.proofs.seats import seat


class _Shortage(Struct, frozen=True, kw_only=True):
    seats: int
    people: int
    groups: str
    asker: str


def find_unfillable_rules(restores: Restores) -> Iterator[Finding]:
    """An error for each rule, and each place, whose seats cannot all be taken while somebody asks.

    Who is in a group that the identity provider keeps nobody knows here, so that its seats count as taken.
    """
    places: dict[str, list[ApprovalRule]] = {}
    for number, rule in enumerate(restores.rules):
        places.setdefault(rule.place, []).append(rule)
        approvers, left = set(restores.members(rule.group)), _left(restores, rule)
        if approvers and rule.needed > left:
            why = f"approvals are needed, but {rule.group} has only {left} people besides the one who asks"
            yield error("needed", f"restores.rules[{number}].needed", f"{rule.needed} {why}")
    for place, rules in places.items():
        if all(rule.needed <= _left(restores, rule) or not restores.members(rule.group) for rule in rules):
            yield from _together(restores, place, rules)


def _left(restores: Restores, rule: ApprovalRule) -> int:
    approvers = set(restores.members(rule.group))
    return min((len(approvers - {asker}) for asker in restores.members(restores.requesters)), default=len(approvers))


def _together(restores: Restores, place: str, rules: list[ApprovalRule]) -> Iterator[Finding]:
    """The rules that may count for one restore: those of its tier, and whatever the risks are."""
    tiers = dict.fromkeys(tier for rule in rules for tier in rule.tiers)
    for tier in ("", *tiers):
        counting = [rule for rule in rules if not rule.tiers or tier in rule.tiers]
        for asker in restores.members(restores.requesters) or ("",):
            short = _shortage(restores, counting, asker)
            if short is not None:
                besides = f" besides {short.asker}, who asks" if short.asker else ""
                why = (
                    f"a restore into {place}{f' of {tier}' if tier else ''} needs {short.seats} different people of "
                    f"{short.groups}, and there are only {short.people}{besides}"
                )
                yield error("needed", "restores.rules", why)
                return
    if tiers:
        yield from _of_no_known_tier(restores, place, rules)


def _of_no_known_tier(restores: Restores, place: str, rules: list[ApprovalRule]) -> Iterator[Finding]:
    """A warning where nobody could approve what was backed up by hand: then the rules of every tier count."""
    for asker in restores.members(restores.requesters) or ("",):
        short = _shortage(restores, rules, asker)
        if short is not None:
            why = (
                f"a backup that AWS does not say to be of a tier, as one that was made by hand, can never be restored "
                f"into {place}: the rules of all tiers together need {short.seats} different people of {short.groups}, "
                f"and there are only {short.people}"
            )
            yield warning("needed", "restores.rules", why)
            return


def _shortage(restores: Restores, rules: list[ApprovalRule], asker: str) -> _Shortage | None:
    known = [rule for rule in rules if restores.members(rule.group)]
    seats = [set(restores.members(rule.group)) - {asker} for rule in known for _ in range(rule.needed)]
    people = sorted({person for members in seats for person in members})
    taken = seat(seats, people)
    if len(taken) == len(seats):
        return None
    groups = " and ".join(dict.fromkeys(str(rule.group) for rule in known))
    return _Shortage(seats=len(seats), people=len(taken), groups=groups, asker=asker)
