"""Events that somebody kept: told apart in a text, and named as the project's own samples are."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from strongroom.domain.errors import MalformedRequestError

_STATE_CHANGE = " State Change"


def parse_events(text: str, *, source: str) -> tuple[Mapping[str, Any], ...]:
    """The events of a text: one, a list of them, or one after the other; MalformedRequestError names what is none."""
    found = tuple(_documents(text, source=source))
    for number, event in enumerate(found, 1):
        if not isinstance(event, dict) or not {"source", "detail-type", "detail"} <= event.keys():
            raise MalformedRequestError(f"{source}: document {number} is no event: source, detail-type, detail")
    return found


def name_of(event: Mapping[str, Any]) -> str:
    """The place of an event among the samples: `aws.backup/copy_job__completed`, `aws.ec2/CreateVolume`."""
    detail = event["detail"] if isinstance(event["detail"], Mapping) else {}
    if "eventName" in detail:
        name = str(detail["eventName"])
    else:
        kind = str(event["detail-type"]).removesuffix(_STATE_CHANGE).lower()
        state = str(detail.get("state", detail.get("status", ""))).lower()
        name = f"{kind}__{state}" if state else kind
    return f"{_safe(str(event['source']))}/{_safe(name)}"


def _documents(text: str, *, source: str) -> Iterator[Any]:
    decoder, rest = json.JSONDecoder(), text.lstrip()
    while rest:
        try:
            document, end = decoder.raw_decode(rest)
        except json.JSONDecodeError as error:
            raise MalformedRequestError(f"{source} is not JSON: {error}") from error
        yield from document if isinstance(document, list) else (document,)
        rest = rest[end:].lstrip()


def _safe(name: str) -> str:
    """Without anything that leads out of a folder."""
    return re.sub(r"[^A-Za-z0-9_.]+", "_", name).strip("._") or "unnamed"
