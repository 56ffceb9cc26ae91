"""The risks of a restore, each as one sentence with its number, in the order in which approvers read them."""

from collections.abc import Iterator
from typing import Final

from strongroom.domain.restores.deciding.case import Storage
from strongroom.domain.restores.deciding.decision import Danger, Risk
from strongroom.domain.restores.deciding.sheet import Sheet
from strongroom.domain.restores.kinds.model import Grade, RestoreKind
from strongroom.domain.restores.scans.verdicts import Scan

_UNENCRYPTED: Final = "The backup is not encrypted."
_UNTOLD: Final = "AWS Backup does not tell whether the backup is encrypted."
UNDER_VAULT_KEY: Final = "What is restored lives under the vault's key for as long as it exists."
_UNREAD, _NOT_KNOWN = "What scans found in ", " could not be read: malware in a copy there is not known."
_ORDER: Final = {danger: place for place, danger in enumerate(Danger)}
_ACLS: Final = "RestoreACLs"


def unread_sentence(vault: str) -> str:
    """That malware in a copy in that vault would not be known."""
    return f"{_UNREAD}{vault}{_NOT_KNOWN}"


def unread_vault(sentence: str) -> str:
    """Of which vault it says so; empty for any other sentence."""
    if not (sentence.startswith(_UNREAD) and sentence.endswith(_NOT_KNOWN)):
        return ""
    return sentence.removeprefix(_UNREAD).removesuffix(_NOT_KNOWN)


def dangers_of(
    kind: RestoreKind, *, values: dict[str, str], into_existing: bool, steps: int, sheet: Sheet
) -> tuple[Risk, ...]:
    """All risks, those among them that single keys brought."""
    said = dict.fromkeys((*sheet.risks, *_of_point(kind, sheet), *_of_way(kind, sheet)))
    found = [*said, *_of_metadata(kind, values=values, into_existing=into_existing, steps=steps, sheet=sheet)]
    return tuple(sorted(found, key=lambda risk: (_ORDER[risk.danger], risk.sentence)))


def _of_point(kind: RestoreKind, sheet: Sheet) -> Iterator[Risk]:
    point, limits = sheet.case.point, sheet.case.limits
    if point.scan is Scan.THREATS and limits.allow_infected:
        yield Risk(danger=Danger.INFECTED, sentence="Malware was found in the backup.")
    if point.scan is Scan.INCOMPLETE and kind.row.is_scanned:
        yield Risk(danger=Danger.SCAN_INCOMPLETE, sentence="It was scanned for malware in part only.")
    if point.scan is Scan.NEVER and kind.row.is_scanned:
        yield Risk(danger=Danger.NEVER_SCANNED, sentence="It was never scanned for malware.")
    if kind.row.is_scanned:
        yield from (Risk(danger=Danger.SCAN_UNREAD, sentence=unread_sentence(each)) for each in point.unread_vaults)
    if limits.rpo_minutes is not None and point.loses_minutes > limits.rpo_minutes:
        lost = f"{point.loses_minutes:,} minutes of data are lost; the tier allows {limits.rpo_minutes:,}."
        yield Risk(danger=Danger.LOSES_DATA, sentence=lost)
    if not point.encrypted:
        sentence = _UNTOLD if point.encrypted is None else _UNENCRYPTED
        yield Risk(danger=Danger.SOURCE_UNENCRYPTED, sentence=sentence)
    if point.verified is False:
        yield Risk(danger=Danger.UNVERIFIED, sentence="Nobody has verified this backup.")
    if point.storage is Storage.COLD:
        yield Risk(danger=Danger.FROM_COLD, sentence="It comes out of cold storage, which takes hours.")


def _of_way(kind: RestoreKind, sheet: Sheet) -> Iterator[Risk]:
    way = sheet.case.way
    if kind.grade is Grade.ELEVATED:
        yield Risk(danger=Danger.RARELY_TRIED, sentence=f"Restores of {kind.name} are rarely tried.")
    if way.makes_copy and kind.row.keeps_key and not sheet.case.copied_under_own_key:
        yield Risk(danger=Danger.VAULT_KEY, sentence=UNDER_VAULT_KEY)
    if way.makes_copy:
        kept = f"A copy of it is left behind outside of its vault for {sheet.case.copy_days} days."
        yield Risk(danger=Danger.TEMPORARY_COPY, sentence=kept)


def _of_metadata(
    kind: RestoreKind, *, values: dict[str, str], into_existing: bool, steps: int, sheet: Sheet
) -> Iterator[Risk]:
    # Of a service's own call it depends on which one it is.
    if kind.is_overwriting and not sheet.case.is_native:
        yield Risk(danger=Danger.OVERWRITES, sentence="It overwrites what lives.")
    if into_existing:
        live = values.get(kind.lives_in, sheet.case.existing)
        yield Risk(danger=Danger.ADDS_INTO_LIVE, sentence=f"It is put into {live}, which lives.")
    if values.get(_ACLS) == "true":
        yield Risk(danger=Danger.ACLS, sentence="Access lists of its objects come back, and may let others in.")
    if left_out := len(sheet.left_out):
        told = f"{left_out} {'setting' if left_out == 1 else 'settings'} of the original cannot be sent."
        yield Risk(danger=Danger.LEFT_OUT, sentence=told)
    if steps:
        told = f"{steps} {'step is' if steps == 1 else 'steps are'} left to do afterwards."
        yield Risk(danger=Danger.STEPS_AFTER, sentence=told)
