"""What the functions' sources say of themselves: the adapters they reach and the member roles they borrow.

An app names what it needs of `strongroom.wiring`. From each of these names on, every name that stands in what it
stands for is followed until it leaves the wiring: what is reached there is what the function is made of.
"""

import ast
import importlib
import inspect
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from types import ModuleType
from typing import Any

from strongroom.runtime.settings import Setting
from tests.contract.templates import ROOT

FUNCTIONS = tuple(sorted(path.parent.name for path in ROOT.glob("functions/*/app.py")))

_WIRING = "strongroom.wiring."
_MEMBERS = "strongroom.wiring.members"
_SERVICES = "strongroom.services."
_ADAPTERS = "strongroom.adapters."

_ROLE_NAMED = re.compile(r"\bintent\.roles\.(\w+)|\b(WITNESS|WATCHED|COPY_BACK|REVOKE|SCAN|BUCKET_NAMES|SETTINGS)_ROLE")

type Definition = ast.FunctionDef | ast.ClassDef | ast.Assign | ast.TypeAlias


@dataclass(frozen=True)
class Named:
    """A name in the module that defines it."""

    module: str
    name: str


@dataclass(frozen=True)
class Adapter:
    """Something that the wiring takes from an adapter's module: a class or a function."""

    name: str
    module: ModuleType

    @property
    def thing(self) -> Any:
        """The class or function itself."""
        return getattr(self.module, self.name)

    @property
    def is_ledger(self) -> bool:
        """Whether it is the ledger's table, or one of its families."""
        return self.module.__name__.startswith(f"{_ADAPTERS}ledger.")

    def declared(self, constant: str) -> Any:
        """The class's own constant, or else its module's."""
        return vars(self.thing)[constant] if constant in vars(self.thing) else getattr(self.module, constant)


@dataclass(frozen=True)
class Source:
    """A module, parsed: what it imports, and what it defines."""

    name: str
    tree: ast.Module

    @cached_property
    def imported(self) -> dict[str, Named]:
        """Where each name comes from that the module imports from another."""
        return {
            alias.asname or alias.name: Named(node.module, alias.name)
            for node in ast.walk(self.tree)
            if isinstance(node, ast.ImportFrom) and node.module is not None
            for alias in node.names
        }

    @cached_property
    def defined(self) -> dict[str, Definition]:
        """What stands at the module's own level."""
        found: dict[str, Definition] = {}
        for node in self.tree.body:
            match node:
                case ast.FunctionDef(name=name) | ast.ClassDef(name=name) | ast.TypeAlias(name=ast.Name(id=name)):
                    found[name] = node
                case ast.Assign(targets=[ast.Name(id=name)]):
                    found[name] = node
        return found

    def resolve(self, name: str) -> Named | None:
        """Where the name is defined; None for a variable, or a name of Python's own."""
        return Named(self.name, name) if name in self.defined else self.imported.get(name)


@dataclass(frozen=True)
class Wired:
    """A definition of the wiring."""

    source: Source
    node: Definition

    def names(self) -> Iterator[Named]:
        """What its source names."""
        for node in ast.walk(self.node):
            if isinstance(node, ast.Name) and (named := self.source.resolve(node.id)) is not None:
                yield named

    def settings(self) -> set[Setting]:
        """The settings that it reads."""
        return {
            Setting[node.attr]
            for node in ast.walk(self.node)
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "Setting"
        }

    def lent(self) -> Iterator[tuple[Adapter, str]]:
        """The adapters that it hands the clients of a member role, each with the role."""
        for call in ast.walk(self.node):
            if isinstance(call, ast.Call) and (adapter := _adapter(self._called(call))) is not None:
                for argument in call.args:
                    if isinstance(argument, ast.Call) and (lender := self._called(argument)) in _lenders():
                        yield adapter, _lenders()[lender]

    def _called(self, call: ast.Call) -> Named | None:
        return self.source.resolve(call.func.id) if isinstance(call.func, ast.Name) else None


