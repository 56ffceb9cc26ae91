"""In what the rules of an intent are looser than those before: now, and whenever a passkey begins or ends."""

from __future__ import annotations

from copy import replace
from itertools import product
from typing import TYPE_CHECKING, Final

from strongroom.domain.proofs.looseness import longer, loosenings
from strongroom.domain.proofs.policies import read_policy
from strongroom.domain.rulebook.periods import turns
from strongroom.domain.rulebook.places import places_instead, rule_places
from strongroom.domain.rulebook.policy_texts import governors_text, place_text
from strongroom.domain.rulebook.restoring import looser_restoring

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from strongroom.domain.intent.ceremony import Restores
    from strongroom.domain.intent.model import Intent
    from strongroom.domain.intent.proving.break_glass import BreakGlass
    from strongroom.domain.proofs.policies import CeremonyPolicy
    from strongroom.domain.rulebook.places import RulePlace

_CLOCKS: Final = ("approval_expires_after", "execution_expires_after", "copy_back_within")

type _Loss = tuple[str, str]


def are_signed(intent: Intent) -> bool:
    """Whether its rules are held by signatures: from the first page on, because before that nobody could sign."""
    return intent.restores is not None and intent.restores.page is not None


def looser_rules(before: Intent, after: Intent, *, at: datetime) -> tuple[_Loss, ...]:
    """The place in the file and a sentence for each way in which the rules become looser, each once."""
    if before.restores is None:
        return ()
    if after.restores is None:
        why = "would be gone: whoever IAM lets could restore, without ticket, approval and evidence"
        return (("restores", why),)
    moments = sorted({at, *turns(before, after=at), *turns(after, after=at)})
    found = (
        *_of_all(before.restores, after.restores),
        *(loss for moment in moments for loss in _of_moment(before, after, at=moment)),
    )
    return tuple(dict.fromkeys(found))


def _of_all(before: Restores, after: Restores) -> Iterator[_Loss]:
    for clock in _CLOCKS:
        for sentence in longer(clock, getattr(before, clock), getattr(after, clock)):
            yield f"restores.{clock}", sentence
    yield from _urgently(before.break_glass, after.break_glass)
    yield from looser_restoring(before, after)
    if before.page is None:
        return  # with the first page there is nothing yet that it could make looser
    if after.page is None:
        yield "restores.page", "would be gone: nobody could sign, and looser rules would need nobody's word"
        return
    if more := [origin for origin in after.page.origins if origin not in before.page.origins]:
        yield "restores.page", f"passkeys could sign on {', '.join(more)}, too"
    if after.page.rp_id != before.page.rp_id:
        yield "restores.page", f"passkeys of {after.page.rp_id} would count in place of those of {before.page.rp_id}"


def _urgently(before: BreakGlass | None, after: BreakGlass | None) -> Iterator[_Loss]:
    """What cannot wait passes approvers and tickets by."""
    path = "restores.break_glass"
    if after is None:
        return
    if before is None:
        yield path, f"{after.group} could restore without approvers and tickets"
        return
    for sentence in longer("act_within", before.act_within, after.act_within):
        yield f"{path}.act_within", sentence
    if before.incident != after.incident:
        yield f"{path}.incident", f"incidents would be called {after.incident} in place of {before.incident}"
    if more := [user for user in after.users if user not in before.users]:
        yield f"{path}.users", f"{', '.join(more)} could restore while the control plane is away"


def _of_moment(before: Intent, after: Intent, *, at: datetime) -> Iterator[_Loss]:
    """What becomes looser in several places is told once."""
    places: dict[str, list[str]] = {}
    for place in dict.fromkeys((*rule_places(before), *rule_places(after))):
        pairs = product(places_instead(before, place), places_instead(after, place))
        sentences = [
            sentence
            for old, new in pairs
            for sentence in _between(_rules(before, old, at=at), _rules(after, new, at=at), before=before)
        ]
        for sentence in dict.fromkeys(sentences):
            places.setdefault(sentence, []).append(place.name)
    for sentence, names in places.items():
        yield "restores", f"for restores into {', '.join(names)}: {sentence}"
    # Governors ask for nothing, so that nobody is told who may.
    was, will = (replace(read_policy(governors_text(each, at=at)), requesters="") for each in (before, after))
    for sentence in _between(was, will, before=before):
        if sentence not in places:
            yield "restores", f"for whoever makes the rules looser: {sentence}"


def _rules(intent: Intent, place: RulePlace, *, at: datetime) -> CeremonyPolicy:
    return read_policy(place_text(intent, place, at=at))


def _between(was: CeremonyPolicy, will: CeremonyPolicy, *, before: Intent) -> Iterator[str]:
    for each in loosenings(was, will if are_signed(before) else _without_passkeys(will)):
        yield each.sentence


def _without_passkeys(policy: CeremonyPolicy) -> CeremonyPolicy:
    """The first passkeys of all come with the first page, and rest on review as the first rules do."""
    return replace(policy, people={})
