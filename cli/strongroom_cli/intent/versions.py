"""The version of the intent file: which are read, and what becomes of an older one."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from strongroom.domain.findings import Finding, error

VERSION: Final = "version"
OLDEST: Final = 1

type Document = dict[str, Any]
type Findings = tuple[Finding, ...]
# Takes a document of its version, without that key: gives it in the next version, or as it is if there is none, and
# what there is to say. What it refuses it takes out, so that nothing else is said about that.
type Step = Callable[[Document], tuple[Document, Findings]]


def _as_it_is(document: Document) -> tuple[Document, Findings]:
    return document, ()


# What a document of each version goes through; the last one is the newest.
STEPS: Final[Mapping[int, Step]] = {1: _as_it_is}


def in_newest_version(document: Any, steps: Mapping[int, Step] = STEPS) -> tuple[Any, Findings]:
    """The document as the newest version says it, without `version`, and what was said on the way.

    No `version` is the oldest. What is no mapping is given back as it is.
    """
    if not isinstance(document, dict):
        return document, ()
    content = {key: value for key, value in document.items() if key != VERSION}
    version = document.get(VERSION, OLDEST)
    if isinstance(version, bool) or not isinstance(version, int) or version not in steps:
        return content, (error("version", VERSION, _unreadable(version, tuple(steps))),)
    findings: Findings = ()
    for number in range(version, max(steps) + 1):
        content, said = steps[number](content)
        findings += said
    return content, findings


def _unreadable(version: Any, known: tuple[int, ...]) -> str:
    read = " and ".join(str(number) for number in known)
    if isinstance(version, int) and version > known[-1]:
        return (
            f"{version} is newer than this release, which reads {read}: install the release that the file is written "
            f"for, or write it as version {known[-1]}, whose fields are in docs/reference/intent.md"
        )
    return f"must be a version that is read, {read}, not {version!r}; left out, it is {OLDEST}"
