"""The question put to the solver, and an error where it does not know."""

from typing import Final

import z3

# A proof takes a tenth of a second or less; what takes longer is mostly no proof.
_MILLISECONDS: Final = 20_000


class UndecidedError(Exception):
    """The solver gave up: neither proved nor refuted."""


def find(*formulas: z3.BoolRef) -> z3.ModelRef | None:
    """Something of which all of this holds; None where there is nothing."""
    solver = z3.Solver()
    solver.set(timeout=_MILLISECONDS)
    solver.add(z3.simplify(z3.And(*formulas)))
    answer = solver.check()
    if answer == z3.unknown:
        raise UndecidedError(solver.reason_unknown())
    return solver.model() if answer == z3.sat else None
