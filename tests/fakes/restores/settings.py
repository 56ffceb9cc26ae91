"""What is set on resources, and the notes of it."""

from dataclasses import dataclass, field
from datetime import datetime

from strongroom.domain.errors import StrongroomError
from strongroom.domain.identifiers import AccountId, Region
from strongroom.domain.restores.settings.note import KeptNote, SettingsNote, make_note


@dataclass
class FakeSettings:
    """One resource as it is, or what is in the way of reading it."""

    read_as: dict[str, object] = field(default_factory=lambda: {"tags": ["a"]})
    unread: dict[str, str] = field(default_factory=dict)
    error: StrongroomError | None = None
    asked: list[tuple[str, str, str]] = field(default_factory=list)

    def read(self, resource: str, *, account: AccountId, region: Region) -> SettingsNote:
        self.asked.append((resource, account, region))
        if self.error is not None:
            raise self.error
        return make_note(resource, read=self.read_as, unread=self.unread)


@dataclass
class FakeNotes:
    """The notes of each resource, the latest last; `asked` are those whose earlier ones somebody asked for."""

    kept: dict[str, list[KeptNote]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def find(self, resource: str) -> KeptNote | None:
        known = self.kept.get(resource)
        return known[-1] if known else None

    def as_of(self, resource: str, *, at: datetime) -> KeptNote | None:
        self.asked.append(resource)
        known = self.kept.get(resource, [])
        return next((each for each in reversed(known) if each.since <= at), known[0] if known else None)

    def keep(self, kept: KeptNote, *, was: KeptNote | None) -> None:
        assert was == self.find(kept.note.resource)
        known = self.kept.setdefault(kept.note.resource, [])
        if was is not None and was.note.digest == kept.note.digest:
            known.pop()
        known.append(kept)
