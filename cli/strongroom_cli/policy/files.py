"""The files and directories that `strongroom policy` is given, and the backup policies that they hold."""

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from strongroom.domain.backup_policy.documents import json_path
from strongroom.domain.backup_policy.operator_syntax import SyntaxMistake, operator_mistakes
from strongroom.domain.errors import StrongroomError
from strongroom_cli.errors import tell
from strongroom_cli.policy_sources.found import Form, Found, FoundPolicy, NoPolicyError, Steps, UnreadableError
from strongroom_cli.policy_sources.read import MOST_BYTES, read_policies, refuse_other_kinds

STANDARD_INPUT: Final = "-"
FILES_SHAPE: Final = (
    "a backup policy; what describe-policy prints; a Terraform plan (terraform show -json); a CloudFormation template; "
    "a CDK assembly; a directory of these; or - for standard input"
)

_YAML: Final = (".yaml", ".yml")
_MOST_FOLDERS: Final = 2_000
_SUFFIXES: Final = (".json", ".template", *_YAML)
_ASSEMBLY: Final = "manifest.json"
_ASSEMBLED: Final = ".template.json"
_LEFT_OUT: Final = ("asset.", "node_modules", ".")  # what a directory's name begins with
_SIGNS_OF_POLICY: Final = (b"BACKUP_POLICY", b"@@assign", b'"plans"')


class PolicyFileError(StrongroomError):
    """A policy file cannot be used; the message names the file, the place and what would be right."""


@dataclass(frozen=True, slots=True)
class Source:
    """A file, by its name as it was given, and what it holds; the name is None for standard input."""

    name: str | None
    found: Found

    def told(self, policy: FoundPolicy, steps: Steps = ()) -> str:
        """Where in the file a place of a policy lies."""
        resource = f"{policy.resource}: " if policy.resource else ""
        return f"{self.shown}: {resource}{json_path((*policy.place, *steps))}"

    @property
    def shown(self) -> str:
        """The name, in words where there is none."""
        return self.name or "standard input"


def read_sources(names: Sequence[str]) -> list[Source]:
    """Every file and every file in the directories; PolicyFileError where one that is named holds no backup policy."""
    return [source for name in names for source in _sources(name)]


def policy_in(source: Source, policy: FoundPolicy) -> dict[str, Any]:
    """The document of a policy; PolicyFileError at the first place where it cannot be merged."""
    where = source.told(policy)
    if policy.form is Form.EFFECTIVE:
        raise PolicyFileError(f"{where}: this is an effective policy, merged already; `policy lint` judges it")
    for path in policy.text.duplicates:
        raise PolicyFileError(f"{source.told(policy, path)}: the key stands there twice; AWS refuses that, so keep one")
    try:
        refuse_other_kinds(policy.text.document)
    except NoPolicyError as failure:
        raise PolicyFileError(f"{where}: {failure}") from failure
    refuse_mistakes(operator_mistakes(policy.text.document), lambda path: source.told(policy, path))
    document: dict[str, Any] = policy.text.document
    return document


def refuse_mistakes(mistakes: Iterable[SyntaxMistake], told: Callable[[Steps], str]) -> None:
    """PolicyFileError with the first mistake of a policy; `told` names a place of it."""
    for mistake in mistakes:
        raise PolicyFileError(f"{told(mistake.path)}: {mistake.message}")


def refuse_what_is_not_known(sources: Iterable[Source]) -> None:
    """PolicyFileError where a policy is there whose content is not; what is not known in part is told."""
    for source in sources:
        for remark in source.found.remarks:
            told = f"{source.shown}: {f'{remark.resource}: ' if remark.resource else ''}{remark.text}"
            if remark.is_of_all:
                raise PolicyFileError(told)
            tell(told)


def _sources(name: str) -> Iterator[Source]:
    path = Path(name)
    if name == STANDARD_INPUT:
        yield _read(None, sys.stdin.buffer.read(), is_yaml=None)
    elif path.is_dir():
        yield from _in_directory(path)
    elif path.name == _ASSEMBLY and _is_assembly(path):
        yield from _in_directory(path.parent)
    else:
        yield _read(name, _content(path), is_yaml=path.suffix.lower() in _YAML or None)


def _in_directory(directory: Path) -> Iterator[Source]:
    files = list(_candidates(directory))
    sources = [source for file in files if (source := _read_any(file)) is not None]
    if not sources:
        raise PolicyFileError(
            f"{directory}: none of its {len(files)} files ({', '.join(_SUFFIXES)}) holds a backup policy"
        )
    yield from sources


def _candidates(directory: Path) -> Iterator[Path]:
    for number, (folder, folders, names) in enumerate(directory.walk()):
        if number == _MOST_FOLDERS:
            raise PolicyFileError(f"{directory}: more than {_MOST_FOLDERS} folders lie below: name one of them")
        folders[:] = sorted(each for each in folders if not each.startswith(_LEFT_OUT))
        is_assembly = _ASSEMBLY in names and _is_assembly(folder / _ASSEMBLY)
        suffixes = (_ASSEMBLED,) if is_assembly else _SUFFIXES
        yield from (folder / name for name in sorted(names) if name.lower().endswith(suffixes))


def _is_assembly(manifest: Path) -> bool:
    return b'"artifacts"' in _content(manifest)


def _read_any(file: Path) -> Source | None:
    """What a file in a directory holds; None where it is about something else."""
    content = _content(file)
    try:
        return Source(str(file), read_policies(content, is_yaml=file.suffix.lower() in _YAML or None))
    except UnreadableError as failure:
        if any(sign in content for sign in _SIGNS_OF_POLICY):
            raise PolicyFileError(f"{file}: {failure}") from failure
        return None
    except NoPolicyError:
        return None


def _read(name: str | None, content: bytes, *, is_yaml: bool | None) -> Source:
    try:
        return Source(name, read_policies(content, is_yaml=is_yaml))
    except NoPolicyError as failure:
        raise PolicyFileError(f"{name or 'standard input'}: {failure}") from failure


def _content(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(MOST_BYTES + 1)  # so that what is longer is seen to be
    except OSError as failure:
        raise PolicyFileError(f"{path}: the file cannot be read: {failure.strerror}") from failure
