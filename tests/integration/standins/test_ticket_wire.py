"""A ticket system that lies, drips, floods or sends elsewhere is given up in time, with nothing of it believed."""

import time
from datetime import timedelta

import pytest

from strongroom.adapters.tickets.web import TicketWeb
from strongroom.adapters.wire import Wire
from strongroom.domain.errors import AccessRefusedError, StrongroomError, TemporarilyUnavailableError
from tests.integration.standins.misbehaving import MISBEHAVIOURS, Site, answer, hang_up, serving

TOKEN = "very-secret-token"
WIRE = Wire("the ticket system", within=timedelta(seconds=1))


def _web(site: Site) -> TicketWeb:
    return TicketWeb(site.url, user="u", token=lambda: TOKEN, http=WIRE)


def test_what_is_whole_and_in_time_is_read() -> None:
    with serving(answer(b'{"ok": true}')) as site:
        assert _web(site).get("/x", about="OPS-1", query={}) == {"ok": True}


WHY: dict[str, tuple[type[StrongroomError], str]] = {
    "a drip": (TemporarilyUnavailableError, "took longer than 1 seconds"),
    "a drip of headers": (TemporarilyUnavailableError, "took longer than 1 seconds"),
    "a flood": (TemporarilyUnavailableError, "answered with more than"),
    "silence": (TemporarilyUnavailableError, "took longer than|cannot be reached: no answer in time"),
    "no answer": (TemporarilyUnavailableError, "cannot be reached: no whole answer"),
    "no HTTP": (TemporarilyUnavailableError, "cannot be reached: no whole answer"),
    "elsewhere": (AccessRefusedError, "sends us elsewhere"),
    "cut off": (TemporarilyUnavailableError, "cannot be reached: no whole answer"),
    "cut short": (TemporarilyUnavailableError, "cannot be understood"),
    "a bomb": (TemporarilyUnavailableError, "cannot be understood"),
    "a page": (TemporarilyUnavailableError, "cannot be understood"),
    "a list": (TemporarilyUnavailableError, "cannot be understood"),
    "nothing": (TemporarilyUnavailableError, "cannot be understood"),
}


@pytest.mark.parametrize("behave", MISBEHAVIOURS)
def test_attack_11_a_system_that_misbehaves_is_given_up(behave: str) -> None:
    error, why = WHY[behave]
    with serving(MISBEHAVIOURS[behave]) as site:
        began = time.monotonic()
        with pytest.raises(error, match=why) as raised:
            _web(site).get("/x", about="OPS-1", query={})
        took = time.monotonic() - began
    assert took < 3
    assert site.heard == ["/x?"]
    assert TOKEN not in str(raised.value)


def test_a_system_that_is_not_there_is_said_to_be_out_of_reach() -> None:
    with serving(hang_up) as site:
        pass
    with pytest.raises(TemporarilyUnavailableError, match="cannot be reached: no connection"):
        _web(site).get("/x", about="OPS-1", query={})
