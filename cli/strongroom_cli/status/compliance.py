"""A resource compliance report of AWS Backup Audit Manager, as it lies in the report bucket: CSV or JSON.

Source: AWS Backup Developer Guide, "Choosing your report template", RESOURCE_COMPLIANCE_REPORT. How the CSV spells its
heads is not said there, so they are known by their letters alone: `resourceId` and `Resource ID` are the same.
"""

import csv
import io
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

from strongroom.domain.errors import MalformedRequestError

_NEEDED: Final = ("accountid", "region", "controlname", "resourceid", "resourcetype", "resourcecompliancestatus")


class Compliance(StrEnum):
    """What a control says of a resource; of one that it could not judge, nothing."""

    COMPLIANT = "COMPLIANT"
    NON_COMPLIANT = "NON_COMPLIANT"
    NOT_JUDGED = "NOT_JUDGED"


@dataclass(frozen=True, slots=True, kw_only=True)
class ControlFinding:
    """What one control found of one resource, which AWS Config knows by `id_` and `name`; `at` is as it was written."""

    account: str
    region: str
    control: str
    id_: str
    name: str
    kind: str
    status: Compliance
    at: str


def read_compliance(path: Path) -> tuple[ControlFinding, ...]:
    """What the report has, each control and resource once as it was evaluated last; MalformedRequestError for none."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise MalformedRequestError(f"{path}: this cannot be read as a report") from error
    latest: dict[tuple[str, ...], ControlFinding] = {}
    for row in _rows(text, path=path):
        finding = _finding(row)
        place = (finding.account, finding.region, finding.control, finding.kind, finding.id_)
        if place not in latest or latest[place].at <= finding.at:
            latest[place] = finding
    return tuple(latest.values())


def _rows(text: str, *, path: Path) -> Iterable[dict[str, str]]:
    rows: list[Any]
    if text.lstrip().startswith("{"):
        try:
            rows = json.loads(text).get("reportItems")
        except ValueError as error:
            raise MalformedRequestError(f"{path}: this is no JSON") from error
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise MalformedRequestError(f"{path}: this has no list reportItems of objects")
        heads = {_letters(head) for row in rows for head in row} or set(_NEEDED)
    else:
        reader = csv.DictReader(io.StringIO(text, newline=""), restkey="")
        rows, heads = list(reader), {_letters(head) for head in reader.fieldnames or ()}
    if missing := [name for name in _NEEDED if name not in heads]:
        raise MalformedRequestError(f"{path}: this is no resource compliance report, for it has no {missing[0]}")
    return [{_letters(head): value for head, value in row.items() if isinstance(value, str)} for row in rows]


def _letters(head: str) -> str:
    return "".join(each for each in head.lower() if each.isalnum())


def _finding(row: Mapping[str, str]) -> ControlFinding:
    said = {name: row.get(name, "").strip() for name in (*_NEEDED, "resourcename", "lastevaluationtime")}
    status = said["resourcecompliancestatus"].upper().replace("-", "_").replace(" ", "_")
    return ControlFinding(
        account=said["accountid"].zfill(12) if said["accountid"].isdecimal() else said["accountid"],
        region=said["region"],
        control=said["controlname"],
        # It is written with its type before it: `AWS::EFS::FileSystem/fs-63c74e66`.
        id_=said["resourceid"].removeprefix(f"{said['resourcetype']}/"),
        name=said["resourcename"],
        kind=said["resourcetype"],
        status=Compliance(status) if status in Compliance else Compliance.NOT_JUDGED,
        at=said["lastevaluationtime"],
    )
