"""The editors' schema and the reference: fresh, true of the example, and as strict as they can be."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from strongroom_cli.errors import IntentFileError
from strongroom_cli.intent.file import load_intent_file
from strongroom_cli.intent.reference import render_reference
from strongroom_cli.intent.schema import editor_schema

ROOT = Path(__file__).parents[4]
SCHEMA = json.loads((ROOT / "schemas/strongroom.schema.json").read_text(encoding="utf-8"))
REFERENCE = (ROOT / "docs/reference/intent.md").read_text(encoding="utf-8")
FILES = ("strongroom.yaml", "sandbox/strongroom.yaml")


def plain(name: str = "strongroom.yaml") -> Any:
    """An intent file as plain values."""
    return yaml.safe_load((ROOT / name).read_text(encoding="utf-8"))


def refusals(document: Any) -> list[str]:
    """The places in a document that the committed schema refuses."""
    validator = jsonschema.Draft202012Validator(SCHEMA)
    return ["/".join(str(step) for step in each.absolute_path) for each in validator.iter_errors(document)]


def test_the_committed_schema_is_fresh() -> None:
    assert json.loads(json.dumps(editor_schema())) == SCHEMA, "run `make reference`"


def test_the_committed_reference_is_fresh() -> None:
    assert render_reference() == REFERENCE, "run `make reference`"


def test_the_schema_is_one_of_its_dialect() -> None:
    assert SCHEMA["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("name", FILES)
def test_the_files_of_this_repository_are_valid(name: str) -> None:
    assert refusals(plain(name)) == []


@pytest.mark.parametrize("name", FILES)
def test_editors_find_the_schema_on_the_first_line(name: str) -> None:
    first, _, _ = (ROOT / name).read_text(encoding="utf-8").partition("\n")
    place = first.removeprefix("# yaml-language-server: $schema=")
    assert ((ROOT / name).parent / place).resolve() == ROOT / "schemas/strongroom.schema.json"


def test_every_property_of_the_schema_is_described_and_no_object_takes_unknown_keys() -> None:
    for name, definition in SCHEMA["$defs"].items():
        assert definition["additionalProperties"] is False, name
        assert all(each.get("description") for each in definition["properties"].values()), name


def leaves(document: Any, path: str = "") -> Iterator[str]:
    if isinstance(document, dict):
        for name, child in document.items():
            yield from leaves(child, f"{path}.{name}".lstrip("."))
    elif isinstance(document, list) and document and isinstance(document[0], dict):
        yield from leaves(document[0], f"{path}[]")
    else:
        yield path


def test_the_reference_has_a_row_for_every_leaf_of_the_example() -> None:
    named = {"tiers", "people", "vaults"}
    for path in leaves(plain()):
        first, *rest = path.split(".")
        known = ".".join([first, "NAME", *rest[1:]]) if first in named else path
        known = ".".join(known.split(".")[:2]) if known.startswith(("organization.units", "restores.groups")) else known
        known = f"{known.partition('.keep')[0]}.keep" if ".keep." in known else known
        assert f"| `{known}` |" in REFERENCE


EXEMPTION = {"account": "222222222222", "until": "2027-01-31", "reason": "test", "granted_by": "sana"}
TIER = "tiers/daily-prod"
MISTAKES: dict[str, tuple[str, Any, str]] = {
    "unknown key": ("colour", "red", ""),
    "unknown key of a tier": (f"{TIER}/retention", 35, TIER),
    "account id as a number": ("organization/backup_account", 999999999999, "organization/backup_account"),
    "short account id": ("organization/backup_account", "9999", "organization/backup_account"),
    "Region in words": ("organization/home_region", "Ireland", "organization/home_region"),
    "unit by name": ("organization/units/Production", "Production", "organization/units/Production"),
    "vault with a space": ("vaults/local/name", "local vault", "vaults/local/name"),
    "short cooling-off": ("vaults/central/lock/changeable_for_days", 2, "vaults/central/lock"),
    "retention of nothing": (f"{TIER}/keep/local", 0, f"{TIER}/keep/local"),
    "retention for ever": (f"{TIER}/keep/central", 36_501, f"{TIER}/keep/central"),
    "vault of nobody": ("vaults/central/account", "ours", "vaults/central/account"),
    "window in minutes": (f"{TIER}/start_window", "60", f"{TIER}/start_window"),
    "rate instead of cron": (f"{TIER}/schedule", "rate(1 day)", f"{TIER}/schedule"),
    "unknown resource type": (f"{TIER}/resource_types", ["rds"], f"{TIER}/resource_types/0"),
    "index of a database": (f"{TIER}/index", ["RDS"], f"{TIER}/index/0"),
    "tag of AWS": (f"{TIER}/recovery_point_tags", {"aws:x": "y"}, f"{TIER}/recovery_point_tags"),
    "tag key of AWS": ("tag_key", "aws:backup", "tag_key"),
    "tier with a space": ("tiers/daily prod", {}, "tiers"),
    "target of a unit and the root": ("targets/0/root", True, "targets/0"),
    "no target": ("targets", [], "targets"),
    "approval by nobody": ("restores/rules/0/needed", 0, "restores/rules/0/needed"),
    "ticket system": ("tickets/system", "post", "tickets/system"),
    "address without a scheme": ("tickets/url", "tickets.example.com", "tickets/url"),
    "role by pattern": (
        "guardrails/exempt_role_arns",
        ["arn:aws:iam::*:role/admin"],
        "guardrails/exempt_role_arns/0",
    ),
    "role outside the path": ("roles", {"backup": "backup"}, "roles/backup"),
    "quick key deletion": ("keys", {"deletion_window_days": 1}, "keys/deletion_window_days"),
    "exception without an end": ("exceptions", [{**EXEMPTION, "until": None}], "exceptions/0/until"),
    "exception of nothing": ("exceptions", [{k: v for k, v in EXEMPTION.items() if k != "account"}], "exceptions/0"),
    "exception for a pattern": (
        "exceptions",
        [{**EXEMPTION, "account": None, "resource": "arn:aws:rds:eu-west-1:222222222222:db:*"}],
        "exceptions/0/resource",
    ),
}


@pytest.mark.parametrize(("path", "value", "refused"), MISTAKES.values(), ids=MISTAKES.keys())
def test_a_mistake_is_refused_by_the_schema_at_its_place_and_by_the_command(
    path: str, value: Any, refused: str, tmp_path: Path
) -> None:
    document = node = plain()
    *parents, last = path.split("/")
    for step in parents:
        node = node[int(step)] if isinstance(node, list) else node[step]
    node[last] = value
    assert refused in refusals(document)
    file = tmp_path / "strongroom.yaml"
    file.write_text(yaml.safe_dump(document), encoding="utf-8")
    with pytest.raises(IntentFileError):
        load_intent_file(file)
