"""Read `strongroom.yaml`: every mistake is found once, and told with its path and its line in the file."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import replace
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import Any, Final

import msgspec

from strongroom.adapters.identity.signatures import CryptographySignatures
from strongroom.domain.catalogue.rows import ROWS, creations_by_call, names_of
from strongroom.domain.findings import Finding, Level, error
from strongroom.domain.intent.model import Intent
from strongroom.domain.intent_rules.ceremony.passkeys import find_unproven_passkeys
from strongroom.domain.intent_rules.contradictions import find_contradictions
from strongroom.domain.intent_rules.regions import find_unusable_regions
from strongroom_cli.errors import IntentFileError, PlacedFinding
from strongroom_cli.intent.follow_ons import find_causes, names_in
from strongroom_cli.intent.places import Place, nearest_place, parent_of
from strongroom_cli.intent.regions import known_partitions
from strongroom_cli.intent.schema import as_fields, editor_schema
from strongroom_cli.intent.structure import find_ill_formed, judge_structure
from strongroom_cli.intent.versions import Form, form_of
from strongroom_cli.intent.yaml_faults import YamlFaultError
from strongroom_cli.intent.yaml_text import Written, read_yaml

# A file with more of them is mended step by step.
MOST_TOLD: Final = 100


def load_intent_file(path: Path | str, *, today: date | None = None) -> tuple[Intent, tuple[Finding, ...]]:
    """The intent in a file and the warnings about it; IntentFileError lists every problem when there is an error.

    Exceptions are judged as of `today`, which is the present day (UTC) unless it is given.
    """
    file, day = Path(path), today or datetime.now(UTC).date()
    written = _read(file)
    document, findings = _judged(written, today=day)
    if any(finding.level is Level.ERROR for finding in findings):
        raise IntentFileError(file, tuple(_most_of(findings)))
    return _as_intent(document).as_of(day), findings


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
    form, said = form_of(written.document)
    if any(finding.level is Level.ERROR for finding in said):
        return written.document, _placed(said, written.places)
    schema = form.schema()
    structure = judge_structure(written.document, schema, places=written.places)
    said += structure.findings
    document = structure.document
    if structure.has_structure:
        names = (*names_in(document, schema), *_names_of_aws())
        said += find_causes(document, judge=partial(_judge, form=form, today=today), names=names)
        said += tuple(_ill_formed(document, said, form=form))
        document = form.newest(document)
    return document, _placed(said, structure.places)


def _as_intent(document: Any) -> Intent:
    return msgspec.convert(as_fields(document), Intent)


def _names_of_aws() -> tuple[tuple[str, ...], ...]:
    regions = tuple(region for regions in known_partitions().values() for region in regions)
    return regions, names_of(ROWS), tuple(creations_by_call())


def _ill_formed(document: Any, said: tuple[Finding, ...], *, form: Form) -> Iterator[Finding]:
    """The values of a wrong form about which no rule has said anything."""
    refused = {finding.path for finding in said if finding.level is Level.ERROR}
    found = find_ill_formed(form.newest(document), editor_schema())
    for finding in _as_written(found, document, form=form):
        if refused.isdisjoint((finding.path, parent_of(finding.path))):
            yield finding


def _judge(document: Any, *, form: Form, today: date) -> tuple[Finding, ...]:
    """Every rule about an intent."""
    try:
        intent = _as_intent(form.newest(document))
    except msgspec.ValidationError as failure:
        return (error("shape", ".", str(failure)),)
    found = (
        *find_contradictions(intent, today=today),
        *find_unproven_passkeys(intent, signatures=CryptographySignatures(), today=today),
        *find_unusable_regions(intent, known_partitions()),
    )
    return (*form.find_faults(document), *_as_written(found, document, form=form))


def _as_written(findings: Iterable[Finding], document: Any, *, form: Form) -> Iterator[Finding]:
    """The findings at their places in the document, where several places of the newest version may be one."""
    yield from dict.fromkeys(replace(each, path=form.path(each.path, document)) for each in findings)
