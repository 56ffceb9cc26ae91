"""The version of the intent file: which are read, each by its schema, and what an older one says in the newest."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from strongroom.domain.findings import Finding, error
from strongroom_cli.intent.schema import intent_schema
from strongroom_cli.intent.version_1 import (
    find_faults_of_version_1,
    find_keys_of_version_1,
    find_keys_of_version_2,
    path_in_version_1,
    schema_of_version_1,
    upgraded,
)

VERSION: Final = "version"
OLDEST: Final = 1

type Document = dict[str, Any]
type Findings = tuple[Finding, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A version of the file: its schema, its document in the newest version, and where that one speaks of its places.

    `find_strangers` names keys of another version, `find_faults` what only this version can get wrong.
    """

    schema: Callable[[], dict[str, Any]]
    newest: Callable[[Document], Document]
    path: Callable[[str, Document], str]
    find_strangers: Callable[[Document], Findings]
    find_faults: Callable[[Document], Findings]


FORMS: Final[Mapping[int, Form]] = {
    1: Form(
        schema=cache(lambda: schema_of_version_1(intent_schema())),
        newest=upgraded,
        path=path_in_version_1,
        find_strangers=lambda document: tuple(find_keys_of_version_2(document)),
        find_faults=lambda document: tuple(find_faults_of_version_1(document)),
    ),
    2: Form(
        schema=cache(intent_schema),
        newest=lambda document: document,
        path=lambda path, _: path,
        find_strangers=lambda document: tuple(find_keys_of_version_1(document)),
        find_faults=lambda _: (),
    ),
}


def form_of(document: Any) -> tuple[Form, Findings]:
    """The form that a document is written in, or an error about its version and the newest one; without it the oldest.

    What is no mapping is left to whoever judges its structure.
    """
    newest = FORMS[max(FORMS)]
    if not isinstance(document, dict):
        return newest, ()
    version = document.get(VERSION, OLDEST)
    if isinstance(version, bool) or not isinstance(version, int) or version not in FORMS:
        return newest, (error("version", VERSION, _unreadable(version, tuple(FORMS))),)
    return FORMS[version], FORMS[version].find_strangers(document)


def _unreadable(version: Any, known: tuple[int, ...]) -> str:
    read = " and ".join(str(number) for number in known)
    if isinstance(version, int) and version > known[-1]:
        return (
            f"{version} is newer than this release, which reads {read}: install the release that the file is written "
            f"for, or write it as version {known[-1]}, whose fields are in docs/reference/intent.md"
        )
    return f"must be a version that is read, {read}, not {version!r}; left out, it is {OLDEST}"
