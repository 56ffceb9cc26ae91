"""`strongroom compile`: everything that AWS and the functions are told, rendered from the intent, or nothing at all."""

import argparse
import hashlib
import json
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import msgspec

from cli.intent_file import IntentFileError, load_intent_file
from cli.templates import minified_template, read_template, with_resources
from strongroom.domain.backup_policy import grammar
from strongroom.domain.errors import StrongroomError
from strongroom.domain.findings import Finding, error
from strongroom.domain.guardrails import denials
from strongroom.domain.guardrails.rendering import find_crowded_targets
from strongroom.domain.intent import Intent
from strongroom.domain.stacks.attached_policies import (
    BACKUP_POLICY,
    SERVICE_CONTROL_POLICY,
    AttachedPolicy,
    render_attached_policies,
)
from strongroom.domain.stacks.audit_frameworks import render_frameworks
from strongroom.domain.stacks.management import (
    FRAMEWORK_STACK_SET,
    GLOBAL_STACK_SET,
    MEMBER_STACK_SET,
    MemberTemplate,
    framework_regions,
    global_regions,
    member_regions,
    render_management_resources,
)
from strongroom.domain.stacks.parameters import render_parameters

DEFAULT_INTENT: Final = Path("strongroom.yaml")
DIGEST: Final = "intent.sha256"

_STATIC_STACKS: Final = ("audit", "member-global", "vault")
_FOLDERS: Final = {BACKUP_POLICY: "policies", SERVICE_CONTROL_POLICY: "scps"}
_MOST_CHARACTERS: Final = {
    BACKUP_POLICY: grammar.POLICY_CHARACTERS,
    SERVICE_CONTROL_POLICY: denials.POLICY_CHARACTERS,
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
    show_findings((*warnings, *find_crowded_targets(intent)), source=arguments.file)
    for name in files:
        print(arguments.out / name)
    return 0


def show_findings(findings: Iterable[Finding], *, source: Path) -> None:
    """Each finding on a line of standard error."""
    for finding in findings:
        print(f"{source}: {finding.level}: {finding.path}: {finding.message}", file=sys.stderr)


def render(intent: Intent, *, source: Path) -> dict[str, bytes]:
    """Every file by its name in the output directory; IntentFileError when a document is larger than AWS takes."""
    attached = render_attached_policies(intent)
    if oversized := tuple(_oversized(attached)):
        raise IntentFileError(source, oversized)
    content = msgspec.json.encode(intent, order="sorted")
    return {
        **{_document_file(policy): _minified(policy.document).encode() for policy in attached},
        "attachments.json": _readable([_attachment(policy) for policy in attached]),
        **{f"parameters/{stack}.json": _readable(values) for stack, values in render_parameters(intent).items()},
        **{f"stacks/{stack}.yaml": text.encode() for stack, text in render_stacks(intent, attached).items()},
        "intent.json": content,
        DIGEST: f"{hashlib.sha256(content).hexdigest()}  intent.json\n".encode(),
    }


def render_stacks(intent: Intent, attached: Sequence[AttachedPolicy]) -> dict[str, str]:
    """The templates that are deployed as they are rendered; the control plane's own is built by SAM."""
    resources = render_management_resources(intent, policies=attached, templates=_member_templates(intent))
    return {
        "management": with_resources(read_template("management"), resources),
        **{name: read_template(name) for name in _STATIC_STACKS},
    }


def _member_templates(intent: Intent) -> tuple[MemberTemplate, ...]:
    frameworks = with_resources(read_template("framework"), render_frameworks(intent))
    parts = (
        ("member", MEMBER_STACK_SET, read_template("member"), member_regions(intent)),
        ("member-global", GLOBAL_STACK_SET, read_template("member-global"), global_regions(intent)),
        ("framework", FRAMEWORK_STACK_SET, frameworks, framework_regions(intent)),
    )
    parameters = render_parameters(intent)
    return tuple(
        MemberTemplate(name=stack_set, body=minified_template(body), parameters=parameters[stack], regions=regions)
        for stack, stack_set, body, regions in parts
    )


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
    except OSError:
        if old.exists():
            old.rename(out)
        raise


def _document_file(policy: AttachedPolicy) -> str:
    return f"{_FOLDERS[policy.type]}/{policy.name.removeprefix('strongroom-')}.json"


def _oversized(attached: Sequence[AttachedPolicy]) -> Iterator[Finding]:
    for policy in attached:
        limit = _MOST_CHARACTERS[policy.type]
        if (size := len(_minified(policy.document))) > limit:
            place = "tiers" if policy.type == BACKUP_POLICY else "guardrails"
            path = f"{place}.{policy.name.removeprefix('strongroom-')}"
            yield error("too-large", path, f"its document has {size} characters, AWS takes {limit}")


def _minified(document: object) -> str:
    # Organizations counts white space, too.
    return json.dumps(document, separators=(",", ":"))


def _readable(document: object) -> bytes:
    return (json.dumps(document, indent=2) + "\n").encode()
