"""Why a text is no YAML that we read, in the words of whoever wrote it, and in which line."""

import re
from typing import Final, NoReturn

import yaml

from strongroom.domain.errors import MalformedError

CRON_IN_BRACES: Final = (
    "inside { } YAML takes the ? of a cron expression for its own: put it in quotes, or write the schedule in words, "
    "as daily 02:00"
)

_CONFLICT: Final = re.compile(r"^(<{7}|={7}|>{7}|\|{7})(?=[ \r\n]|\Z)", re.MULTILINE)
# What YAML does not take for text, and what would count as the end of a line without being one in an editor.
_NO_TEXT: Final = re.compile(
    "[^\t\n\r\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)

# What the parsers say, whether the place where it begins is the right one to name, and what that means.
_MEANINGS: Final = (
    (r"expected ',' or '[\]}]'", True, "the bracket that begins here is not closed, or a comma is missing in it"),
    (r"unexpected end of stream", True, "the quote that begins here is not closed"),
    (r"could not find expected ':'", True, "this is no `key: value`: write a colon and a space after the key"),
    (
        r"mapping values are not allowed",
        False,
        "a second `: ` stands here: put the text in quotes, or mend the indentation",
    ),
    (r"cannot start any token", False, "a text cannot begin with this character: put it in quotes"),
    (r"sequence entries are not allowed", False, "a list cannot begin here: give each `- ` a line of its own"),
    (
        r"expected key|expected <block end>",
        False,
        "this does not go on what stands above: mend the indentation, or close the quote before it",
    ),
    (r"unknown escape character", False, "in double quotes a backslash begins an escape: use single quotes"),
)


class YamlFaultError(MalformedError):
    """The text is no YAML, or none that we read; `line` and `column` count from 1, 0 is the whole file."""

    def __init__(self, message: str, *, line: int = 0, column: int = 0) -> None:
        """Keep the place beside the sentence."""
        self.line = line
        self.column = column
        super().__init__(message)


def refuse_strange_text(text: str) -> None:
    """YamlFaultError where a merge was left half done, or something is no text at all."""
    if found := _CONFLICT.search(text):
        _refuse(text, found, f"a merge was left half done here ({found[0]}): keep one side and take the markers out")
    if found := _NO_TEXT.search(text):
        _refuse(text, found, f"the character U+{ord(found[0]):04X} cannot stand in the file")


def _refuse(text: str, found: re.Match[str], message: str) -> NoReturn:
    before = text[: found.start()]
    raise YamlFaultError(message, line=before.count("\n") + 1, column=len(before) - before.rfind("\n"))


def explained(failure: yaml.MarkedYAMLError, text: str) -> YamlFaultError:
    """What a parser refused, in other words and at the place that has to be mended."""
    mark = failure.problem_mark
    if mark is None:
        return YamlFaultError(f"it is not valid YAML: {failure.problem}")
    line = [*text.splitlines(), ""][mark.line]
    if line[mark.column :].startswith("?") and "cron(" in line[: mark.column]:
        return _fault(mark, CRON_IN_BRACES)
    if "\t" in line[: len(line) - len(line.lstrip())] or line[mark.column :].startswith("\t"):
        return _fault(mark, "a tab stands here: YAML indents with spaces only")
    for said, is_begun_before, meaning in _MEANINGS:
        if re.search(said, failure.problem or ""):
            return _fault(failure.context_mark or mark if is_begun_before else mark, meaning)
    return _fault(mark, f"it is not valid YAML: {failure.problem}")


def _fault(mark: yaml.Mark, message: str) -> YamlFaultError:
    return YamlFaultError(message, line=mark.line + 1, column=mark.column + 1)
