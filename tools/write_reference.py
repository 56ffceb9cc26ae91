"""Write what is generated from the intent's own fields: the editors' JSON Schema and the reference."""

import json
from pathlib import Path

from strongroom_cli.intent.reference import render_reference
from strongroom_cli.intent.schema import editor_schema

ROOT = Path(__file__).parent.parent


def main() -> None:
    """Write both files in place."""
    schema = ROOT / "schemas" / "strongroom.schema.json"
    schema.parent.mkdir(exist_ok=True)
    schema.write_text(json.dumps(editor_schema(), indent=2) + "\n", encoding="utf-8")
    (ROOT / "docs" / "reference").mkdir(exist_ok=True)
    (ROOT / "docs" / "reference" / "intent.md").write_text(render_reference(), encoding="utf-8")


if __name__ == "__main__":
    main()
