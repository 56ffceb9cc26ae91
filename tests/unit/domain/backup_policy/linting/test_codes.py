"""The page of the linter's codes shows each code with an input that gives it, and with one that does not."""

from pathlib import Path

import pytest

from strongroom.domain.backup_policy.linting.codes import CODES
from tools.import_table import embed
from tools.lint_page.examples import EXAMPLES
from tools.lint_page.page import BEGIN, findings_in, render_codes

PAGE = Path(__file__).parents[5] / "docs" / "reference" / "lint-codes.md"


def test_the_page_is_drawn_from_the_codes_and_what_the_linter_says() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert embed(page, render_codes(), BEGIN) == page, "run `make reference`"


def test_every_code_has_a_section_with_its_source() -> None:
    assert list(EXAMPLES) == list(CODES)
    page = PAGE.read_text(encoding="utf-8")
    for code in CODES.values():
        section = page.partition(f"\n## `{code.name}`\n")[2].partition("\n## ")[0]
        assert f"*{code.level.capitalize()}.* Source: {code.source}." in section


@pytest.mark.parametrize("code", EXAMPLES)
def test_an_input_of_the_page_gives_its_code_alone_and_the_mended_one_nothing(code: str) -> None:
    wrong, right = EXAMPLES[code].documents()
    findings = findings_in(wrong, EXAMPLES[code])
    assert {(finding.code, finding.level) for finding in findings} == {(code, CODES[code].level)}
    assert findings_in(right, EXAMPLES[code]) == []
