"""All rules of the ceremony in one text, `strongroom-rulebook/1`: what is signed by whoever makes them looser."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from strongroom.domain.canonical import canonical_text, digest_of
from strongroom.domain.rulebook.periods import rules_from, turns
from strongroom.domain.rulebook.policy_texts import governors_text
from strongroom.domain.rulebook.restoring import restoring_text
from strongroom.domain.written import moment_text

if TYPE_CHECKING:
    from datetime import datetime

    from strongroom.domain.intent.ceremony import Restores
    from strongroom.domain.intent.model import Intent

FORMAT: Final = "strongroom-rulebook/1"


def rulebook_text(intent: Intent, *, at: datetime) -> str:
    """Clocks, page, governors, where restores may lie, and the digests of every place's rules, with those to come.

    Without a ceremony there are no places.
    """
    if intent.restores is None:
        return canonical_text({"format": FORMAT, "places": {}})
    places: dict[str, list[dict[str, str]]] = {}
    for held in rules_from(intent, at=at):
        since = {} if held.since is None else {"since": moment_text(held.since)}
        places.setdefault(held.place.id(intent), []).append({"policy": held.digest, **since})
    governors = [digest_of(governors_text(intent, at=moment)) for moment in (at, *turns(intent, after=at))]
    return canonical_text(
        {
            "format": FORMAT,
            "governors": governors,
            "places": places,
            **_clocks(intent.restores),
            **_page(intent.restores),
            **_break_glass(intent.restores),
            **restoring_text(intent.restores),
        }
    )


def _clocks(restores: Restores) -> dict[str, int]:
    clocks = ("approval_expires_after", "copy_back_within", "execution_expires_after")
    return {name: int(getattr(restores, name).total_seconds()) for name in clocks}


def _page(restores: Restores) -> dict[str, Any]:
    page = restores.page
    return {} if page is None else {"page": {"origins": sorted(page.origins), "rp_id": page.rp_id}}


def _break_glass(restores: Restores) -> dict[str, Any]:
    glass = restores.break_glass
    if glass is None:
        return {}
    told = {"act_within": int(glass.act_within.total_seconds()), "incident": glass.incident}
    return {"break_glass": told | {"users": sorted(glass.users)}}
