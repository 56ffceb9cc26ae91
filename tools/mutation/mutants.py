"""Every small change that can be made to a module, one at a time.

What no test could notice is left alone: annotations, docstrings, imports, decorators, and what type checkers hold, that
a value is changed by nobody and told by its names among it.
"""

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from types import CodeType
from typing import Any, Final

_SWAPPED: Final[dict[type[ast.AST], type[ast.AST]]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.And: ast.Or,
    ast.Or: ast.And,
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Add,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult,
    ast.Pow: ast.Mult,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
    ast.BitXor: ast.BitOr,
    ast.LShift: ast.RShift,
    ast.RShift: ast.LShift,
    ast.USub: ast.UAdd,
}
_TWINS: Final = {"any": "all", "all": "any", "min": "max", "max": "min"}
_TRUE, _FALSE, _NONE = (ast.Constant(value=value) for value in (True, False, None))
_SILENT_FIELDS: Final = {"annotation", "returns", "decorator_list", "type_params", "bases", "ctx"}


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change: its line, the function or class around it, the statement before and after, and the changed module."""

    line: int
    where: str
    before: str
    after: str
    code: CodeType

    @property
    def told(self) -> tuple[str, str, str]:
        """By what the change is known, whatever line it is on."""
        return self.where, self.before, self.after


@dataclass(frozen=True, slots=True)
class _Edit:
    """Fields of nodes with what they become; `before` and `after` only where the statement's first line is the same."""

    fields: tuple[tuple[ast.AST, str, Any], ...]
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class _Place:
    """A node, the innermost statement around it, and the names of the functions and classes around that."""

    node: ast.AST
    statement: ast.AST
    names: tuple[str, ...]


def mutants_of(source: str, *, path: str) -> Iterator[Mutant]:
    """All changes of the module in the order of its text."""
    module = ast.parse(source)
    for place in (_Place(module, module, ()), *_places(module, ())):
        for edit in _edits_of(place.node):
            yield from _made(module, place, edit, path=path)


def _made(module: ast.Module, place: _Place, edit: _Edit, *, path: str) -> Iterator[Mutant]:
    before = edit.before or _head(place.statement)
    kept = [(node, field, getattr(node, field)) for node, field, _ in edit.fields]
    for node, field, new in edit.fields:
        setattr(node, field, new)
    after = edit.after or _head(place.statement)
    code = compile(ast.fix_missing_locations(module), path, "exec")
    for node, field, old in kept:
        setattr(node, field, old)
    if before != after:
        line = getattr(place.node, "lineno", getattr(place.statement, "lineno", 0))
        yield Mutant(line, ".".join(place.names), before, after, code)


def _places(node: ast.AST, names: tuple[str, ...], around: ast.stmt | ast.match_case | None = None) -> Iterator[_Place]:
    for child in _heard_children(node):
        statement = child if isinstance(child, ast.stmt | ast.match_case) else around
        inside = (*names, child.name) if isinstance(child, ast.FunctionDef | ast.ClassDef) else names
        if statement is not None:
            yield _Place(child, statement, inside)
        yield from _places(child, inside, statement)


def _heard_children(node: ast.AST) -> Iterator[ast.AST]:
    for name, value in ast.iter_fields(node):
        if name not in _SILENT_FIELDS:
            for child in value if isinstance(value, list) else [value]:
                if isinstance(child, ast.AST) and not _is_silent(child):
                    yield child


def _is_silent(node: ast.AST) -> bool:
    match node:
        case ast.Import() | ast.ImportFrom() | ast.TypeAlias() | ast.Expr(value=ast.Constant()):
            return True
        case ast.If(test=ast.Name(id="TYPE_CHECKING")):
            return True
        case ast.keyword(arg="frozen" | "kw_only"):
            return True
    return False


def _head(node: ast.AST) -> str:
    """The statement without what it has inside."""
    return ast.unparse(node).strip().splitlines()[0]


def _edits_of(node: ast.AST) -> Iterator[_Edit]:
    """What can be changed at this node."""
    yield from _edits_of_statement(node)
    yield from _edits_of_body(node)
    yield from _edits_of_operator(node)
    yield from _edits_of_call(node)
    yield from _edits_of_literal(node)


def _edits_of_statement(node: ast.AST) -> Iterator[_Edit]:
    match node:
        case ast.If() | ast.IfExp():
            yield _edit(node, "test", _TRUE)
            yield _edit(node, "test", _FALSE)
        case ast.While():
            yield _edit(node, "test", _FALSE)
        case ast.comprehension(ifs=[_, *_]):
            yield _edit(node, "ifs", [])
            yield _edit(node, "ifs", [_FALSE])
        case ast.Return(value=ast.expr() as value) if not isinstance(value, ast.Constant):
            yield _edit(node, "value", _NONE)
        case ast.Match():
            for case, others in _left_out(node.cases) if len(node.cases) > 1 else ():
                yield _Edit(((node, "cases", others),), before=_head(case), after="(no such case)")
        case ast.match_case():
            yield from _edits_of_case(node)
        case ast.ExceptHandler():
            head, body = _head(node), "; ".join(map(ast.unparse, node.body))
            yield _Edit(((node, "body", [ast.Raise()]),), before=f"{head} {body}", after=f"{head} raise")


