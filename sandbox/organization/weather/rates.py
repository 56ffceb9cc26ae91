"""How many calls of an operation AWS Organizations takes of an account in a second, held when the stage is told so.

Source: Organizations User Guide, "Quotas and service limits", "Throttling limits": a bucket for each operation, which
fills steadily up to its burst, and one for the three that walk the tree. What is not in that table is not held.
"""

import time
from collections.abc import Callable
from typing import Any, Final

from sandbox.organization.errors import too_many_requests
from sandbox.web import control
from sandbox.web.buckets import Bucket

_STEADY_AND_BURST: Final = {
    "AttachPolicy": (2, 3),
    "CreatePolicy": (2, 3),
    "DescribeAccount": (20, 30),
    "DescribeOrganization": (1, 2),
    "DescribePolicy": (2, 2),
    "DetachPolicy": (2, 3),
    "ListAccounts": (8, 12),
    "ListAccountsForParent": (5, 8),
    "ListChildren": (6, 10),
    "ListOrganizationalUnitsForParent": (5, 8),
    "ListParents": (5, 8),
    "ListPolicies": (5, 8),
    "ListPoliciesForTarget": (5, 8),
    "ListRoots": (1, 2),
    "ListTargetsForPolicy": (5, 8),
    "MoveAccount": (2, 3),
    "UpdatePolicy": (2, 3),
}


# "ListParents, ListAccountsForParent and ListOrganizationalUnitsForParent together" have one rate.
_TOGETHER: Final = dict.fromkeys(("ListAccountsForParent", "ListOrganizationalUnitsForParent"), "ListParents")


class Rates:
    """The rates of every account; not held until told."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._buckets: dict[tuple[str, str], Bucket] | None = None
        self._share = 1.0
        self.refused = 0

    def hold(self, *, held: bool, share: float = 1.0) -> None:
        """Begin with full buckets, or let every call through; `share` is what others leave of each rate."""
        self._buckets = {} if held else None
        self._share = share
        self.refused = 0

    def ensure_within(self, caller: str, operation: str) -> None:
        """Refuse a call that comes too soon after others of its operation."""
        if self._buckets is None or operation not in _STEADY_AND_BURST:
            return
        steady, burst = (each * self._share for each in _STEADY_AND_BURST[operation])
        now = self._clock()
        shared = _TOGETHER.get(operation, operation)
        bucket = self._buckets.setdefault((caller, shared), Bucket(steady, burst, burst, now))
        if not bucket.take(now):
            self.refused += 1
            raise too_many_requests()


_rates = Rates()


def install() -> None:
    """Hold nothing, and take orders: `{"held": true}`; each answer says how many calls were refused until then.

    With `"share": 0.5` others have taken half of each rate.
    """
    _rates.hold(held=False)
    control.register("POST", "/organization/rates", _order)


def ensure_within(caller: str, operation: str) -> None:
    """Refuse a call of this sandbox's organisation that comes too soon."""
    _rates.ensure_within(caller, operation)


def _order(request: dict[str, Any]) -> dict[str, Any]:
    refused = _rates.refused
    _rates.hold(held=bool(request["held"]), share=float(request.get("share", 1)))
    return {"held": bool(request["held"]), "refused": refused}
