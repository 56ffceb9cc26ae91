"""The look at one key: what is wrong with what is said of it, and what of it may be sent."""

from strongroom.domain.restores.deciding.case import RestoreCase
from strongroom.domain.restores.deciding.decision import Danger, Fault
from strongroom.domain.restores.deciding.parameters import why_not_carried
from strongroom.domain.restores.deciding.reading import is_foreign, shaped, write_json
from strongroom.domain.restores.deciding.sheet import Sheet
from strongroom.domain.restores.kinds.model import Condition, Key, Shape, Use


class Look:
    """One key at its `path`, beside the values of the keys before it in the same mapping."""

    def __init__(self, key: Key, *, path: str, values: dict[str, str], sheet: Sheet) -> None:
        """Nothing is looked at yet."""
        self.key = key
        self.path = path + key.name
        self.sheet = sheet
        self._values = values

    @property
    def case(self) -> RestoreCase:
        """The restore that is decided on."""
        return self.sheet.case

    def holds(self, condition: Condition) -> bool:
        """Whether the other key has such a value."""
        return condition.holds(self._values.get(condition.key, ""))

    def of_backup(self, told: str | None) -> str | None:
        """The backup's value, if it may be sent; what says that nothing was set is not missed."""
        if told is None or self.is_unset(told):
            return None
        value = shaped(told, self.key)
        if value is None and self.key.shape is Shape.PARAMETERS:
            self.refuse(Fault.BY_HAND, why_not_carried(told))
        elif value is None:
            self.sheet.leave_out(self.path, "its value cannot be carried")
        return value

    def of_asker(self, wish: str) -> str | None:
        """The asker's value, if it may be sent."""
        if self.is_outside(wish):
            return None
        value = shaped(wish, self.key)
        if value is None:
            self.refuse_shape()
        return value

    def is_unset(self, told: str) -> bool:
        """Whether it says that nothing was set."""
        return bool(self.key.unset) and told.startswith(self.key.unset)

    def is_outside(self, wish: str) -> bool:
        """Whether it names a place outside of the target's account or Region, which is a fault."""
        found = is_foreign(wish, self.case.target)
        if found:
            target = self.case.target
            self.refuse(Fault.FOREIGN_PLACE, f"lies outside of account {target.account} in {target.region}")
        return found

    def filled_in(self) -> str | None:
        """The key's own value with what it takes of the request; None, and a fault, where no key encrypts."""
        value, case = self.key.value, self.case
        if "{" not in value:
            return value or None
        key = next(iter(case.profile.keys), "")
        if "{key}" in value and not key:
            self.refuse_missing()
            return None
        known = {"name": case.target.name, "request": case.request, "region": case.target.region, "key": key}
        for word, said in known.items():
            value = value.replace(f"{{{word}}}", write_json(said)[1:-1] if self.key.use is Use.MADE else said)
        return value

    def refuse(self, fault: Fault, sentence: str) -> None:
        """Note a fault of this key."""
        self.sheet.refuse(fault, f"{self.path} {sentence}", key=self.path)

    def refuse_shape(self) -> None:
        """Note that the value does not look as it must."""
        self.refuse(Fault.BAD_VALUE, f"must be {self.key.shape}")

    def refuse_missing(self) -> None:
        """Note that the profile has nothing for it."""
        self.refuse(Fault.NO_PROFILE, "must come from a restore profile of the account, and none has it")

    def warn(self, danger: Danger, sentence: str) -> None:
        """Note a risk that this key brings."""
        self.sheet.warn(danger, sentence)
