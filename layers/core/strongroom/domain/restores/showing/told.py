"""What people are told of a request besides what is asked for: its risks first, then what follows from it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from strongroom.domain.catalogue.rows import TEMPORARY_COPY, VAULT_KEY
from strongroom.domain.identifiers import Arn
from strongroom.domain.restores.arriving.landing import consequences
from strongroom.domain.restores.deciding.dangers import UNDER_VAULT_KEY
from strongroom.domain.restores.left_off.steps import asked_call

if TYPE_CHECKING:
    from collections.abc import Mapping

    from strongroom.domain.proofs.asked import AskedRestore
    from strongroom.domain.restores.requests import RestoreRequest, SealedRequest

# Of what follows whether a request states it or not, for those that have no sentences of their own.
SENTENCES: Final[Mapping[str, str]] = {
    VAULT_KEY: UNDER_VAULT_KEY,
    TEMPORARY_COPY: "A copy outside of the isolated vault is left behind for some days.",
}


def told_to_people(sealed: SealedRequest) -> tuple[str, ...]:
    """A sentence each, out of the signed text alone."""
    return (*told_risks(sealed.asked), *consequences(sealed.request))


def told_kind(request: RestoreRequest) -> str:
    """The word with which a sentence about it begins: what follows a restore is none."""
    return "Request" if request.is_after else "Restore"


def told_aim(request: RestoreRequest) -> str:
    """In a few words what is to become of what, or what is set on what a restore made."""
    if asked := asked_call(request.call):
        return f"{asked.label} of {request.target_name} (after {request.of})"
    return f"{Arn.parse(request.resource).name} becomes {request.target_name}"


def told_risks(asked: AskedRestore) -> tuple[str, ...]:
    """The risks of a request in the order of reading: its own sentences, and ours of those for which it has none."""
    told = tuple(str(each) for each in asked.content.get("risk_sentences", ()))
    stated = asked.content.get("risks", ()) if told else ()
    return (*told, *(SENTENCES.get(risk, risk) for risk in asked.risks or () if risk not in stated))
