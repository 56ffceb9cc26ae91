"""What is kept of an open end as evidence."""

from datetime import timedelta

from strongroom.domain.canonical import read_canonical
from strongroom.domain.restores.ends.records import closed_text, opened_text
from strongroom.domain.restores.ends.standing import EndState, arrived, begun, closed, there
from tests.builders.places import TEMPORARY_VAULT
from tests.builders.restores import COPIED_POINT, NOW, a_request

END = arrived(
    begun(a_request(copy_kept_for=timedelta(days=15)), vault=TEMPORARY_VAULT, job="copy-1", since=NOW, now=NOW),
    recovery_point=COPIED_POINT,
    vault=TEMPORARY_VAULT,
    reason="copy job copy-1 is COMPLETED",
    now=NOW,
)


def test_what_was_left_names_it_its_owner_and_its_time() -> None:
    said = read_canonical(opened_text(END))
    assert {name: said[name] for name in ("owner", "recovery_point", "request", "vault", "job", "number")} == {
        "owner": "idp|omar",
        "recovery_point": COPIED_POINT,
        "request": "r-abcdefgh2345",
        "vault": TEMPORARY_VAULT,
        "job": "copy-1",
        "number": 1,
    }
    assert (said["format"], said["expires_at"], said["gone_by"]) == (
        "strongroom-end/1",
        "2026-12-08T02:00:00Z",
        "2026-12-08T10:00:00Z",
    )


def test_it_is_the_same_text_however_often_it_was_looked_at() -> None:
    assert opened_text(there(END, reason="it is there, COMPLETED", now=NOW + timedelta(days=3))) == opened_text(END)


def test_that_it_is_gone_says_when_that_was_seen() -> None:
    said = read_canonical(closed_text(closed(END, EndState.GONE, reason="it is not there"), at=NOW))
    assert (said["at"], said["recovery_point"], said["reason"]) == (
        NOW.strftime("%Y-%m-%dT%H:%M:%SZ"),
        COPIED_POINT,
        "it is not there",
    )
