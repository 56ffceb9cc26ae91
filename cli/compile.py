"""`strongroom compile`: everything that AWS and the functions are told, rendered from the intent, or nothing at all."""

import argparse
import hashlib
import json
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import msgspec

from cli.intent_file import IntentFileError, load_intent_file
from strongroom.domain import guardrails, policies
from strongroom.domain.errors import StrongroomError
from strongroom.domain.findings import Finding, error
from strongroom.domain.intent import Intent
from strongroom.domain.parameters import render_parameters

DEFAULT_INTENT: Final = Path("strongroom.yaml")
DIGEST: Final = "intent.sha256"

_GUARDRAIL_DESCRIPTIONS: Final = {
    guardrails.PROTECT_BACKUPS: "Nobody here deletes, shortens, re-keys or carries away backups.",
    guardrails.REQUIRE_BACKUP_TAG: "Nothing that these calls make comes without a valid backup tag.",
}


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
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Render the intent, print what was written on standard output and what is risky on standard error."""
    intent, warnings = load_intent_file(arguments.file)
    files = render(intent, source=arguments.file)
    write(files, arguments.out)
    for finding in warnings:
        print(f"{arguments.file}: {finding.level}: {finding.path}: {finding.message}", file=sys.stderr)
    for name in files:
        print(arguments.out / name)
    return 0


def render(intent: Intent, *, source: Path) -> dict[str, bytes]:
    """Every file by its name in the output directory; IntentFileError when a document is larger than AWS takes."""
    tiers = {name: _minified(document) for name, document in policies.render_backup_policies(intent).items()}
    scps = {name: _minified(document) for name, document in guardrails.render_guardrails(intent).items()}
    oversized = (
        *_oversized("tiers", tiers, policies.POLICY_CHARACTERS),
        *_oversized("guardrails", scps, guardrails.POLICY_CHARACTERS),
    )
    if oversized:
        raise IntentFileError(source, oversized)
    content = msgspec.json.encode(intent, order="sorted")
    return {
        **{_policy_file(name): document.encode() for name, document in tiers.items()},
        **{_scp_file(name): document.encode() for name, document in scps.items()},
        "attachments.json": _readable(render_attachments(intent, scps=list(scps))),
        **{f"parameters/{stack}.json": _readable(values) for stack, values in render_parameters(intent).items()},
        "intent.json": content,
        DIGEST: f"{hashlib.sha256(content).hexdigest()}  intent.json\n".encode(),
    }


def render_attachments(intent: Intent, *, scps: list[str]) -> list[dict[str, Any]]:
    """Which document is attached to which units, as the Organizations API calls it."""
    units = intent.organization.units
    attachments = [
        {
            "name": policies.plan_name(tier),
            "description": f"Backups of the tier {tier}, locked.",
            "type": "BACKUP_POLICY",
            "document": _policy_file(tier),
            "targets": [units[target.unit] for target in intent.targets if tier in target.tiers],
        }
        for tier in policies.render_backup_policies(intent)
    ]
    return attachments + [
        {
            "name": f"strongroom-{scp}",
            "description": _GUARDRAIL_DESCRIPTIONS[scp],
            "type": "SERVICE_CONTROL_POLICY",
            "document": _scp_file(scp),
            "targets": [units[target.unit] for target in intent.targets],
        }
        for scp in scps
    ]


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
    except OSError:
        if old.exists():
            old.rename(out)
        raise


def _policy_file(tier: str) -> str:
    return f"policies/{tier}.json"


def _scp_file(name: str) -> str:
    return f"scps/{name}.json"


def _oversized(path: str, documents: Mapping[str, str], limit: int) -> tuple[Finding, ...]:
    return tuple(
        error("too-large", f"{path}.{name}", f"its document has {len(document)} characters, AWS takes {limit}")
        for name, document in documents.items()
        if len(document) > limit
    )


def _minified(document: object) -> str:
    # Organizations counts white space, too.
    return json.dumps(document, separators=(",", ":"))


def _readable(document: object) -> bytes:
    return (json.dumps(document, indent=2) + "\n").encode()
