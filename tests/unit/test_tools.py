"""The tool that changes our code finds what no test notices, and says so."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tools.mutation.mutants import mutants_of
from tools.mutation.named import NamedChange, read_named


def changes(source: str) -> list[tuple[str, str]]:
    return [(mutant.before, mutant.after) for mutant in mutants_of(source, path="module.py")]


@pytest.mark.parametrize(
    ("statement", "changed"),
    [
        ("x = a < b", ["x = a <= b"]),
        ("x = a >= b", ["x = a > b"]),
        ("x = a == b != c", ["x = a != b != c", "x = a == b == c"]),
        ("x = a in b", ["x = a not in b"]),
        ("x = a is not b", ["x = a is b"]),
        ("x = a and b", ["x = a or b", "x = True and b", "x = a and True"]),
        ("x = a or b", ["x = a and b", "x = False or b", "x = a or False"]),
        ("x = not a", ["x = not not a"]),
        ("x = -a", ["x = +a"]),
        ("x = a + b", ["x = a - b"]),
        ("x = a & b", ["x = a | b"]),
        ("x += a", ["pass", "x -= a"]),
        ("x = a if b else c", ["x = a if True else c", "x = a if False else c"]),
        ("x = [a for a in b if a]", ["x = [a for a in b]", "x = [a for a in b if False]"]),
        ("x = f(a, b, c=d)", ["x = f(a, b)", "x = f(a, c=d)"]),
        ("x = any(a)", ["x = all(a)"]),
        ("x = sorted(a)", ["x = sorted(a, reverse=True)"]),
        ("x = a[b:c]", ["x = a[:c]", "x = a[b:]"]),
        ("x = True", ["x = False"]),
        ("x = 7", ["x = 8", "x = 6"]),
        ("x = 'a'", ["x = 'a~'"]),
        ("x = b'a'", ["x = b'a~'"]),
        ("x = f'{a}'", []),
        ("x = (a, b)", ["x = (b,)", "x = (a,)"]),
        ("x = {a: b, c: d}", ["x = {c: d}", "x = {a: b}"]),
        ("f(a)", ["pass"]),
        ("x[a] = b", ["pass"]),
        ("raise a", ["pass"]),
        ("x: Annotated[int, 7] = a", []),
        ("import a", []),
        ("'documentation'", []),
        ("if TYPE_CHECKING:\n    x = 7", []),
        ("@decorated(7)\nclass A(B, c=d):\n    'documentation'", []),
        ("def f(a: 'A' = b) -> 'B':\n    'documentation'", []),
    ],
)  # fmt: skip
def test_every_small_change_of_a_statement_is_made_once(statement: str, changed: list[str]) -> None:
    assert [after for _, after in changes(statement)] == changed


@pytest.mark.parametrize(
    ("body", "changed"),
    [
        ("return a", [("return a", "return None")]),
        ("return None", []),
        ("if a:\n        return b", [("if a:", "if True:"), ("if a:", "if False:"), ("return b", "return None")]),
        ("for a in b:\n        continue", [("continue", "pass"), ("continue", "break")]),
        ("while a:\n        break", [("while a:", "while False:"), ("break", "pass"), ("break", "continue")]),
        (
            "try:\n        a()\n    except B:\n        return c",
            [("a()", "pass"), ("except B: return c", "except B: raise"), ("return c", "return None")],
        ),
        (
            "match a:\n        case A() | B() if c:\n            d()\n        case _:\n            pass",
            [
                ("case A() | B() if c:", "(no such case)"),
                ("case _:", "(no such case)"),
                ("case A() | B() if c:", "case A() | B():"),
                ("case A() | B() if c:", "case A() | B() if False:"),
                ("case A() | B() if c:", "case B() if c:"),
                ("case A() | B() if c:", "case A() if c:"),
                ("d()", "pass"),
            ],
        ),
    ],
)
def test_every_small_change_of_the_flow_is_made_once(body: str, changed: list[tuple[str, str]]) -> None:
    assert changes(f"def f():\n    {body}") == changed


def test_what_type_checkers_hold_of_a_value_is_left_alone() -> None:
    assert changes("class A(Struct, frozen=True, kw_only=True):\n    b: int") == []
    assert [after for _, after in changes("class A(Struct, tag=True):\n    b: int")] == ["class A(Struct, tag=False):"]


def test_a_change_is_known_by_where_it_is_and_not_by_its_line() -> None:
    source = "class A:\n    def f(self):\n        return 1 < b\n"
    one, other = (
        [(mutant.told, mutant.line) for mutant in mutants_of(text, path="module.py")]
        for text in (source, f"\n\n{source}")
    )
    assert one[0] == (("A.f", "return 1 < b", "return None"), 3)
    assert [told for told, _ in one] == [told for told, _ in other]
    assert [line + 2 for _, line in one] == [line for _, line in other]


def test_a_change_is_made_and_the_module_is_left_as_it_was() -> None:
    values = []
    for mutant in mutants_of("x = 1 + 2", path="module.py"):
        names: dict[str, int] = {}
        exec(mutant.code, names)  # noqa: S102 - a mutant is there to be run
        values.append(names["x"])
    assert values == [-1, 3 + 1, 3 - 1, 3 + 1, 3 - 1]


MODULE = '''"""Who may enter."""


def may_enter(age: int) -> bool:
    """Whether somebody of that age may enter."""
    return age >= 18
'''
WEAK = """from doors import may_enter


