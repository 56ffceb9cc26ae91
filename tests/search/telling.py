"""What a moment tells to whoever only looks: who signed what, how far it has come, how it ended."""

import json
from datetime import datetime
from functools import cache
from typing import Final

from strongroom.domain.canonical import read_canonical
from strongroom.domain.evidence.object_keys import chain_of, proofs_of
from strongroom.domain.written import moment_of
from tests.builders.restores import AUTHENTICATORS
from tests.search.moments import Moment

_NAME_OF: Final = {each.passkey.id: name for name, each in AUTHENTICATORS.items()}


def kinds_in(moment: Moment, request: str) -> list[str]:
    """What has happened, by the chain."""
    return [_kind_of(text) for text in _under(moment, chain_of(request))]


def said_in(moment: Moment, request: str) -> list[tuple[str, str, datetime]]:
    """Who has said what, when, by the proofs that lie there."""
    return [_said_by(text) for text in _under(moment, proofs_of(request))]


@cache
def _kind_of(entry: str) -> str:
    return str(read_canonical(entry)["kind"])


@cache
def _said_by(text: str) -> tuple[str, str, datetime]:
    proof = read_canonical(text)
    statement = read_canonical(proof["statement"])
    at = moment_of(statement["issued_at"], of="issued_at")
    return _NAME_OF[proof["passkey"]["credential"]], str(statement["decision"]), at


def _under(moment: Moment, prefix: str) -> list[str]:
    return [text for key, text in moment.texts if key.startswith(prefix)]


def is_listed(moment: Moment) -> bool:
    return any('"pk": "OPEN"' in row for row in moment.rows)


def outcome_of(moment: Moment) -> str:
    """How it ended, by the list; empty while it has not."""
    lines = (json.loads(row) for row in moment.rows if '"pk": "OPEN"' in row)
    return next((str(line.get("outcome", "")) for line in lines), "")


def is_at_its_end(moment: Moment) -> bool:
    """It has ended, everybody could hear of it, and where it failed somebody was alerted."""
    outcome = outcome_of(moment)
    is_loud = outcome != "failed" or "restore-failed" in moment.told
    return bool(outcome) and "RestoreClosed" in moment.told and is_loud
