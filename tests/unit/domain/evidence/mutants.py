"""The checks of the replay, each taken away in turn: the function goes on as if what it looks for were never there."""

import ast
import importlib
import inspect
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from types import CodeType, FunctionType, ModuleType
from typing import Any

from tests.conftest import ROOT

_ROOM = ROOT / "layers/core/strongroom/domain/evidence"
# What takes the decision, and what it takes it from.
MODULES = (
    "acts",
    "bundles",
    "by_hand.steps",
    "case",
    "entries",
    "history",
    "replay",
    "trust",
    "witnessing",
)
_EDGES = {ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt}

type Change = Callable[[], None]


@dataclass(frozen=True, slots=True)
class Mutant:
    """A function without one of its checks."""

    name: str
    function: FunctionType
    code: CodeType

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """Everybody who calls the function calls it so."""
        whole = self.function.__code__
        self.function.__code__ = self.code
        try:
            yield
        finally:
            self.function.__code__ = whole


def mutants_of(name: str) -> list[Mutant]:
    """One for each check: an `if` that leads to words or an error, what `or` and `and` join, and each edge."""
    module = importlib.import_module(f"strongroom.domain.evidence.{name}")
    source = (_ROOM / f"{name.replace('.', '/')}.py").read_text(encoding="utf-8")
    count = sum(1 for _ in _places(ast.parse(source)))
    return [_mutant(module, source, place=place) for place in range(count)]


def _mutant(module: ModuleType, source: str, *, place: int) -> Mutant:
    tree = ast.parse(source)
    function, change, told = list(_places(tree))[place]
    change()
    code = compile(ast.fix_missing_locations(tree), module.__file__ or "", "exec")
    name = module.__name__.partition(".evidence.")[2]
    return Mutant(f"{name}: {told}", _live(module, function), _code_named(code, function))


def _places(tree: ast.Module) -> Iterator[tuple[str, Change, str]]:
    """Where a check can be taken away: the function's name, how, and in words."""
    for outer in ast.walk(tree):
        if not isinstance(outer, ast.Module | ast.ClassDef):
            continue
        prefix = f"{outer.name}." if isinstance(outer, ast.ClassDef) else ""
        for function in outer.body:
            if isinstance(function, ast.FunctionDef):
                for change, told in _changes(function):
                    yield f"{prefix}{function.name}", change, f"{prefix}{function.name}: {told}"


def _changes(function: ast.FunctionDef) -> Iterator[tuple[Change, str]]:
    for node in ast.walk(function):
        if isinstance(node, ast.If) and _refuses(node.body[-1]):
            yield partial(setattr, node, "test", ast.Constant(value=False)), f"if {ast.unparse(node.test)}"
        if isinstance(node, ast.BoolOp):
            for number, part in enumerate(node.values):
                yield partial(_neutral, node, number), f"{ast.unparse(part)}, in {ast.unparse(node)}"
        if isinstance(node, ast.Compare) and type(node.ops[0]) in _EDGES:
            edge = _EDGES[type(node.ops[0])]()
            yield partial(setattr, node, "ops", [edge, *node.ops[1:]]), f"the edge of {ast.unparse(node)}"


def _neutral(node: ast.BoolOp, number: int) -> None:
    """Let a part of `or` never hold, and a part of `and` always."""
    node.values[number] = ast.Constant(value=isinstance(node.op, ast.And))


def _refuses(last: ast.stmt) -> bool:
    """Whether a branch ends with an error, or with words of what is wrong."""
    if isinstance(last, ast.Return) and isinstance(last.value, ast.Constant):
        return bool(last.value.value)
    return isinstance(last, ast.Raise) or (isinstance(last, ast.Return) and isinstance(last.value, ast.JoinedStr))


def _code_named(code: CodeType, name: str) -> CodeType:
    for part in name.split("."):
        code = next(each for each in code.co_consts if isinstance(each, CodeType) and each.co_name == part)
    return code


def _live(module: ModuleType, name: str) -> FunctionType:
    found: Any = module
    for part in name.split("."):
        found = inspect.getattr_static(found, part)
    function = found.fget if isinstance(found, property) else found
    assert isinstance(function, FunctionType)
    return function
