"""Eventual consistency on request: how late a service shows what was just made; not at all until the stage is told so.

Sources: DynamoDB API reference, TagResource, of the tags of tables; IAM User Guide and Organizations User Guide,
"Changes that I make aren't always immediately visible"; that lists and descriptions of AWS Backup lag is not
documented, and the harder case.
"""

from datetime import UTC, datetime, timedelta
from typing import Any, Final

from sandbox.settings import Settings
from sandbox.web import control

SERVICES: Final = ("backup", "dynamodb", "iam", "organizations")

_lags: dict[str, timedelta] = {}
_ordered_at = datetime.max.replace(tzinfo=UTC)


def install(_: Settings | None = None) -> None:
    """Begin without any, and take orders: `{"organizations": 5}`, in seconds; what is not named does not lag."""
    _lags.clear()
    control.register("POST", "/lag", _order)


def of(service: str) -> timedelta:
    """How late a service shows what is fresh."""
    return _lags.get(service, timedelta())


def hides(service: str, made_at: datetime) -> bool:
    """Whether a service does not show yet what was made then; what was there before the order is shown."""
    return made_at >= _ordered_at and datetime.now(UTC) - made_at < of(service)


def _order(request: dict[str, Any]) -> dict[str, Any]:
    if unknown := sorted(set(request) - set(SERVICES)):
        raise control.ControlError(f"nothing of {', '.join(unknown)} lags; only of {', '.join(SERVICES)}")
    global _ordered_at  # noqa: PLW0603 - one lag for one process
    _ordered_at = datetime.now(UTC).replace(microsecond=0)  # IAM tells full seconds only
    _lags.clear()
    _lags.update({service: timedelta(seconds=float(seconds)) for service, seconds in request.items()})
    return {service: lag.total_seconds() for service, lag in _lags.items()}
