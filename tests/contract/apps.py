"""What the functions' sources say of themselves: the adapters they import and the member roles they borrow."""

import ast
import importlib
import inspect
import re
from dataclasses import dataclass, field
from functools import cache
from types import ModuleType
from typing import Any

from tests.contract.templates import ROOT

FUNCTIONS = tuple(sorted(path.parent.name for path in ROOT.glob("functions/*/app.py")))

_SERVICES = "strongroom.services"
_ADAPTERS = "strongroom.adapters"


@dataclass(frozen=True)
class Adapter:
    """Something that an app imports from an adapter's module: a class or a function."""

    name: str
    module: ModuleType

    @property
    def thing(self) -> Any:
        """The class or function itself."""
        return getattr(self.module, self.name)

    @property
    def is_ledger(self) -> bool:
        """Whether it is the ledger's table, or one of its families."""
        return self.module.__name__.startswith(f"{_ADAPTERS}.ledger.")

    def declared(self, constant: str) -> Any:
        """The class's own constant, or else its module's."""
        return vars(self.thing)[constant] if constant in vars(self.thing) else getattr(self.module, constant)


@dataclass(frozen=True)
class App:
    """A function's `app.py`, parsed."""

    function: str
    tree: ast.Module
    adapters: dict[str, Adapter]
    borrowed: dict[str, str] = field(default_factory=dict)

    @property
    def logical_id(self) -> str:
        """Its name in the template."""
        return "".join(word.capitalize() for word in self.function.split("_")) + "Function"

    def adapters_under(self, role: str) -> list[Adapter]:
        """The adapters that are handed the clients of a member role."""
        clients = {name for name, borrowed in self.borrowed.items() if borrowed == role}
        return [
            self.adapters[call.func.id]
            for call in ast.walk(self.tree)
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in self.adapters
            if any(isinstance(argument, ast.Name) and argument.id in clients for argument in call.args)
        ]

    def contract(self, decorator: str) -> Any:
        """The contract that the handler is decorated with: `@each_event(Contract, ...)` or `@each_step(Contract)`."""
        (name,) = (
            ast.unparse(call.args[0])
            for node in ast.walk(self.tree)
            if isinstance(node, ast.FunctionDef) and node.name == "handler"
            for call in node.decorator_list
            if isinstance(call, ast.Call) and ast.unparse(call.func) == decorator
        )
        (module,) = (module for module, imported in _imports(self.tree) if imported == name)
        return getattr(importlib.import_module(module), name)

    def mentions(self, method: str) -> bool:
        """Whether a service that the app imports, or one that such a service imports, says `.method`."""
        services = [module for module, _ in _imports(self.tree) if module.startswith(_SERVICES)]
        seen: set[str] = set()
        while services:
            module = services.pop()
            if module not in seen:
                seen.add(module)
                services.extend(m for m, _ in _imports(_source(module)) if m.startswith(_SERVICES))
        return any(
            isinstance(node, ast.Attribute) and node.attr == method
            for module in seen
            for node in ast.walk(_source(module))
        )


@cache
def app(function: str) -> App:
    """The function's app."""
    tree = ast.parse((ROOT / "functions" / function / "app.py").read_text(encoding="utf-8"))
    adapters = {
        name: Adapter(name=name, module=importlib.import_module(module))
        for module, name in _imports(tree)
        if module.startswith(_ADAPTERS)
    }
    return App(function=function, tree=tree, adapters=adapters, borrowed=_borrowed(tree))


@cache
def _source(module: str) -> ast.Module:
    return ast.parse(inspect.getsource(importlib.import_module(module)))


def _imports(tree: ast.Module) -> list[tuple[str, str]]:
    return [
        (node.module, alias.name)
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module is not None
        for alias in node.names
    ]


def _borrowed(tree: ast.Module) -> dict[str, str]:
    """The variables that hold clients of a member account, and the role each stands for: `intent.roles.<role>`."""
    found: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and "MemberClients(" in ast.unparse(node.value):
            (target,) = node.targets
            (role,) = re.findall(r"\bintent\.roles\.(\w+)", ast.unparse(node.value))
            found[ast.unparse(target)] = role
    # A role that is borrowed in any other spelling would go unseen.
    assert len(found) == sum(isinstance(n, ast.Name) and n.id.endswith("MemberClients") for n in ast.walk(tree))
    return found
