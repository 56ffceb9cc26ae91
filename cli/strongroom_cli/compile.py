"""`strongroom compile`: everything that AWS and the functions are told, rendered from the intent, or nothing at all."""

import argparse
import json
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import msgspec

from strongroom.domain.copies.source_keys import restore_key_statements, source_key_statements
from strongroom.domain.errors import StrongroomError
from strongroom.domain.findings import Finding, note
from strongroom.domain.guardrails.rendering import find_crowded_targets, find_unknown_statements
from strongroom.domain.intent.compiled import CompiledIntent
from strongroom.domain.intent.model import Intent
from strongroom.domain.intent.places import temporary_vaults
from strongroom.domain.rulebook.periods import HeldRules, rules_from
from strongroom.domain.stacks.attached_policies import (
    BACKUP_POLICY,
    SERVICE_CONTROL_POLICY,
    AttachedPolicy,
    find_crowded,
    find_oversized,
)
from strongroom.domain.stacks.rendered import Rendered
from strongroom.domain.stacks.stack_names import find_taken_names
from strongroom.domain.written import moment_text
from strongroom.services.rollout.render_rollout import render
from strongroom_cli.errors import IntentFileError, show_findings
from strongroom_cli.intent.file import load_intent_file, place_findings
from strongroom_cli.reports.intent import report_on_intent
from strongroom_cli.reports.report import Format
from strongroom_cli.templates import read_templates

DEFAULT_INTENT: Final = Path("strongroom.yaml")
BAD_INTENT: Final = 2
DIGEST: Final = "intent.sha256"
SOURCE_KEYS: Final = "key-policies/source-keys.json"
RESTORE_KEYS: Final = "key-policies/restore-keys.json"
RULES: Final = "rules.json"

_FOLDERS: Final = {BACKUP_POLICY: "policies", SERVICE_CONTROL_POLICY: "scps"}


class OutputRefusedError(StrongroomError):
    """The output directory holds something that is not ours to replace."""


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Register the command."""
    parser = subparsers.add_parser(
        "compile",
        help="render every policy, SCP and parameter file from the intent",
        description="Validate the intent and render everything from it; on any error render nothing, exit code 2.",
    )
    parser.add_argument("file", nargs="?", type=Path, default=DEFAULT_INTENT, metavar="FILE", help="the intent file")
    parser.add_argument("--out", required=True, type=Path, metavar="DIR", help="where to render; replaced as a whole")
    parser.add_argument(
        "--format",
        choices=[form.value for form in Format],
        default=Format.TEXT.value,
        help="how findings are told: as text on standard error, or otherwise on standard output in place of the files",
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Render the intent, print what was written on standard output and what is risky on standard error."""
    form = Format(arguments.format)
    if form is Format.TEXT:
        names, findings = _compile(arguments)
        show_findings(findings, source=arguments.file)
        for name in names:
            print(arguments.out / name)
        return 0
    try:
        _, findings = _compile(arguments)
    except IntentFileError as refused:
        print(report_on_intent(refused.findings, source=refused.path, form=form), end="")
        return BAD_INTENT
    print(report_on_intent(findings, source=arguments.file, form=form), end="")
    return 0


def _compile(arguments: argparse.Namespace) -> tuple[tuple[str, ...], tuple[Finding, ...]]:
    """The names of the files that were written, and what is risky; IntentFileError where nothing was."""
    intent, warnings = load_intent_file(arguments.file)
    rules = rules_from(intent, at=datetime.now(UTC).replace(microsecond=0))
    files = files_of(intent, render_intent(intent, source=arguments.file)) | _rule_files(intent, rules)
    write(files, arguments.out)
    said = place_findings((*find_crowded_targets(intent), *_digests(rules)), source=arguments.file)
    return tuple(files), (*warnings, *said)


