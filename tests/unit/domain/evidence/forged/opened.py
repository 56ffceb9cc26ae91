"""Bundles of restores out of an air-gapped vault that its approval team opens: no other vault, and none unopened."""

from collections.abc import Callable
from typing import Any, Final

from strongroom.domain.evidence.entries import EntryKind
from tests.builders.places import PAYMENTS, VAULT_ACCOUNT, a_vault_arn
from tests.builders.proving.ceremony import Play, a_job, a_request_content, an_approved_play
from tests.unit.domain.evidence.forged.cases import BROKEN, PROVEN, Case, texts_of

type Happened = tuple[str, dict[str, Any]]

TEAM: Final = "arn:aws:mpa:us-east-1:111111111111:approval-team/vaults"
GAPPED: Final = a_vault_arn("gapped-vault", account=VAULT_ACCOUNT)
ACCESS: Final = a_vault_arn("strongroom-access-r-abcdefgh2345", account=PAYMENTS)
ASKED: Final = {"source": GAPPED, "team": TEAM, "vault": ACCESS}
INTENDED, OPENED = (EntryKind.ACCESS_INTENDED, ASKED), (EntryKind.ACCESS_OPENED, {"vault": ACCESS})
_UNASKED: Final = "its approval team was not asked before to open its vault"
_OTHERWISE: Final = "is not what was asked for"
_UNOPENED: Final = "its approval team had not opened its vault before"


def content(**changes: Any) -> dict[str, Any]:
    """A request whose vault a team opens; None is left out."""
    return a_request_content(**{"approval_team": TEAM, "region": "eu-west-1", "vault": GAPPED} | changes)


def _opened(*before: Happened, after: tuple[Happened, ...] = (), **asked: Any) -> Callable[[], tuple[str, str]]:
    """A whole restore with these entries before its intent, and those after it."""

    def made() -> tuple[str, str]:
        play = an_approved_play(play=Play(request=content(**asked)))
        _happen(play, before)
        play.intend()
        play.wait(seconds=10)
        _happen(play, after)
        play.wait(seconds=10)
        play.happen(EntryKind.RESTORE_STARTED, job="J1")
        play.wait(minutes=30)
        play.happen(EntryKind.RESTORED, job=a_job())
        play.close("restored")
        return texts_of(play)

    return made


def _happen(play: Play, told: tuple[Happened, ...]) -> None:
    for kind, facts in told:
        play.happen(kind, **facts)


def _intended(**facts: Any) -> Happened:
    """Another intent to have it opened; None is left out."""
    return EntryKind.ACCESS_INTENDED, {name: fact for name, fact in (ASKED | facts).items() if fact is not None}


def _by_a_team(*before: Happened, link: str, after: tuple[Happened, ...] = (), **asked: Any) -> Case:
    return Case(_opened(*before, after=after, **asked), BROKEN, link)


OPENED_BY_A_TEAM: Final[dict[str, Case]] = {
    "opened by its team": Case(_opened(INTENDED, (EntryKind.ACCESS_ASKED, {"vault": ACCESS}), OPENED), PROVEN),
    "opened by its team, which was asked at a second try": Case(_opened(INTENDED, INTENDED, OPENED), PROVEN),
    "opened by nobody": _by_a_team(link=_UNASKED),
    "opened, and its team was not asked": _by_a_team(OPENED, link=_UNASKED),
    "its team was asked, and did not open it": _by_a_team(INTENDED, link=_UNOPENED),
    "opened before its team was asked": _by_a_team(OPENED, INTENDED, link=_UNOPENED),
    "asked and opened after the intent": _by_a_team(after=(INTENDED, OPENED), link=_UNASKED),
    "opened after the intent": _by_a_team(INTENDED, after=(OPENED,), link=_UNOPENED),
    "opened by another team": _by_a_team(_intended(team=f"{TEAM}-2"), OPENED, link=_OTHERWISE),
    "opened by a team that is not told": _by_a_team(_intended(team=None), OPENED, link=_OTHERWISE),
    "asked of its team, and then of another": _by_a_team(
        INTENDED, _intended(team=f"{TEAM}-2"), OPENED, link=_OTHERWISE
    ),
    "another vault opened": _by_a_team(_intended(source=f"{GAPPED}-2"), OPENED, link=_OTHERWISE),
    "opened for another request": _by_a_team(_intended(vault=f"{ACCESS}2"), OPENED, link=_OTHERWISE),
    "what was opened is another": _by_a_team(
        INTENDED, (EntryKind.ACCESS_OPENED, {"vault": f"{ACCESS}2"}), link=_UNOPENED
    ),
    "what was opened is not told": _by_a_team(INTENDED, (EntryKind.ACCESS_OPENED, {}), link=_UNOPENED),
    "its team is no text": _by_a_team(_intended(team=[TEAM]), OPENED, link="approval_team", approval_team=[TEAM]),
    "its team is empty": _by_a_team(_intended(team=""), OPENED, link="approval_team", approval_team=""),
    "its team is nothing": _by_a_team(
        (EntryKind.ACCESS_INTENDED, ASKED | {"team": False}), OPENED, link="approval_team", approval_team=False
    ),
    "opened, and no Region is told": _by_a_team(INTENDED, OPENED, link="region", region=None),
    "opened, and no vault is told": _by_a_team(INTENDED, OPENED, link="vault", vault=None),
    "opened in another Region": _by_a_team(INTENDED, OPENED, link=_OTHERWISE, region="eu-central-1"),
    "asked of a team that the request does not name": Case(_opened(INTENDED, OPENED, approval_team=None), PROVEN),
}
