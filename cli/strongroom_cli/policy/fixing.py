"""Writing the certain mends into files that are backup policies, and nothing else of them anew."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from strongroom.domain.backup_policy.documents import json_path
from strongroom.domain.backup_policy.linting.reading import minified_characters
from strongroom.domain.backup_policy.mending import Mend, mend
from strongroom.domain.backup_policy.quotas import POLICY_CHARACTERS
from strongroom_cli.errors import tell
from strongroom_cli.policy.files import PolicyFileError, Source
from strongroom_cli.policy_sources.found import Form, FoundPolicy
from strongroom_cli.policy_sources.read import read_policies

_INDENT: Final = re.compile(r"\n([ \t]+)\S")
_COMPACT: Final = (",", ":")


def fix(source: Source) -> Source:
    """The file as it is after its mends are written and told; PolicyFileError where it cannot be written."""
    [policy, *_] = source.found.policies or [None]
    if source.name is None or policy is None or policy.form is not Form.BARE:
        tell("only files that are a backup policy and nothing else are mended", by=source.shown)
        return source
    if policy.text.duplicates:
        tell("it is not mended, for a key stands there twice, and one of the two would be lost", by=source.shown)
        return source
    text = Path(source.name).read_bytes().decode()
    document, mends = mend(policy.text.document)
    try:
        written = _rendered(document, like=text) if mends else text
        if len(written) > POLICY_CHARACTERS >= minified_characters(document):
            written = _minified(document, like=text)
    except (ValueError, RecursionError):
        tell("it is not mended, for it holds a number or a nesting that JSON does not give back", by=source.shown)
        return source
    if written == text:
        return source
    _write(Path(source.name), written)
    for told in _told(mends, policy, is_minified="\n" in text and "\n" not in written):
        tell(told, by=source.shown)
    return Source(source.name, read_policies(written.encode()))


def _told(mends: tuple[Mend, ...], policy: FoundPolicy, *, is_minified: bool) -> Iterator[str]:
    lines = policy.lines.of([each.path for each in mends])
    for each, line in zip(mends, lines, strict=True):
        yield f"mended, line {line}: {json_path(each.path)}: {each.before} is now {each.after} [{each.code}]"
    if is_minified:
        yield "mended: written without white space, so that it is short enough [document-too-long]"


def _rendered(document: Any, *, like: str) -> str:
    """The document with the indentation, the escapes and the ends of lines of a text."""
    indent = _INDENT.search(like)
    separators = _COMPACT if indent is None and '": ' not in like else None
    text = json.dumps(
        document,
        indent=indent[1] if indent else None,
        separators=separators,
        ensure_ascii=like.isascii() or _has_surrogates(like),
        allow_nan=False,
    )
    text += "\n" if like.endswith("\n") else ""
    return text.replace("\n", "\r\n") if "\r\n" in like else text


def _minified(document: Any, *, like: str) -> str:
    return json.dumps(document, separators=_COMPACT, ensure_ascii=_has_surrogates(like), allow_nan=False)


def _has_surrogates(text: str) -> bool:
    return "\\ud" in text.lower()


def _write(path: Path, text: str) -> None:
    try:
        path.write_bytes(text.encode())
    except OSError as failure:
        raise PolicyFileError(f"{path}: the file cannot be written: {failure.strerror}") from failure
