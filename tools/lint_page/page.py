"""The page of the linter's codes: a table, and for each code an input, what is said of it, and what would be right."""

import json
from collections.abc import Iterator
from typing import Any, Final

from strongroom.domain.backup_policy.documents import json_path, parse_policy
from strongroom.domain.backup_policy.lint import lint
from strongroom.domain.backup_policy.linting.codes import CODES, Code
from strongroom.domain.findings import Finding
from strongroom_cli.intent.regions import known_partitions
from tools.lint_page.examples import EXAMPLES
from tools.lint_page.sound import SOUND, Example

BEGIN: Final = "<!-- Written by `make reference` from tools/lint_page/ and the linter's codes; change them there. -->"

_ON_ONE_LINE: Final = 100


def render_codes() -> str:
    """The table of the codes, the sound policy, and a section for each code."""
    table = [f"| [`{code.name}`](#{code.name}) | {code.level} | {code.meaning} |" for code in CODES.values()]
    return "\n".join(
        (
            *("| code | level | what it means |", "|---|---|---|", *table),
            *("", "## A sound policy", ""),
            "Nothing is said of it, but that it locks nothing (`unlocked`). Each section changes one place of it.",
            *("", *_fenced(SOUND)),
            *(line for code in CODES.values() for line in _section(code, EXAMPLES[code.name])),
        )
    )


def findings_in(document: str, example: Example) -> list[Finding]:
    """What the linter says of a document, `unlocked` left out where that is not what the example shows."""
    found = lint(parse_policy(document), partitions=known_partitions(), vault_lock=example.lock)
    return [finding for finding in found if finding.code != "unlocked" or EXAMPLES["unlocked"] == example]


def _section(code: Code, example: Example) -> Iterator[str]:
    wrong, _ = example.documents()
    finding = next(each for each in findings_in(wrong, example) if each.code == code.name)
    yield from ("", f"## `{code.name}`", "")
    yield f"{code.meaning[:-1]}: {code.effect}. *{code.level.capitalize()}.* Source: {code.source}."
    yield from ("", f"At `{json_path(example.place)}`{_circumstances(example)}", "")
    yield from _fenced_text(example.wrong)
    yield from ("", "is answered", "")
    yield from ("```text", finding.path, finding.message, "```")
    if example.right == example.wrong:
        yield from ("", "Right is the same without the blanks.")
    else:
        yield from ("", "Right is", "", *_fenced_text(example.right))


def _circumstances(example: Example) -> str:
    lock = f", with `--vault-lock {example.lock.least}:{example.lock.most}`," if example.lock else ""
    return f"{lock} and with {example.blanks:,} blanks behind the document" if example.blanks else lock


def _fenced_text(excerpt: str) -> Iterator[str]:
    parsed = json.loads(excerpt)
    yield from _fenced(parsed) if json.dumps(parsed) == excerpt else ("```json", excerpt, "```")


def _fenced(value: Any) -> Iterator[str]:
    yield "```json"
    yield from _lines(value, "")
    yield "```"


def _lines(value: Any, indent: str, before: str = "", after: str = "") -> Iterator[str]:
    """JSON with everything on one line that fits on it."""
    line = f"{indent}{before}{json.dumps(value)}{after}"
    if len(line) <= _ON_ONE_LINE or not isinstance(value, dict):
        yield line
        return
    yield f"{indent}{before}{{"
    for number, (name, each) in enumerate(value.items(), start=1):
        yield from _lines(each, f"{indent}  ", f"{json.dumps(name)}: ", "," if number < len(value) else "")
    yield f"{indent}}}{after}"
