"""The reference of the linter's codes is the table of the linter's codes."""

from pathlib import Path

from strongroom.domain.backup_policy.linting.codes import CODES

PAGE = Path(__file__).parents[4] / "docs" / "reference" / "lint-codes.md"


def test_the_reference_lists_every_code_as_the_linter_knows_it() -> None:
    lines = PAGE.read_text(encoding="utf-8").splitlines()
    table = [line for line in lines if line.startswith("| `")]
    assert table == [f"| `{code.name}` | {code.level} | {code.meaning} | {code.effect} |" for code in CODES.values()]
