"""What a function logs: one JSON object a line, its keys beside a constant message."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from strongroom.domain.copies.verification import CopyState, CopyVerdict
from strongroom.runtime.logs import log_decision, logger


def _lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_a_message_is_one_line_with_its_keys_and_the_place_that_said_it(capsys: pytest.CaptureFixture[str]) -> None:
    logger.info("answered", status=200, at=datetime(2026, 11, 23, 14, 20, tzinfo=UTC), who=CopyState.PENDING)
    [line] = _lines(capsys)
    assert (line["level"], line["message"], line["service"]) == ("INFO", "answered", "strongroom")
    assert (line["status"], line["at"], line["who"]) == (200, "2026-11-23T14:20:00Z", "PENDING")
    assert line["location"].startswith("test_a_message_is_one_line_with_its_keys_and_the_place_that_said_it:")
    assert datetime.fromisoformat(line["timestamp"]).tzinfo is not None


def test_what_json_does_not_know_is_told_as_text(capsys: pytest.CaptureFixture[str]) -> None:
    logger.info("answered", path=complex(1, 2))
    assert _lines(capsys)[0]["path"] == "(1+2j)"


def test_half_a_character_from_outside_does_not_cost_the_line(capsys: pytest.CaptureFixture[str]) -> None:
    logger.info("answered", path="/\ud800", at=datetime(2026, 11, 23, 14, 20, tzinfo=UTC), states={CopyState.PENDING})
    [line] = _lines(capsys)
    assert (line["path"], line["at"], line["states"]) == ("/\ud800", "2026-11-23T14:20:00Z", ["PENDING"])


def test_a_key_cannot_pass_for_what_the_line_says_of_itself(capsys: pytest.CaptureFixture[str]) -> None:
    own = ("level", "location", "timestamp", "service", "exception")
    with pytest.raises(ValueError, match="nothing") as failed:
        int("nothing")
    logger.error("failed", exc_info=failed.value, **dict.fromkeys(own, "forged"))
    [line] = _lines(capsys)
    assert "forged" not in line.values()
    assert (line["level"], line["service"]) == ("ERROR", "strongroom")


def test_an_error_brings_its_traceback_along_in_the_same_line(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(ValueError, match="nothing") as failed:
        int("nothing")
    logger.error("event failed", exc_info=failed.value, message_id="m-1")
    [line] = _lines(capsys)
    assert (line["level"], line["message_id"]) == ("ERROR", "m-1")
    assert line["exception"].startswith("Traceback")
    assert line["exception"].endswith("ValueError: invalid literal for int() with base 10: 'nothing'")


def test_a_decision_is_told_with_its_kind_its_facts_and_what_asked_for_it(capsys: pytest.CaptureFixture[str]) -> None:
    verdict = CopyVerdict(state=CopyState.PENDING, reason="it runs", recovery_point="arn:p", destination="arn:v")
    log_decision(verdict, correlation="event-1")
    [line] = _lines(capsys)
    assert (line["message"], line["decision"], line["correlation_id"]) == ("decided", "CopyVerdict", "event-1")
    assert (line["verdict"]["state"], line["verdict"]["reason"]) == ("PENDING", "it runs")
