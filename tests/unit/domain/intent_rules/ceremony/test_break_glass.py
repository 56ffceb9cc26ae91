"""Break-glass that could not open, or could not be reviewed, is found before it is needed."""

from collections.abc import Callable
from copy import replace
from datetime import timedelta

import pytest

from strongroom.domain.intent.ceremony import ClaimedGroup
from strongroom.domain.intent.model import Intent
from strongroom.domain.intent_rules.ceremony.break_glass import find_break_glass_contradictions
from strongroom.domain.restores.ceremony import ceremony_of
from tests.builders.intents import with_restores
from tests.builders.places import PAYMENTS
from tests.builders.restores import an_urgent_intent

AUDIT = "888888888888"
USERS = tuple(f"arn:aws:iam::{AUDIT}:user/break-glass-{number}" for number in (1, 2))

type Change = Callable[[Intent], Intent]


def found(intent: Intent) -> list[tuple[str, str, str]]:
    """Code, path below restores, and message."""
    findings = find_break_glass_contradictions(intent, ceremony_of(intent).restores)
    return [(each.code, each.path.removeprefix("restores."), each.message) for each in findings]


def glass(**changes: object) -> Change:
    return lambda intent: an_urgent_intent(intent, **changes)


def groups(**changes: tuple[str, ...]) -> Change:
    def changed(intent: Intent) -> Intent:
        urgent = an_urgent_intent(intent)
        return with_restores(urgent, groups=ceremony_of(urgent).restores.groups | changes)

    return changed


def restores(**changes: object) -> Change:
    return lambda intent: with_restores(an_urgent_intent(intent), **changes)


GOOD: dict[str, Change] = {
    "as it is usual": glass(),
    "none": restores(break_glass=None),
    "with the two users": glass(users=USERS),
    "whoever is called reviews, if there are enough": groups(
        security=("ada", "piet", "maria"), incident=("ada", "piet", "maria", "omar")
    ),
    "a shorter time": glass(act_within=timedelta(minutes=5)),
}


@pytest.mark.parametrize("change", GOOD.values(), ids=GOOD)
def test_what_opens_and_can_be_reviewed_is_taken(intent: Intent, change: Change) -> None:
    assert found(change(intent)) == []


BAD: dict[str, tuple[Change, str, str, str]] = {
    "without a page": (restores(page=None), "break-glass", "break_glass", "signed by passkeys only"),
    "requesters by a claim": (
        restores(requesters=ClaimedGroup(claim="oncall")),
        "break-glass",
        "break_glass",
        "whoever asks is known by a claim",
    ),
    "a long time": (glass(act_within=timedelta(minutes=31)), "clock", "break_glass.act_within", "PT30M at most"),
    "no time": (glass(act_within=timedelta()), "clock", "break_glass.act_within", "longer than nothing"),
    "a group that is none": (glass(group="nobody"), "unknown-group", "break_glass.group", "'nobody' is no group"),
    "reviewers that are none": (
        glass(reviewers="nobody"),
        "unknown-group",
        "break_glass.reviewers",
        "'nobody' is no group",
    ),
    "one besides the one who asks": (
        groups(incident=("ada", "omar")),
        "needed",
        "break_glass.group",
        "2 people approve an urgent restore, and incident has 1 with a passkey besides omar",
    ),
    "two, of whom one has no passkey": (
        groups(incident=("ada", "chiara")),
        "needed",
        "break_glass.group",
        "incident has 1 with a passkey",
    ),
    "reviewers who all take part": (
        groups(security=("ada", "piet")),
        "needed",
        "break_glass.reviewers",
        "nobody of security with a passkey would be left",
    ),
    "a reviewer who asks": (groups(security=("omar",)), "needed", "break_glass.reviewers", "would be left"),
    "one user": (glass(users=USERS[:1]), "break-glass-users", "break_glass.users", "2 different users"),
    "one user twice": (glass(users=USERS[:1] * 2), "break-glass-users", "break_glass.users", "2 different users"),
    "a user of another account": (
        glass(users=(USERS[0], USERS[1].replace(AUDIT, PAYMENTS))),
        "break-glass-users",
        "break_glass.users",
        "is not in the audit account",
    ),
}


@pytest.mark.parametrize(("change", "code", "path", "words"), BAD.values(), ids=BAD)
def test_what_would_not_open_is_an_error(intent: Intent, change: Change, code: str, path: str, words: str) -> None:
    [(found_code, found_path, message)] = found(change(intent))
    assert (found_code, found_path) == (code, path)
    assert words in message


def test_nobody_reviews_where_too_few_have_keys(intent: Intent) -> None:
    urgent = an_urgent_intent(intent)
    people = urgent.people | {"sana": replace(urgent.people["sana"], passkeys=())}
    [(_, path, message)] = found(replace(urgent, people=people))
    assert path == "break_glass.reviewers"
    assert "with a passkey would be left" in message
