"""Bad weather of AWS Organizations on request: it is throttled, or somebody else is changing the same thing."""

from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any, Final

from sandbox.organization.errors import concurrently_modified, too_many_requests
from sandbox.web import control

_REFUSALS: Final = {"throttle": too_many_requests, "concurrent_modification": concurrently_modified}


@dataclass(slots=True)
class _Fault:
    kind: str
    operation: str
    times: int


_waiting: list[_Fault] = []


def install() -> None:
    """Begin with good weather, and take orders: `{"fault", "operation", "times"}`, the operation with wildcards."""
    _waiting.clear()
    control.register("POST", "/organization/fault", _order)


def strike(operation: str, *, reads: bool) -> None:
    """Refuse the call if a fault waits for it; a read can be throttled only."""
    for fault in _waiting:
        if fnmatchcase(operation, fault.operation) and not (reads and fault.kind == "concurrent_modification"):
            fault.times -= 1
            if fault.times == 0:
                _waiting.remove(fault)
            refusal = _REFUSALS[fault.kind]
            raise refusal()


def _order(request: dict[str, Any]) -> dict[str, Any]:
    if request["fault"] not in _REFUSALS:
        raise control.ControlError(f"unknown fault {request['fault']!r}; one of {', '.join(_REFUSALS)}")
    _waiting.append(_Fault(request["fault"], request.get("operation", "*"), int(request.get("times", 1))))
    return {"waiting": len(_waiting)}
