"""What whoever signs in a terminal reads first comes out of the text that is signed."""

from strongroom.domain.restores.requests import seal_request
from strongroom_cli.restores.telling import proposed
from tests.builders.deciding.candidates import kept_candidates
from tests.builders.restores import a_request


def test_every_fact_that_is_signed_is_told() -> None:
    sealed = seal_request(a_request())
    request, told = sealed.request, "\n".join(proposed(sealed, names={}))
    for fact in (request.resource, request.target_name, request.account, request.region, request.requester):
        assert fact in told
    assert f"ticket {request.ticket}: {request.reason}" in told
    assert f"mark {sealed.mark[:4]} {sealed.mark[4:8]}" in told


def test_a_backup_is_called_by_when_it_was_begun_as_where_it_was_found() -> None:
    sealed = seal_request(a_request())
    assert proposed(sealed, names={})[0] == f"  {sealed.request.resource}, backup begun 2026-11-23 02:00 UTC"


def test_what_is_only_tried_shows_no_mark_for_the_request_gets_another() -> None:
    sealed = seal_request(a_request())
    told = "\n".join(proposed(sealed, names={}, is_tried=True))
    assert "it gets its mark when it is asked" in told
    assert sealed.mark[:4] not in told


def test_settings_that_differ_from_the_backups_are_told_and_no_others() -> None:
    changed = a_request(
        metadata=(("Port", "5433"), ("Kept", "1"), ("New", "x")), original=(("Kept", "1"), ("Port", "5432"))
    )
    told = proposed(seal_request(changed), names={})
    start = told.index("  settings that differ from the backup's:")
    assert told[start + 1 : start + 3] == ["    New: not set → x", "    Port: 5432 → 5433"]
    assert not any("Kept" in line for line in told)


def test_without_differences_no_settings_are_told() -> None:
    same = a_request(metadata=(("Port", "5432"),), original=(("Port", "5432"),))
    assert not any("settings" in line for line in proposed(seal_request(same), names={}))


def test_whoever_asks_is_told_by_the_name_that_the_intent_has() -> None:
    told = "\n".join(proposed(seal_request(a_request()), names={"idp|omar": "Omar Haddad"}))
    assert "asked by Omar Haddad, ticket OPS-123" in told
    assert "idp|omar" not in told


def test_whoever_signs_reads_what_there_was_to_choose_from_out_of_what_they_sign() -> None:
    told = proposed(seal_request(a_request(candidates=kept_candidates())), names={})
    start = told.index("  What it could be restored from, not later than 2026-11-23 14:00 UTC:")
    named = "backup begun 2026-11-23 02:00 UTC, state of 2026-11-23 02:00 UTC"
    assert told[start + 1 : start + 3] == [
        f"    1. {named}: loses 12 h, back in about 15 min  [chosen, least loss, soonest]",
        "       local from local-prod-vault, warm; copy verified; not scanned",
    ]
    assert not any("restored from" in line for line in proposed(seal_request(a_request()), names={}))
