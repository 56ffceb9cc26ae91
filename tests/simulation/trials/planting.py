"""Plant a fault into the product for one run: a function's text is edited, and its code exchanged meanwhile."""

import __future__

import ast
import builtins
import dis
import inspect
import textwrap
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from itertools import groupby
from types import CodeType, FunctionType

from tests.simulation.nights.history import History


@dataclass(frozen=True, slots=True)
class Edit:
    """In the function `name` of a module of the product, or in a method `Class.name` of it, `old` becomes `new`."""

    module: str
    name: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Planted:
    """A fault that somebody might make, and which property would not hold; `spoil` breaks something of the world."""

    name: str
    edits: tuple[Edit, ...] = ()
    spoil: Callable[[History], None] | None = None
    # Why no history can tell the difference, where that is so.
    why_not: str = ""


def one(name: str, module: str, function: str, old: str, new: str, *, why_not: str = "") -> Planted:
    """A fault that is one edit."""
    return Planted(name, (Edit(module, function, old, new),), why_not=why_not)


@contextmanager
def planted(fault: Planted) -> Iterator[None]:
    """The product with the fault; LookupError where the edit does not fit: its text must be there once."""
    before: list[tuple[FunctionType, CodeType]] = []
    try:
        for (module, name), edits in groupby(fault.edits, key=lambda edit: (edit.module, edit.name)):
            function = _function(module, name)
            before.append((function, function.__code__))
            function.__code__ = _edited(function, [*edits])
        yield
    finally:
        for function, code in reversed(before):
            function.__code__ = code


def _function(module: str, name: str) -> FunctionType:
    found: object = import_module(f"strongroom.{module}")
    for part in name.split("."):
        found = inspect.getattr_static(found, part)
    if isinstance(found, property):
        found = found.fget
    if not isinstance(found, FunctionType):
        raise TypeError(f"{module} has no function {name}")
    return found


def _edited(function: FunctionType, edits: list[Edit]) -> CodeType:
    text = textwrap.dedent(inspect.getsource(function))
    for edit in edits:
        if text.count(edit.old) != 1:
            raise LookupError(f"{edit.name} has {text.count(edit.old)} times: {edit.old}")
        text = text.replace(edit.old, edit.new)
    tree = ast.parse(text)
    (definition,) = tree.body
    if not isinstance(definition, ast.FunctionDef):
        raise TypeError(f"{function.__name__} is no plain function")
    definition.decorator_list = []
    flags = __future__.annotations.compiler_flag
    whole = compile(tree, inspect.getsourcefile(function) or "", "exec", flags=flags, dont_inherit=True)
    edited = next(code for code in _within(whole) if code.co_name == function.__name__)
    _require_names(edited, function)
    return edited


def _require_names(edited: CodeType, function: FunctionType) -> None:
    """LookupError where the edited code names what its module does not have."""
    known = {*function.__globals__, *vars(builtins)}
    for code in (edited, *_within(edited)):
        for each in dis.get_instructions(code):
            if each.opname == "LOAD_GLOBAL" and each.argval not in known:
                raise LookupError(f"{function.__name__} knows no {each.argval}")


def _within(code: CodeType) -> Iterator[CodeType]:
    """The codes in it, and in those: that of a generic function lies within that of its parameters."""
    for each in code.co_consts:
        if isinstance(each, CodeType):
            yield each
            yield from _within(each)
