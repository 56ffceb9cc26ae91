"""Tests live in the rooms of what they test, under its name: whoever moves a module moves its test along."""

import ast
import re
from pathlib import Path

import pytest

from strongroom.domain.intent.model import Intent
from tests.builders.places import (
    AUDIT_ACCOUNT,
    BACKUP_ACCOUNT,
    CENTRAL_VAULT,
    HOME,
    LOCAL_VAULT,
    PAYMENTS,
    PRODUCTION,
    REPLICA_REGION,
    REPLICA_VAULT,
    SANDBOX,
)
from tests.conftest import ROOT

UNIT = ROOT / "tests/unit"
LAYER = ROOT / "layers/core/strongroom"
FLOORS = {"cli": ROOT / "cli/strongroom_cli", "sandbox": ROOT / "sandbox"}
BUILDERS = [path for path in sorted((ROOT / "tests/builders").glob("*.py")) if path.name != "__init__.py"]
SERVICES = [path for path in sorted((LAYER / "services").rglob("*.py")) if path.name != "__init__.py"]
TESTS = sorted(UNIT.rglob("test_*.py"))
TYPED_VAULT = re.compile(r'"arn:aws:backup:[^"]*:backup-vault:[^"]')


def unit_test_of(service: Path) -> Path:
    """Where the unit test of a use case lies."""
    room = service.relative_to(LAYER).parent
    return UNIT / room / f"test_{service.name}"


def mirrors(test: Path) -> bool:
    """Whether the test's room holds a module of its name; `test_merge_properties` is one more of `merge`.

    A test that lies beside the rooms is about the whole folder of its name.
    """
    floor, *rooms = test.relative_to(UNIT).parts[:-1] or ("",)
    name = test.stem.removeprefix("test_")
    if not floor:
        return (ROOT / name).is_dir()
    room = FLOORS.get(floor, LAYER / floor).joinpath(*rooms)
    modules = (path.stem for path in room.glob("*.py"))
    return any(name == module or name.startswith(f"{module}_") for module in modules)


def short(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("service", SERVICES, ids=short)
def test_every_use_case_has_a_unit_test_of_its_name(service: Path) -> None:
    assert unit_test_of(service).is_file()


@pytest.mark.parametrize("test", TESTS, ids=short)
def test_every_unit_test_is_named_after_a_module_in_the_same_room(test: Path) -> None:
    assert mirrors(test)


@pytest.mark.parametrize(
    "name",
    [
        "services/copies/test_nothing.py",
        "services/test_verify_copy.py",
        "domain/copies/test_verify_copy.py",
        "domain/backup_policy/test_mergers.py",
        "test_nothing.py",
    ],
)
def test_a_test_of_nothing_in_its_room_is_noticed(name: str) -> None:
    assert not mirrors(UNIT / name)


@pytest.mark.parametrize("function", sorted((ROOT / "functions").glob("*/app.py")), ids=lambda path: path.parent.name)
def test_every_function_has_a_test_of_its_name(function: Path) -> None:
    assert (ROOT / "tests/functions" / f"test_{function.parent.name}.py").is_file()


@pytest.mark.parametrize("path", BUILDERS, ids=lambda path: path.stem)
def test_every_builder_is_spelled_alike(path: Path) -> None:
    functions = [node.name for node in ast.parse(path.read_text("utf-8")).body if isinstance(node, ast.FunctionDef)]
    assert functions
    odd = [name for name in functions if not name.startswith(("a_", "an_", "with_", "_")) and name != "without"]
    assert odd == []


def test_vaults_are_named_in_one_place() -> None:
    files = [path for path in (ROOT / "tests").rglob("*.py") if path.name not in {"places.py", "iam_documents.py"}]
    assert [short(path) for path in files if TYPED_VAULT.search(path.read_text("utf-8"))] == []


def test_the_places_are_those_of_the_example(intent: Intent) -> None:
    organization = intent.organization
    assert (organization.backup_account, organization.audit_account) == (BACKUP_ACCOUNT, AUDIT_ACCOUNT)
    assert (organization.home_region, organization.replica_region) == (HOME, REPLICA_REGION)
    assert (organization.units["Production"], organization.units["Sandbox"]) == (PRODUCTION, SANDBOX)
    assert (intent.central_vault_arn(), intent.replica_vault_arn()) == (CENTRAL_VAULT, REPLICA_VAULT)
    assert intent.local_vault_arn(PAYMENTS, HOME) == LOCAL_VAULT
