"""Read `strongroom.yaml`: every mistake is found once, and told with its path and its line in the file."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import Any, Final

import msgspec

from strongroom.domain.catalogue.rows import ROWS, creations_by_call, names_of
from strongroom.domain.findings import Finding, Level, error
from strongroom.domain.intent.model import Intent
from strongroom.domain.intent_rules.contradictions import find_contradictions
from strongroom.domain.intent_rules.regions import find_unusable_regions
from strongroom_cli.errors import IntentFileError, PlacedFinding
from strongroom_cli.intent.follow_ons import find_causes, names_in
from strongroom_cli.intent.places import Place, nearest_place, parent_of
from strongroom_cli.intent.regions import known_partitions
from strongroom_cli.intent.schema import editor_schema, intent_schema
from strongroom_cli.intent.structure import find_ill_formed, judge_structure
from strongroom_cli.intent.versions import in_newest_version
from strongroom_cli.intent.yaml_faults import YamlFaultError
from strongroom_cli.intent.yaml_text import Written, read_yaml

# A file with more of them is mended step by step.
MOST_TOLD: Final = 100


def load_intent_file(path: Path | str, *, today: date | None = None) -> tuple[Intent, tuple[Finding, ...]]:
    """The intent in a file and the warnings about it; IntentFileError lists every problem when there is an error.

    Exceptions are judged as of `today`, which is the present day (UTC) unless it is given.
    """
    file = Path(path)
    written = _read(file)
    document, findings = _judged(written, today=today or datetime.now(UTC).date())
    if any(finding.level is Level.ERROR for finding in findings):
        raise IntentFileError(file, tuple(_most_of(findings)))
    return msgspec.convert(document, Intent), findings


def place_findings(findings: Iterable[Finding], *, source: Path) -> tuple[Finding, ...]:
    """Findings about an intent with the lines of the file that it was read from, where that can still be read."""
    told = tuple(findings)
    try:
        return _placed(told, _read(source).places) if told else ()
    except IntentFileError:
        return told


def _read(file: Path) -> Written:
    try:
        return read_yaml(file)
    except OSError as failure:
        raise IntentFileError(
            file, (error("unreadable", ".", f"the file cannot be read: {failure.strerror}"),)
        ) from failure
    except YamlFaultError as failure:
        raise IntentFileError(file, (_fault(failure),)) from failure


def _fault(failure: YamlFaultError) -> Finding:
    if not failure.line:
        return error("yaml", ".", str(failure))
    path = f"line {failure.line}"
    return PlacedFinding(Level.ERROR, "yaml", path, str(failure), line=failure.line, column=failure.column)


def _placed(findings: Iterable[Finding], places: Mapping[str, Place]) -> tuple[Finding, ...]:
    return tuple(_at(finding, nearest_place(finding.path, places)) for finding in findings)


def _at(finding: Finding, place: Place | None) -> Finding:
    if place is None:
        return finding
    return PlacedFinding(
        finding.level, finding.code, finding.path, finding.message, line=place.line, column=place.column
    )


def _most_of(findings: Sequence[Finding]) -> Sequence[Finding]:
    if len(findings) <= MOST_TOLD:
        return findings
    first = sorted(findings, key=lambda each: each.level is not Level.ERROR)[:MOST_TOLD]
    return (*first, error("more", ".", f"{len(findings) - MOST_TOLD} more are told once these are mended"))


def _judged(written: Written, *, today: date) -> tuple[Any, tuple[Finding, ...]]:
    """The document in the newest version, and everything that there is to say about it."""
    document, said = in_newest_version(written.document)
    if any(finding.level is Level.ERROR for finding in said):
        return document, _placed(said, written.places)
    schema = intent_schema()
    structure = judge_structure(document, schema, places=written.places)
    said += structure.findings
    if structure.has_structure:
        names = (*names_in(structure.document, schema), *_names_of_aws())
        said += find_causes(structure.document, judge=partial(_judge, today=today), names=names)
        said += tuple(_ill_formed(structure.document, said))
    return document, _placed(said, structure.places)


def _names_of_aws() -> tuple[tuple[str, ...], ...]:
    regions = tuple(region for regions in known_partitions().values() for region in regions)
    return regions, names_of(ROWS), tuple(creations_by_call())


def _ill_formed(document: Any, said: tuple[Finding, ...]) -> Iterator[Finding]:
    """The values of a wrong form about which no rule has said anything."""
    refused = {finding.path for finding in said if finding.level is Level.ERROR}
    for finding in find_ill_formed(document, editor_schema()):
        if refused.isdisjoint((finding.path, parent_of(finding.path))):
            yield finding


def _judge(document: Any, *, today: date) -> tuple[Finding, ...]:
    """Every rule about an intent."""
    try:
        intent = msgspec.convert(document, Intent)
    except msgspec.ValidationError as failure:
        return (error("shape", ".", str(failure)),)
    return (*find_contradictions(intent, today=today), *find_unusable_regions(intent, known_partitions()))
