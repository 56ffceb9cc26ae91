"""Retention: how long a recovery point lives, and what a locked vault makes of it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sandbox.backup_service.errors import InvalidParameterValueException

COLD_STORAGE_MINIMUM = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Lifecycle:
    """When a recovery point turns cold and when it is deleted; None means never.

    `is_temporary` is `DELETE_AFTER_COPY`: it is deleted once it lies in an air-gapped vault, if that is sooner.
    """

    move_to_cold: timedelta | None = None
    delete: timedelta | None = None
    is_temporary: bool = False

    def described(self) -> dict[str, int | str]:
        """The lifecycle as the API spells it."""
        members = {"MoveToColdStorageAfterDays": self.move_to_cold, "DeleteAfterDays": self.delete}
        event = {"DeleteAfterEvent": "DELETE_AFTER_COPY"} if self.is_temporary else {}
        return {name: span.days for name, span in members.items() if span is not None} | event

    def calculated(self, created: datetime) -> dict[str, datetime]:
        """The moments at which the lifecycle acts; they count from the creation of the backup."""
        members = {"MoveToColdStorageAt": self.move_to_cold, "DeleteAt": self.delete}
        return {name: created + span for name, span in members.items() if span is not None}

    def outlasts(self, other: "Lifecycle") -> bool:
        """Whether it keeps at least as long."""
        return self.delete is None or (other.delete is not None and self.delete >= other.delete)


FOREVER = Lifecycle()


def read_lifecycle(given: dict[str, Any] | None) -> Lifecycle | None:
    """The lifecycle of a request, or None if it states none (a copy then inherits its source's)."""
    if not given:
        return None
    if "DeleteAfterEvent" in given:
        # API reference, "Lifecycle", DeleteAfterEvent: "Not valid as an input."
        raise InvalidParameterValueException("DeleteAfterEvent cannot be set")
    lifecycle = Lifecycle(_days(given.get("MoveToColdStorageAfterDays")), _days(given.get("DeleteAfterDays")))
    if lifecycle == FOREVER:
        return None
    if lifecycle.move_to_cold and lifecycle.delete and lifecycle.delete < lifecycle.move_to_cold + COLD_STORAGE_MINIMUM:
        raise InvalidParameterValueException(
            "DeleteAfterDays cannot be less than 90 days apart from MoveToColdStorageAfterDays"
        )
    return lifecycle


def _days(value: object) -> timedelta | None:
    if value is None:
        return None
    count = int(str(value))
    if count == -1:
        return None
    if count < 1:
        raise InvalidParameterValueException(f"Invalid lifecycle: {count} days is not a retention")
    return timedelta(days=count)


@dataclass(frozen=True, slots=True)
class VaultLock:
    """Vault Lock: the range of retentions, and from when on nobody can change it (None: governance mode)."""

    minimum: timedelta | None
    maximum: timedelta | None
    lock_date: datetime | None

    def is_immutable(self, now: datetime) -> bool:
        """Whether the cooling-off time of a compliance lock is over."""
        return self.lock_date is not None and now >= self.lock_date

    def why_refused(self, lifecycle: Lifecycle) -> str | None:
        """Why a recovery point with this lifecycle may not enter, or None."""
        if self.maximum is not None and (lifecycle.delete is None or lifecycle.delete > self.maximum):
            return f"Retention is longer than the maximum of {self.maximum.days} days that the vault's lock allows"
        if self.minimum is not None and lifecycle.delete is not None and lifecycle.delete < self.minimum:
            return f"Retention is shorter than the minimum of {self.minimum.days} days that the vault's lock allows"
        return None
