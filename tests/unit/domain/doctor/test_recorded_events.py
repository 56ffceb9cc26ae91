"""Events that are kept beside a recording."""

import json
from pathlib import Path
from typing import Any

import pytest

from strongroom.domain.doctor.recorded_events import name_of, parse_events
from strongroom.domain.errors import MalformedRequestError

SAMPLES = Path(__file__).parents[4] / "events"
EVENT = {"source": "aws.backup", "detail-type": "Copy Job State Change", "detail": {"state": "COMPLETED"}}


@pytest.mark.parametrize(
    "text",
    [json.dumps(EVENT), json.dumps([EVENT]), f"{json.dumps(EVENT)}\n", json.dumps(EVENT, indent=2)],
    ids=["one", "a list", "a line", "pretty"],
)
def test_an_event_is_read_however_it_was_kept(text: str) -> None:
    assert parse_events(text, source="f") == (EVENT,)


def test_several_follow_each_other() -> None:
    assert parse_events(f"{json.dumps(EVENT)}\n{json.dumps(EVENT)}", source="f") == (EVENT, EVENT)
    assert parse_events("  \n", source="f") == ()


@pytest.mark.parametrize("text", ["{", "3", '"text"', "[3]", '{"source": "aws.backup"}'])
def test_what_is_no_event_is_refused_with_its_file(text: str) -> None:
    with pytest.raises(MalformedRequestError, match=r"^f"):
        parse_events(text, source="f")


@pytest.mark.parametrize(
    "sample", ["aws.backup/copy_job__completed", "aws.backup/backup_job__failed", "aws.ec2/CreateVolume"]
)
def test_an_event_is_named_as_the_samples_are(sample: str) -> None:
    assert name_of(json.loads((SAMPLES / f"{sample}.json").read_text("utf-8"))) == sample


@pytest.mark.parametrize(
    "event",
    [
        {"source": "../../etc", "detail-type": "x", "detail": {"eventName": "../../passwd"}},
        {"source": "..", "detail-type": "../..", "detail": []},
        {"source": "", "detail-type": "", "detail": {"state": "/"}},
    ],
)
def test_no_name_leads_out_of_the_folder(event: dict[str, Any]) -> None:
    folder, name = name_of(event).split("/")
    assert folder.strip(".")
    assert name.strip(".")
