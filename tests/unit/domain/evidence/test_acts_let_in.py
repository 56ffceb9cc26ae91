"""What an approval team was asked and has opened before the intent is what the request says, or nothing was let in."""

from datetime import timedelta
from typing import Any, Final

import pytest

from strongroom.domain.canonical import canonical_text
from strongroom.domain.errors import MalformedRecordError
from strongroom.domain.evidence.acts import why_not_let_in
from strongroom.domain.evidence.entries import ChainEntry, EntryKind, next_entry
from strongroom.domain.evidence.history import History
from strongroom.domain.proofs.asked import AskedRestore, read_asked
from tests.builders.proving.ceremony import START
from tests.unit.domain.evidence.forged.opened import ACCESS, ASKED, GAPPED, INTENDED, OPENED, TEAM, Happened, content

UNASKED: Final = "its approval team was not asked before to open its vault"
UNOPENED: Final = "its approval team had not opened its vault before"


def asked(**changes: Any) -> AskedRestore:
    return read_asked(canonical_text(content(**changes)))


def history(*before: Happened, after: tuple[Happened, ...] = ()) -> History:
    """These entries, the intent to restore, and those after it."""
    entries: list[ChainEntry] = []
    for kind, facts in (*before, (EntryKind.RESTORE_INTENDED, {}), *after):
        last = entries[-1] if entries else None
        at = START + timedelta(minutes=10)
        entries.append(next_entry(last, stream="r-abcdefgh2345", kind=kind, facts=facts, at=at))
    return History(entries=tuple(entries), end=None, intent=entries[len(before)], started=None, restored=None)


def other(**facts: Any) -> Happened:
    return EntryKind.ACCESS_INTENDED, ASKED | facts


def not_asked_for(entry: int) -> str:
    return f"what its approval team was asked in entry {entry} is not what was asked for"


@pytest.mark.parametrize(
    ("changes", "told", "why"),
    [
        pytest.param({"approval_team": None}, history(), "", id="it has no team"),
        pytest.param({}, history(INTENDED, OPENED), "", id="its team has opened it"),
        pytest.param({}, history(INTENDED, INTENDED, OPENED), "", id="its team was asked at a second try"),
        pytest.param({}, history(INTENDED, OPENED, INTENDED), "", id="its team was asked once more"),
        pytest.param({}, history(), UNASKED, id="nobody was asked"),
        pytest.param({}, history(OPENED), UNASKED, id="opened by nobody who was asked"),
        pytest.param({}, history(after=(INTENDED, OPENED)), UNASKED, id="asked after the intent"),
        pytest.param({}, history(INTENDED), UNOPENED, id="asked, and not opened"),
        pytest.param({}, history(OPENED, INTENDED), UNOPENED, id="opened before anybody was asked"),
        pytest.param({}, history(INTENDED, after=(OPENED,)), UNOPENED, id="opened after the intent"),
        pytest.param(
            {}, history(INTENDED, (EntryKind.ACCESS_OPENED, {"vault": GAPPED})), UNOPENED, id="another is open"
        ),
        pytest.param({}, history(INTENDED, (EntryKind.ACCESS_OPENED, {})), UNOPENED, id="what is open is not told"),
        pytest.param({}, history(other(team=f"{TEAM}-2"), OPENED), not_asked_for(1), id="another team"),
        pytest.param({}, history(INTENDED, other(team=f"{TEAM}-2"), OPENED), not_asked_for(2), id="then another team"),
        pytest.param({}, history(other(source=f"{GAPPED}-2"), OPENED), not_asked_for(1), id="another vault"),
        pytest.param({}, history(other(vault=f"{ACCESS}2"), OPENED), not_asked_for(1), id="for another request"),
        pytest.param({"region": "eu-central-1"}, history(INTENDED, OPENED), not_asked_for(1), id="in another Region"),
        pytest.param(
            {"vault": "gapped-vault"}, history(other(source="gapped-vault"), OPENED), not_asked_for(1), id="no ARN"
        ),
    ],
)
def test_what_is_let_in_is_what_the_team_was_asked_and_has_opened(
    changes: dict[str, Any], told: History, why: str
) -> None:
    assert why_not_let_in(asked(**changes), told) == why


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        pytest.param({"approval_team": ""}, "the request's approval_team is not a text", id="an empty team"),
        pytest.param({"region": None}, "the request's region is not a text", id="no Region"),
        pytest.param({"vault": None}, "the request's vault is not a text", id="no vault"),
    ],
)
def test_a_request_that_does_not_say_what_a_team_opens_cannot_be_judged(changes: dict[str, Any], why: str) -> None:
    with pytest.raises(MalformedRecordError) as refused:
        why_not_let_in(asked(**changes), history(INTENDED, OPENED))
    assert str(refused.value) == why
