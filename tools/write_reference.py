"""Write what is generated: what the intent may say, imports, refusals, codes, threats, coverage, restores."""

import json
from pathlib import Path

from strongroom_cli.intent.reference import render_reference
from strongroom_cli.intent.schema import editor_schema
from tests.conformance.facts import FACTS
from tools.coverage_table import BEGIN as COVERAGE_MARK
from tools.coverage_table import render_coverage
from tools.fact_table import BEGIN as FACTS_MARK
from tools.fact_table import render_facts
from tools.import_table import embed, read_contracts, render_imports
from tools.lint_page.page import BEGIN as CODES_MARK
from tools.lint_page.page import render_codes
from tools.restore_table import BEGIN as RESTORES_MARK
from tools.restore_table import render_restores
from tools.threat_table import BEGIN as THREATS_MARK
from tools.threat_table import find_tests, render_threats

ROOT = Path(__file__).parent.parent


def main() -> None:
    """Write each in its place."""
    schema = ROOT / "schemas" / "strongroom.schema.json"
    schema.parent.mkdir(exist_ok=True)
    schema.write_text(json.dumps(editor_schema(), indent=2) + "\n", encoding="utf-8")
    (ROOT / "docs" / "reference").mkdir(exist_ok=True)
    (ROOT / "docs" / "reference" / "intent.md").write_text(render_reference(), encoding="utf-8")
    page = ROOT / "docs" / "architecture.md"
    imports = render_imports(read_contracts(ROOT / "pyproject.toml"))
    page.write_text(embed(page.read_text(encoding="utf-8"), imports), encoding="utf-8")
    page = ROOT / "docs" / "sandbox.md"
    page.write_text(embed(page.read_text(encoding="utf-8"), render_facts(FACTS), FACTS_MARK), encoding="utf-8")
    page = ROOT / "docs" / "reference" / "lint-codes.md"
    page.write_text(embed(page.read_text(encoding="utf-8"), render_codes(), CODES_MARK), encoding="utf-8")
    page = ROOT / "docs" / "reference" / "coverage.md"
    page.write_text(embed(page.read_text(encoding="utf-8"), render_coverage(), COVERAGE_MARK), encoding="utf-8")
    page = ROOT / "docs" / "reference" / "restores.md"
    page.write_text(embed(page.read_text(encoding="utf-8"), render_restores(), RESTORES_MARK), encoding="utf-8")
    page = ROOT / "docs" / "security.md"
    page.write_text(
        embed(page.read_text(encoding="utf-8"), render_threats(find_tests(ROOT)), THREATS_MARK), encoding="utf-8"
    )


if __name__ == "__main__":
    main()
