"""Decide what a restore sends: from what AWS told and what is asked, by the table of kinds and nothing else."""

from strongroom.domain.restores.deciding.by_hand.as_called import decide_as_called
from strongroom.domain.restores.deciding.by_hand.as_written import decide_as_written
from strongroom.domain.restores.deciding.case import RestoreCase
from strongroom.domain.restores.deciding.circumstances import check_circumstances
from strongroom.domain.restores.deciding.dangers import dangers_of
from strongroom.domain.restores.deciding.decision import (
    Danger,
    Fault,
    Refusal,
    RestoreDecision,
    Risk,
    Verdict,
    verdict_of,
)
from strongroom.domain.restores.deciding.saying import Said, folded, mapping_in, read_backup, read_wishes
from strongroom.domain.restores.deciding.sheet import Sheet
from strongroom.domain.restores.deciding.values import values_of
from strongroom.domain.restores.kinds.finishing import OF_WHAT_IS_NEW
from strongroom.domain.restores.kinds.model import Grade, RestoreKind, Use
from strongroom.domain.restores.kinds.table import kind_named


def decide_restore(case: RestoreCase) -> RestoreDecision:
    """The metadata, the risks, all refusals at once, what is left out, and the steps afterwards.

    Of what is refused nothing is to be sent. A type that is not in the table is refused, and none is guessed.
    """
    kind = kind_named(case.kind)
    if kind is None:
        sentence = f"{case.kind[:80]!r} is no type whose restore is known here"
        return RestoreDecision(
            verdict=Verdict.REFUSED, refusals=(Refusal(fault=Fault.UNKNOWN_TYPE, key="", sentence=sentence),)
        )
    return decide_kind(kind, case)


def decide_kind(kind: RestoreKind, case: RestoreCase) -> RestoreDecision:
    """The decision by what the table says of this kind, or where the metadata are to be sent as written, of all."""
    if case.is_native:
        return decide_as_called(kind, case)
    if case.is_raw:
        return decide_as_written(kind, case)
    sheet, keys = Sheet(case), folded(kind.keys)
    wishes = read_wishes(case.wishes, keys, sheet=sheet)
    told = read_backup(case.backup, keys, sheet=sheet)
    if kind.grade is Grade.BY_HAND or _is_by_hand(kind, wishes, told):
        return _by_hand(kind)
    values = values_of(keys, wishes=wishes, told=told, sheet=sheet)
    into_own = any(key.use is Use.NEW and values.get(key.name) == "false" for key in kind.keys)
    into_existing = into_own or bool(kind.lives_in)
    check_circumstances(kind, into_existing=into_existing, sheet=sheet)
    if into_own:
        values[kind.into_existing] = case.existing
    if case.at and kind.time_key:
        values[kind.time_key] = case.at
    own = (each for each in kind.steps if not (into_own and each in OF_WHAT_IS_NEW))
    steps = (*own, *sorted(sheet.steps))
    risks = dangers_of(kind, values=values, into_existing=into_existing, steps=len(steps), sheet=sheet)
    refusals = sheet.refusals
    return RestoreDecision(
        verdict=verdict_of(refusals, risks),
        metadata=() if refusals else tuple(sorted(values.items())),
        risks=risks,
        refusals=refusals,
        left_out=sheet.left_out,
        steps=steps,
    )


def _is_by_hand(kind: RestoreKind, wishes: Said, told: Said) -> bool:
    """Whether the backup, or who asks, says what only a person can restore."""
    if kind.by_hand_when is None:
        return False
    name, _, inner = kind.by_hand_when.key.lower().partition(".")
    for said in (wishes, told):
        mapping = mapping_in(said.get(name, "")) or {}
        found = {key.lower(): value for key, value in mapping.items()}.get(inner)
        if isinstance(found, str) and kind.by_hand_when.holds(found):
            return True
    return False


def _by_hand(kind: RestoreKind) -> RestoreDecision:
    calls = " or ".join(each.call for each in kind.calls)
    asked = f" Ask with --native FILE, where the account's profile lets {calls}." if calls else ""
    sentence = f"{kind.name} is restored by hand. {kind.by_hand}{asked}"
    overwrites = (Risk(danger=Danger.OVERWRITES, sentence="It overwrites what lives."),)
    return RestoreDecision(
        verdict=Verdict.BY_HAND,
        risks=overwrites if kind.is_overwriting else (),
        refusals=(Refusal(fault=Fault.BY_HAND, key="", sentence=sentence),),
    )
