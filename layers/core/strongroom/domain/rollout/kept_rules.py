"""The rules of the ceremony where nobody changes them: put there before anything is decided by them.

Whoever acts on a request asks there whether its rules were ever in force, and whoever checks evidence years later when.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from strongroom.domain.canonical import digest_of
from strongroom.domain.intent.model import Intent
from strongroom.domain.rollout.carried import agreement_needed
from strongroom.domain.rollout.desired import Desired
from strongroom.domain.rollout.live import LiveOrganization
from strongroom.domain.rollout.steps import KeepRules, Step, StepKind
from strongroom.domain.rulebook.agreement import RulesEvidence
from strongroom.domain.rulebook.in_force import is_recorded, record_text, records_among, texts_in_force
from strongroom.domain.rulebook.periods import rules_from

_NONE: Final = "none"


def unkept_rules(
    desired: Desired, live: LiveOrganization, *, now: datetime, evidence: RulesEvidence | None
) -> Step | None:
    """The step that keeps what is in force and is not kept yet; None without an audit account or any ceremony."""
    place, intents = desired.intent.organization, _in_force(desired, live)
    newest = next(reversed(records_among(live.kept_rules.values())), None)
    if place.audit_account is None or (newest is None and all(intent.restores is None for intent in intents)):
        return None
    moment = now.replace(microsecond=0)
    agreed = evidence.text if evidence is not None and agreement_needed(desired, live, now=now) else ""
    found = (*texts_in_force(intents, at=moment).values(), *((agreed,) if agreed else ()))
    unkept = tuple(text for text in found if digest_of(text) not in live.kept_rules)
    if not is_recorded(intents, newest):
        unkept += (record_text(intents, at=moment, agreed=digest_of(agreed) if agreed else ""),)
    if not unkept:
        return None
    return Step(
        id="rules",
        kind=StepKind.KEEP_RULES,
        account=place.audit_account,
        region=place.home_region,
        what=f"the rules of the ceremony, kept as evidence{' with what governors signed' if agreed else ''}",
        before=_told([] if newest is None else [each.digest for each in newest.policies]),
        after="; ".join(_named(intents, at=moment)) or _NONE,
        act=KeepRules(unkept),
    )


def _in_force(desired: Desired, live: LiveOrganization) -> tuple[Intent, ...]:
    """What the functions carry, and what they shall: until they are deployed both hold."""
    carried = (each.intent for each in live.carried if each.intent is not None)
    return (*carried, desired.intent)


def _named(intents: tuple[Intent, ...], *, at: datetime) -> Iterator[str]:
    """Each place with the rules that it holds, in the order of the file."""
    named: dict[str, list[str]] = {}
    for intent in intents:
        for held in rules_from(intent, at=at):
            digests = named.setdefault(held.place.name, [])
            if held.digest not in digests:
                digests.append(held.digest)
    for place, digests in named.items():
        yield f"{place} {_told(digests)}"


def _told(digests: list[str]) -> str:
    return ", ".join(dict.fromkeys(digests)) or _NONE
