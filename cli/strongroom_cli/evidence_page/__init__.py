"""`strongroom evidence page`: one HTML file that verifies bundles in a browser, without a network and without us."""

import argparse
import base64
import hashlib
import json
import sys
from importlib.resources import files
from pathlib import Path
from typing import Final

from strongroom.domain.catalogue.rows import RISKS_OF_TYPES
from strongroom.domain.values import asdict

# In reading order; the page runs nothing before all of them are there.
_SCRIPTS: Final = (
    "reading.js",
    "trust.js",
    "log.js",
    "rules.js",
    "signers.js",
    "decisions.js",
    "replay.js",
    "reviews.js",
    "steps.js",
    "sealed.js",
    "report.js",
    "page.js",
)


def add_page(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the verb."""
    page = verbs.add_parser("page", help="write the page that verifies bundles in a browser, without a network")
    page.add_argument("--output", type=Path, metavar="FILE", help="where to write it; by default it is printed")
    page.set_defaults(run=_write)


def page_text() -> str:
    """The page in one file; its policy lets nothing run or load but the script and the style that it holds."""
    style = _part("page.css")
    script = "\n".join(["'use strict';\n", _risks(), *map(_part, _SCRIPTS)])
    return _part("page.html").format(
        style=style, style_hash=_hash_source(style), script=script, script_hash=_hash_source(script)
    )


def _risks() -> str:
    """What the page knows of resource types: the same table as the command's."""
    table = {name: asdict(risks) for name, risks in RISKS_OF_TYPES.items()}
    return f"const RISKS_OF_TYPES = {json.dumps(table, indent=2)};\n"


def _write(arguments: argparse.Namespace) -> int:
    if arguments.output is None:
        sys.stdout.write(page_text())
        return 0
    arguments.output.write_text(page_text(), encoding="utf-8")
    print(f"Wrote {arguments.output}: open it in a browser, and pick a bundle.")
    return 0


def _part(name: str) -> str:
    return (files(__name__) / name).read_text(encoding="utf-8")


def _hash_source(content: str) -> str:
    """Of a source that a Content Security Policy allows (CSP Level 3, section 2.3.1)."""
    return "sha256-" + base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