@dataclass(frozen=True)
class App:
    """A function's `app.py`, parsed, and everything of the wiring that it reaches."""

    function: str
    source: Source
    wired: tuple[Wired, ...]
    adapters: tuple[Adapter, ...]

    @property
    def logical_id(self) -> str:
        """Its name in the template."""
        return "".join(word.capitalize() for word in self.function.split("_")) + "Function"

    @property
    def borrowed(self) -> set[str]:
        """The member roles that it borrows."""
        return {_lenders()[named] for each in self.wired for named in each.names() if named in _lenders()}

    @property
    def settings(self) -> set[Setting]:
        """What it reads from the environment."""
        return {setting for each in self.wired for setting in each.settings()}

    def adapters_under(self, role: str) -> list[Adapter]:
        """The adapters that are handed the clients of a member role."""
        return [adapter for each in self.wired for adapter, lent in each.lent() if lent == role]

    def contract(self, *decorators: str) -> Any:
        """The contract that the handler is decorated with: `@each_event(Contract)` or `@each_step(Contract)`, say."""
        (name,) = (
            ast.unparse(call.args[0])
            for node in ast.walk(self.source.tree)
            if isinstance(node, ast.FunctionDef) and node.name == "handler"
            for call in node.decorator_list
            if isinstance(call, ast.Call) and ast.unparse(call.func) in decorators
        )
        named = self.source.imported[name]
        return getattr(importlib.import_module(named.module), named.name)

    def mentions(self, method: str) -> bool:
        """Whether a service that the app imports, or one that such a service imports, says `.method`."""
        services = [named.module for named in self.source.imported.values() if named.module.startswith(_SERVICES)]
        seen: set[str] = set()
        while services:
            module = services.pop()
            if module not in seen:
                seen.add(module)
                imported = parsed(module).imported.values()
                services.extend(named.module for named in imported if named.module.startswith(_SERVICES))
        return any(
            isinstance(node, ast.Attribute) and node.attr == method
            for module in seen
            for node in ast.walk(parsed(module).tree)
        )


@cache
def app(function: str) -> App:
    """The function's app."""
    path = ROOT / "functions" / function / "app.py"
    source = Source(f"functions.{function}.app", ast.parse(path.read_text(encoding="utf-8")))
    reached = _reached(source)
    wired = tuple(
        Wired(parsed(named.module), parsed(named.module).defined[named.name])
        for named in reached
        if named.module.startswith(_WIRING)
    )
    adapters = tuple(adapter for named in reached if (adapter := _adapter(named)) is not None)
    # A role that is handed over in any other spelling would go unseen.
    handed = sum(named in _lenders() for each in wired for named in each.names())
    assert handed == sum(1 for each in wired for _ in each.lent()), function
    return App(function=function, source=source, wired=wired, adapters=adapters)


def _reached(source: Source) -> tuple[Named, ...]:
    """Every name of the wiring that the app comes to, and the names outside of it where that ends."""
    waiting = [named for named in source.imported.values() if named.module.startswith(_WIRING)]
    seen: dict[Named, None] = {}
    while waiting:
        named = waiting.pop()
        if named in seen:
            continue
        seen[named] = None
        if named.module.startswith(_WIRING):
            module = parsed(named.module)
            waiting.extend(Wired(module, module.defined[named.name]).names())
    return tuple(seen)


def _adapter(named: Named | None) -> Adapter | None:
    if named is None or not named.module.startswith(_ADAPTERS):
        return None
    return Adapter(name=named.name, module=importlib.import_module(named.module))


@cache
def _lenders() -> dict[Named, str]:
    """What of the wiring hands out a member role's clients, and the role that it names: `intent.roles.<role>`."""
    found = {}
    for name, node in parsed(_MEMBERS).defined.items():
        if not name.startswith("_"):
            (role,) = _ROLE_NAMED.findall(ast.unparse(node))[0:1]
            role = next(filter(None, role)).lower()
            found[Named(_MEMBERS, name)] = role
    return found


@cache
def parsed(module: str) -> Source:
    """The module, by its full name."""
    return Source(module, ast.parse(inspect.getsource(importlib.import_module(module))))
