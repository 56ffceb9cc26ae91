"""A service's own call that restores, and what the service tells of what it made."""

import re
from collections.abc import Mapping
from typing import Any, Final

from strongroom.domain.catalogue.rows import OWN_CALLS
from strongroom.domain.errors import ApprovalVoidError
from strongroom.domain.identifiers import REQUEST_TAG, Arn
from strongroom.domain.restores.deciding.reading import UnreadableError, read_json, write_json
from strongroom.domain.restores.metadata import Metadata

# What each service calls a backup of its own.
_BACKUPS: Final = {
    "fsx": re.compile(r"backup/(backup-[0-9a-f]{8,})"),
    "ec2": re.compile(r"snapshot/(snap-[0-9a-f]{8,})"),
    "redshift": re.compile(r"snapshot:[a-z0-9-]+/(awsbackup:[A-Za-z0-9-]+)"),
}


def said_job(job: str, *, call: str) -> str:
    """What was started by that call, or by AWS Backup where there is none, in words: a job, or what the call made."""
    return f"{OWN_CALLS[call].what if call in OWN_CALLS else 'restore job'} {job}"


def backup_id(recovery_point: str, *, service: str) -> str:
    """The id that the service has for a recovery point; ApprovalVoidError for one that is no backup of its own."""
    arn = Arn.parse(recovery_point)
    found = _BACKUPS[service].fullmatch(arn.resource)
    if arn.service != service or found is None:
        raise ApprovalVoidError(f"{recovery_point[:200]} is no backup that {service} restores by its own call")
    return found.group(1)


def request_tags(request_id: str) -> list[dict[str, str]]:
    """With what the call tags what it makes, as services take it."""
    return [{"Key": REQUEST_TAG, "Value": request_id}]


def tagged_request(made: Mapping[str, Any]) -> str:
    """The id of the request that what a service describes is tagged with; empty where it is not."""
    return next((str(tag["Value"]) for tag in made.get("Tags", ()) if tag["Key"] == REQUEST_TAG), "")


def told_of(approved: Metadata, *, described: Mapping[str, Any]) -> dict[str, str]:
    """The approved parameters as the service tells them, as they were written where it tells the same.

    Of a record counts what was written in it: a service fills in what was not. A list may be told in another order.
    """
    return {name: _told(value, described[name]) for name, value in approved if name in described}


def _told(written: str, described: Any) -> str:
    if described == written:
        return written
    try:
        content = read_json(written)
    except UnreadableError:
        content = None
    if content is not None and _is_as_written(content, described):
        return written
    return described if isinstance(described, str) else write_json(described)


def _is_as_written(written: Any, described: Any) -> bool:
    match written:
        case dict():
            return isinstance(described, dict) and all(
                name in described and _is_as_written(value, described[name]) for name, value in written.items()
            )
        case list():
            return isinstance(described, list) and sorted(map(write_json, written)) == sorted(
                map(write_json, described)
            )
        case _:
            # By their texts, because Python's 1 is its True.
            return write_json(written) == write_json(described)
