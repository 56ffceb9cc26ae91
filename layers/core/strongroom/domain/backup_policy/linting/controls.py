"""What `@@operators_allowed_for_child_policies` may hold, and what it leaves open.

Source: AWS Organizations User Guide, "Inheritance operators".
"""

from typing import Any, Final

from strongroom.domain.backup_policy.documents import ALL, NONE, VALUE_OPERATORS
from strongroom.domain.backup_policy.linting.reading import shown

_KNOWN: Final = (ALL, NONE, *VALUE_OPERATORS)
CONTROL_ADVICE: Final = f'write ["{NONE}"], ["{ALL}"], or some of {", ".join(VALUE_OPERATORS)}'


def fault_of_control(control: Any) -> str | None:
    """Why AWS would refuse a child control; None if it would not."""
    if not isinstance(control, list):
        return f"{shown(control)} is no list of operators"
    if not control:
        return "the list of operators is empty"
    strange = [each for each in control if each not in _KNOWN]
    if strange:
        return f"{shown(strange[0])} is no operator that can be left to children"
    if len(set(control)) < len(control):
        return "an operator stands twice in the list"
    return f"{NONE} stands beside another operator" if NONE in control and len(control) > 1 else None


def left_open(control: Any) -> tuple[str, ...]:
    """Which operators a control leaves to children; none where it is ill-formed, which is told by itself."""
    if fault_of_control(control) is not None or NONE in control:
        return ()
    return (ALL,) if ALL in control else tuple(operator for operator in VALUE_OPERATORS if operator in control)