def render_intent(intent: Intent, *, source: Path) -> Rendered:
    """Everything that is rendered from the intent; IntentFileError when AWS takes none so large, many or named."""
    rendered = render(intent, read_templates())
    refused = (
        *find_oversized(rendered.policies),
        *find_crowded(intent),
        *find_unknown_statements(intent),
        *find_taken_names(intent),
    )
    if refused:
        raise IntentFileError(source, place_findings(refused, source=source))
    return rendered


def compiled_intent(intent: Intent) -> CompiledIntent:
    """The intent as the functions carry it."""
    return CompiledIntent(content=msgspec.json.encode(intent, order="sorted"), intent=intent)


def files_of(intent: Intent, rendered: Rendered) -> dict[str, bytes]:
    """Every file by its name in the output directory."""
    compiled = compiled_intent(intent)
    return {
        **{_document_file(policy): policy.content.encode() for policy in rendered.policies},
        SOURCE_KEYS: _readable({"Version": "2012-10-17", "Statement": source_key_statements(intent)}),
        **({RESTORE_KEYS: _restore_keys(intent)} if temporary_vaults(intent) else {}),
        "attachments.json": _readable([_attachment(policy) for policy in rendered.policies]),
        **{f"parameters/{stack}.json": _readable(values) for stack, values in rendered.parameters.items()},
        **{f"stacks/{stack}.yaml": text.encode() for stack, text in rendered.stacks.items()},
        "intent.json": compiled.content,
        DIGEST: f"{compiled.digest}  intent.json\n".encode(),
    }


def _restore_keys(intent: Intent) -> bytes:
    return _readable({"Version": "2012-10-17", "Statement": restore_key_statements(intent)})


def _rule_files(intent: Intent, rules: Iterable[HeldRules]) -> dict[str, bytes]:
    """The rules of each place by their digest, those to come among them, and a list of what holds where since when."""
    held = tuple(rules)
    listed = [
        {
            "place": each.place.name,
            "id": each.place.id(intent),
            "since": None if each.since is None else moment_text(each.since),
            "sha256": each.digest,
        }
        for each in held
    ]
    texts = {f"rules/{each.digest}.json": each.text.encode() for each in held}
    return texts | {RULES: _readable(listed)} if held else {}


def _digests(rules: Iterable[HeldRules]) -> Iterator[Finding]:
    """What the rules of each place are called by whoever signs under them."""
    for each in rules:
        since = "" if each.since is None else f" from {moment_text(each.since)} on"
        yield note("rules", "restores.rules", f"the rules of {each.place.name} are {each.digest}{since}")


def _attachment(policy: AttachedPolicy) -> dict[str, Any]:
    """How the Organizations API calls what a policy is and has."""
    return {
        "name": policy.name,
        "description": policy.description,
        "type": policy.type,
        "document": _document_file(policy),
        "targets": list(policy.targets),
    }


def write(files: Mapping[str, bytes], out: Path) -> None:
    """Put the files in place of the directory, all or none; OutputRefusedError if it holds anything else than ours."""
    try:
        if out.exists() and not (out / DIGEST).is_file() and (not out.is_dir() or any(out.iterdir())):
            raise OutputRefusedError(
                f"--out {out} holds other files; name a new or empty directory, or an earlier output"
            )
        out.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f".{out.name}-", dir=out.parent) as scratch:
            fresh, old = Path(scratch, "fresh"), Path(scratch, "old")
            for name, content in files.items():
                (fresh / name).parent.mkdir(parents=True, exist_ok=True)
                (fresh / name).write_bytes(content)
            _exchange(out, fresh, old)
    except OSError as failure:
        raise OutputRefusedError(f"--out {out} cannot be written: {failure.strerror}") from failure


def _exchange(out: Path, fresh: Path, old: Path) -> None:
    if out.exists():
        out.rename(old)
    try:
        fresh.rename(out)
    finally:  # also when it is interrupted
        if old.exists() and not out.exists():
            old.rename(out)


def _document_file(policy: AttachedPolicy) -> str:
    return f"{_FOLDERS[policy.type]}/{policy.name.removeprefix('strongroom-')}.json"


def _readable(document: object) -> bytes:
    return (json.dumps(document, indent=2) + "\n").encode()
