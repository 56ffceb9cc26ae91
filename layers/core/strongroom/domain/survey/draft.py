"""The intent file of a surveyed organisation: what was found as it would be said, what is left open as comments."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct

from strongroom.domain.survey.guardrails import guardrails_entry, slot_remarks
from strongroom.domain.survey.reading.plans import differing, plans_by_place, stray_faults
from strongroom.domain.survey.reading.tiers import TiersRead, read_tiers
from strongroom.domain.survey.remarks import Remark, todo
from strongroom.domain.survey.sections import offer_of, organization_entry, targets_entry
from strongroom.domain.survey.standing import standing_of
from strongroom.domain.survey.text import comment, entry

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import date

    from strongroom.domain.survey.found import Surveyed

VERSION: Final = 2


class Draft(Struct, frozen=True, kw_only=True):
    """The sections of a file in its order, and the comments that stand in them."""

    sections: Mapping[str, Any]
    remarks: tuple[Remark, ...]

    @property
    def open_questions(self) -> int:
        """How many questions are left to whoever edits the file."""
        return sum(remark.is_open for remark in self.remarks)

    def text(self, *, today: date, faults: Iterable[str] = ()) -> str:
        """The file; `faults` are what is still wrong with it, told at its beginning."""
        return "\n".join([*self._head(today, list(faults)), *self._body()]) + "\n"

    def _head(self, today: date, faults: list[str]) -> Iterator[str]:
        place, left = self.sections["organization"]["id"], self.open_questions + len(faults)
        yield from comment(f"Drafted by strongroom init on {today} from {place}, which was read and not changed.")
        yield from comment(f"{left} left to answer: look for TODO." if left else "Nothing is left to answer.")
        for fault in faults:
            yield from comment(f"TODO strongroom compile says: {fault}")

    def _body(self) -> Iterator[str]:
        for name, value in self.sections.items():
            yield ""
            for remark in self.remarks:
                if remark.section == name:
                    yield from comment(remark.told)
            yield from entry(name, value)


def draft_of(surveyed: Surveyed) -> Draft:
    """The intent that says what is in force in the organisation, as far as it could be seen and can be said."""
    by_place = plans_by_place(surveyed)
    read = read_tiers(surveyed, by_place)
    standing = standing_of(surveyed, read.tiers)
    offer = offer_of(surveyed, read, by_place, standing=standing)
    guardrails = guardrails_entry(surveyed)
    sections = {
        "version": VERSION,
        "organization": organization_entry(surveyed, standing, offer),
        "tag_key": offer.tag_key,
        "vaults": offer.vaults,
        "tiers": offer.tiers,
        "targets": targets_entry(surveyed, offer),
        **({"guardrails": guardrails} if guardrails else {}),
    }
    remarks = (
        *(todo(each.section, f"{each.question} {each.reason}") for each in surveyed.unseen),
        *standing.remarks,
        *_about_strongroom(read),
        *stray_faults(surveyed.policies, plans=(plan for each in by_place.values() for plan in each)),
        *read.remarks,
        *differing(surveyed),
        *offer.remarks,
        *slot_remarks(surveyed, [target.place for target in offer.targets]),
    )
    return Draft(sections=sections, remarks=tuple(dict.fromkeys(remarks)))


def _about_strongroom(read: TiersRead) -> Iterator[Remark]:
    if any(tier.is_ours for tier in read.tiers):
        why = "default tiers, restores and deadlines are in no policy, and are not read back"
        yield todo("version", f"Strongroom runs here already; have you its intent file? That is the better one: {why}")
    if any(not tier.is_ours for tier in read.tiers):
        why = "detach or delete them once it runs, or everything is backed up twice"
        yield Remark("tiers", f"The policies and plans that were read go on beside what is made of this file: {why}")
