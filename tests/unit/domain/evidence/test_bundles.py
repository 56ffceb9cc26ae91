"""A bundle is written and read word by word, and whatever is not of its form is none."""

import json
from typing import Any

import pytest

from strongroom.domain.canonical import canonical_text
from strongroom.domain.errors import MalformedRecordError
from strongroom.domain.evidence.bundles import MOST_BYTES, MOST_ENTRIES, Bundle, LogProofs, bundle_text, read_bundle
from strongroom.domain.evidence.entries import next_entry
from tests.builders.proving.ceremony import START

WHOLE: dict[str, Any] = {
    "format": "strongroom-evidence/2",
    "request": {"request": "r"},
    "proofs": [{"p": 1}],
    "chain": [{"c": 1}],
    "log": {"closed": "l"},
}
ENTRY = next_entry(None, stream="r-1", kind="closed", facts={"outcome": "restored"}, at=START)


def test_a_bundle_is_read_as_it_stands() -> None:
    read = Bundle(request={"request": "r"}, proofs=({"p": 1},), chain=({"c": 1},), log={"closed": "l"})
    assert read_bundle(canonical_text(WHOLE)) == read
    reviewed = Bundle(**{**{name: getattr(read, name) for name in read.__struct_fields__}, "reviews": ({"v": 1},)})
    assert read_bundle(canonical_text(WHOLE | {"reviews": [{"v": 1}]})) == reviewed
    stated = Bundle(**{**{name: getattr(read, name) for name in read.__struct_fields__}, "stated": ({"s": 1},)})
    assert read_bundle(canonical_text(WHOLE | {"stated": [{"s": 1}]})) == stated


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"format": "strongroom-evidence/1"}, "the bundle is not of the format strongroom-evidence/2"),
        ({"request": []}, "request is not what a bundle has there"),
        ({"proofs": {}}, "proofs is not what a bundle has there"),
        ({"chain": {}}, "chain is not what a bundle has there"),
        ({"log": []}, "log is not what a bundle has there"),
        ({"reviews": {}}, "reviews is not what a bundle has there"),
        ({"stated": None}, "stated is not what a bundle has there"),
        ({"more": []}, "more does not belong here"),
        ({"chain": [0] * (MOST_ENTRIES + 1)}, f"its chain has more than {MOST_ENTRIES} entries, and none has"),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_what_is_not_of_the_form_is_no_bundle(changes: dict[str, Any], why: str) -> None:
    with pytest.raises(MalformedRecordError) as refused:
        read_bundle(canonical_text(WHOLE | changes))
    assert str(refused.value) == why


@pytest.mark.parametrize("name", WHOLE)
def test_what_lacks_a_part_is_no_bundle(name: str) -> None:
    with pytest.raises(MalformedRecordError) as refused:
        read_bundle(canonical_text({key: value for key, value in WHOLE.items() if key != name}))
    assert str(refused.value) == f"{name} is missing"


def test_as_many_entries_as_there_may_be_are_read() -> None:
    assert len(read_bundle(canonical_text(WHOLE | {"chain": [0] * MOST_ENTRIES})).chain) == MOST_ENTRIES


def test_a_ceremony_without_proofs_has_none_in_the_log() -> None:
    text = bundle_text("the request", opened_by="{}", proofs=[], chain=[], log=LogProofs(closed="its end"))
    assert json.loads(text)["log"] == {"closed": "its end", "proofs": {}}


def test_how_long_a_bundle_may_be_is_part_of_its_format() -> None:
    assert (MOST_BYTES, MOST_ENTRIES) == (8_388_608, 10_000)


@pytest.mark.parametrize("intent", [None, "the proof of the intent"])
@pytest.mark.parametrize("reviews", [(), ('{"v":1}',)], ids=["not reviewed", "reviewed"])
def test_what_is_written_is_what_was_kept(intent: str | None, reviews: tuple[str, ...]) -> None:
    text = bundle_text(
        "the request",
        opened_by='{"statement":"s"}',
        proofs=['{"p":1}', '{"p":2}'],
        chain=[ENTRY],
        log=LogProofs(closed="the proof of the end", intent=intent, proofs={"aa": "its proof"}),
        reviews=reviews,
    )
    log = {"closed": "the proof of the end", "proofs": {"aa": "its proof"}}
    told: dict[str, Any] = {
        "format": "strongroom-evidence/2",
        "request": {"request": "the request", "statement": "s"},
        "proofs": [{"p": 1}, {"p": 2}],
        "chain": [json.loads(ENTRY.text)],
        "log": log if intent is None else log | {"intent": intent},
    }
    assert json.loads(text) == (told | {"reviews": [{"v": 1}]} if reviews else told)
    assert read_bundle(text).reviews == (({"v": 1},) if reviews else ())


@pytest.mark.parametrize("stated", [{}, {'{"s":1}': "its proof", '{"s":2}': "another"}], ids=["nothing", "two steps"])
def test_what_was_stated_is_written_with_the_logs_proof_of_it(stated: dict[str, str]) -> None:
    log = LogProofs(closed="the proof of the end")
    text = bundle_text("the request", opened_by="{}", proofs=[], chain=[], log=log, stated=stated)
    steps = [{"stated": {"s": 1}, "logged": "its proof"}, {"stated": {"s": 2}, "logged": "another"}]
    assert json.loads(text).get("stated") == (steps if stated else None)
    assert read_bundle(text).stated == (tuple(steps) if stated else ())