def test_grown_ups_may_enter():
    assert may_enter(30)


def test_children_may_not_enter():
    assert not may_enter(5)
"""
EDGE = """from doors import may_enter


def test_one_may_enter_on_the_birthday():
    assert may_enter(18) and not may_enter(17)
"""
EXPLAINED = """[[survivor]]
module = "doors.py"
where = "may_enter"
before = "return age >= 18"
after = "return age >= {}"
why = "whoever stands here is {}"
"""


def mutation(project: Path) -> tuple[int, str]:
    """What `make mutation` says of the project."""
    paths = os.pathsep.join([str(ROOT), str(project)])
    ran = subprocess.run(
        [sys.executable, "-m", "tools.mutation", "--root", str(project)],
        cwd=project,
        env=os.environ | {"PYTHONPATH": paths},
        capture_output=True,
        text=True,
        check=False,
    )
    return ran.returncode, ran.stdout + ran.stderr


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A door, and tests that do not ask about the birthday."""
    (tmp_path / "tests/mutation").mkdir(parents=True)
    (tmp_path / "tests/mutation/modules.toml").write_text(
        '[[group]]\nmodules = ["doors.py"]\ntests = ["tests/test_*.py"]\n'
    )
    (tmp_path / "tests/mutation/explained.toml").write_text("")
    (tmp_path / "doors.py").write_text(MODULE)
    (tmp_path / "tests/test_doors.py").write_text(WEAK)
    return tmp_path


def test_a_change_that_no_test_notices_is_told_and_fails(project: Path) -> None:
    code, said = mutation(project)
    assert code == 1
    assert "doors.py: 4 changes, 1 noticed, 3 survived" in said
    assert "SURVIVED doors.py, may_enter\n  - return age >= 18\n  + return age > 18" in said
    assert "3 unexplained survivors, 0 explained, 0 explained in vain" in said


def test_what_survived_of_a_module_is_told_before_the_next_one_is_changed(project: Path) -> None:
    (project / "tests/mutation/modules.toml").write_text(
        '[[group]]\nmodules = ["doors.py", "gates.py"]\ntests = ["tests/test_*.py"]\n'
    )
    (project / "gates.py").write_text(MODULE)
    _, said = mutation(project)
    assert said.index("SURVIVED doors.py") < said.index("gates.py: 4 changes")
    assert "7 unexplained survivors, 0 explained, 0 explained in vain" in said


def test_a_change_that_another_test_notices_is_noticed(project: Path) -> None:
    (project / "tests/test_other.py").write_text(EDGE)
    code, said = mutation(project)
    assert (code, "doors.py: 4 changes, 4 noticed" in said) == (0, True)


def test_what_is_explained_may_survive_and_must(project: Path) -> None:
    (project / "tests/test_other.py").write_text(EDGE.replace("may_enter(18)", "may_enter(19)"))
    explained = project / "tests/mutation/explained.toml"
    explained.write_text(
        EXPLAINED.format(19, "never 18") + EXPLAINED.format(19, "never 18").replace("age >= 19", "age > 18")
    )
    code, said = mutation(project)
    assert (code, "0 unexplained survivors, 2 explained, 0 explained in vain" in said) == (0, True)
    explained.write_text(explained.read_text() + EXPLAINED.format(17, "never 17"))
    code, said = mutation(project)
    assert (code, "EXPLAINED, BUT DOES NOT SURVIVE doors.py, may_enter" in said) == (1, True)


def test_tests_that_fail_anyway_notice_nothing(project: Path) -> None:
    (project / "tests/test_doors.py").write_text(WEAK.replace("may_enter(30)", "may_enter(3)"))
    code, said = mutation(project)
    assert (code, "doors.py: its tests fail without any change" in said) == (1, True)


NAMED = read_named(ROOT)


@pytest.mark.parametrize("change", [each for each in NAMED if each.tests], ids=lambda each: each.name)
def test_a_change_by_name_has_one_place_and_tests_that_there_are(change: NamedChange) -> None:
    source = (ROOT / change.module).read_text(encoding="utf-8")
    assert change.made_in(source) != source
    for test in change.tests:
        path, _, name = test.partition("::")
        assert f"def {name}(" in (ROOT / path).read_text(encoding="utf-8") if name else (ROOT / path).is_file()


def test_a_change_by_name_is_tried_or_explained() -> None:
    assert [each.name for each in NAMED if bool(each.tests) is bool(each.why)] == []
    assert len({each.name for each in NAMED}) == len(NAMED) == 24
