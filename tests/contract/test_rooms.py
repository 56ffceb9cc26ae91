"""A folder is a room: a reader takes in what it holds, and tests lie in the rooms of what they test, under its name."""

import ast
import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import pytest

from strongroom.domain.intent.destinations import destination_vaults
from strongroom.domain.intent.model import Intent
from strongroom.domain.intent.places import local_vault_arns
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
# Above, a folder is a list to be searched: what belongs together in it becomes a room of its own.
MOST_FILES = 17
SOURCES = ("layers", "functions", "cli", "sandbox", "tests", "benchmarks")
FLOORS = {"cli": ROOT / "cli/strongroom_cli", "sandbox": ROOT / "sandbox"}
BUILDERS = [path for path in sorted((ROOT / "tests/builders").glob("*.py")) if path.name != "__init__.py"]
SERVICES = [path for path in sorted((LAYER / "services").rglob("*.py")) if path.name != "__init__.py"]
TESTS = sorted(UNIT.rglob("test_*.py"))
TYPED_VAULT = re.compile(r'"arn:aws:backup:[^"]*:backup-vault:[^"]')


def unit_test_of(service: Path) -> Path:
    """Where the unit test of a use case lies."""
    room = service.relative_to(LAYER).parent
    return UNIT / room / f"test_{service.name}"


def overfull(files: Iterable[Path]) -> list[str]:
    """The folders that hold more of the files than a reader takes in."""
    return [short(folder) for folder, count in Counter(file.parent for file in files).items() if count > MOST_FILES]


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
def test_every_function_has_a_test_of_its_name_in_the_room_of_its_use_case(function: Path) -> None:
    [room] = [path.relative_to(LAYER).parts[1] for path in SERVICES if path.stem == function.parent.name]
    assert len([*(ROOT / "tests/functions" / room).rglob(f"test_{function.parent.name}.py")]) == 1


def test_no_folder_holds_more_files_than_a_reader_takes_in() -> None:
    """A longer list is searched instead of read, and hides that it is about several things."""
    files = [path for source in SOURCES for path in (ROOT / source).rglob("*.py") if "node_modules" not in path.parts]
    assert overfull(files) == []


def test_a_folder_with_one_file_too_many_is_noticed() -> None:
    files = [UNIT / f"test_{number}.py" for number in range(MOST_FILES + 1)]
    assert overfull(files) == ["tests/unit"]
    assert overfull(files[1:]) == []


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
    assert (organization.home_region, intent.vaults["replica"].region) == (HOME, REPLICA_REGION)
    assert (organization.units["Production"], organization.units["Sandbox"]) == (PRODUCTION, SANDBOX)
    assert [vault.arn for vault in destination_vaults(intent)] == [CENTRAL_VAULT, REPLICA_VAULT]
    assert local_vault_arns(intent, account=PAYMENTS, region=HOME) == (LOCAL_VAULT,)