def _edits_of_case(node: ast.match_case) -> Iterator[_Edit]:
    if node.guard is not None:
        yield _edit(node, "guard", None)
        yield _edit(node, "guard", _FALSE)
    if isinstance(node.pattern, ast.MatchOr):
        for _, others in _left_out(node.pattern.patterns):
            yield _edit(node, "pattern", others[0] if len(others) == 1 else ast.MatchOr(others))


def _edits_of_body(node: ast.AST) -> Iterator[_Edit]:
    """A statement inside left out, or a loop left another way."""
    for field in ("body", "orelse", "finalbody"):
        body = getattr(node, field, None)
        if not isinstance(body, list):
            continue
        for number, statement in enumerate(body):
            for instead in _instead_of(statement):
                changed = [*body[:number], instead, *body[number + 1 :]]
                yield _Edit(((node, field, changed),), before=_head(statement), after=_head(instead))


def _instead_of(statement: ast.stmt) -> Iterator[ast.stmt]:
    match statement:
        case ast.Expr(value=ast.Constant()):
            return
        case ast.Raise() | ast.Expr() | ast.AugAssign() | ast.Delete() | ast.Assert():
            yield ast.Pass()
        case ast.Assign(targets=[ast.Subscript() | ast.Attribute()]):
            yield ast.Pass()
        case ast.Continue():
            yield ast.Pass()
            yield ast.Break()
        case ast.Break():
            yield ast.Pass()
            yield ast.Continue()


def _edits_of_operator(node: ast.AST) -> Iterator[_Edit]:
    match node:
        case ast.Compare():
            for number, operator in enumerate(node.ops):
                changed = [*node.ops[:number], _SWAPPED[type(operator)](), *node.ops[number + 1 :]]
                yield _edit(node, "ops", changed)
        case ast.BoolOp():
            yield _edit(node, "op", _SWAPPED[type(node.op)]())
            # As good as left out: true in a conjunction, false in a disjunction.
            nothing = _TRUE if isinstance(node.op, ast.And) else _FALSE
            for number, _ in enumerate(node.values):
                yield _edit(node, "values", [*node.values[:number], nothing, *node.values[number + 1 :]])
        case ast.UnaryOp(op=ast.Not()):
            yield _edit(node, "operand", ast.UnaryOp(ast.Not(), node.operand))
        case ast.BinOp() | ast.AugAssign() | ast.UnaryOp(op=ast.USub()):
            yield _edit(node, "op", _SWAPPED[type(node.op)]())


def _edits_of_call(node: ast.AST) -> Iterator[_Edit]:
    if isinstance(node, ast.Slice):
        for field in ("lower", "upper", "step"):
            if getattr(node, field) is not None:
                yield _edit(node, field, None)
    if not isinstance(node, ast.Call):
        return
    for _, others in _left_out(node.keywords):
        yield _edit(node, "keywords", others)
    if len(node.args) > 1:
        yield _edit(node, "args", node.args[:-1])
    if isinstance(node.func, ast.Name) and node.func.id in _TWINS:
        yield _edit(node.func, "id", _TWINS[node.func.id])
    if isinstance(node.func, ast.Name) and node.func.id == "sorted":
        # Not left unsorted: a set may happen to be in order.
        yield _edit(node, "keywords", [*node.keywords, ast.keyword("reverse", _TRUE)])


def _edits_of_literal(node: ast.AST) -> Iterator[_Edit]:
    match node:
        case ast.Constant(value=bool()):
            yield _edit(node, "value", not node.value)
        case ast.Constant(value=int(number)):
            yield _edit(node, "value", number + 1)
            yield _edit(node, "value", number - 1)
        case ast.Constant(value=str(text)):
            yield _edit(node, "value", text + "~")
        case ast.Constant(value=bytes(content)):
            yield _edit(node, "value", content + b"~")
        case ast.Tuple(ctx=ast.Load()) | ast.List(ctx=ast.Load()) | ast.Set():
            for _, others in _left_out(node.elts):
                yield _edit(node, "elts", others)
        case ast.Dict():
            for number, _ in enumerate(node.keys):
                keys = [*node.keys[:number], *node.keys[number + 1 :]]
                values = [*node.values[:number], *node.values[number + 1 :]]
                yield _Edit(((node, "keys", keys), (node, "values", values)))


def _left_out[T](parts: Sequence[T]) -> Iterator[tuple[T, list[T]]]:
    """Each part with all the others."""
    for number, part in enumerate(parts):
        yield part, [*parts[:number], *parts[number + 1 :]]


def _edit(node: ast.AST, field: str, new: Any) -> _Edit:
    return _Edit(((node, field, new),))
