"""Have the approval team of an air-gapped vault open it to the account that is restored into, and wait for its vote."""

from __future__ import annotations

from typing import TYPE_CHECKING

from strongroom.domain.errors import TemporarilyUnavailableError
from strongroom.domain.evidence.entries import EntryKind
from strongroom.domain.identifiers import Arn
from strongroom.domain.restores.arriving.access import demand_open, demand_still_open, demand_team, demand_unplanted
from strongroom.services.restores.acting.authorise_act import AuthorityNeeds, witness_intent

if TYPE_CHECKING:
    from datetime import datetime

    from strongroom.ports.restores import AccessAsker, AccessVaults
    from strongroom.services.evidence.keep_ceremony import KeptCeremony


class VaultOpeningNeeds(AuthorityNeeds, frozen=True, kw_only=True):
    """What having a vault opened needs of the world."""

    access: AccessVaults
    asker: AccessAsker


def open_vault(kept: KeptCeremony, *, needs: VaultOpeningNeeds, now: datetime) -> KeptCeremony:
    """The ceremony, once its vault is open to the account; the team is asked once, after the intent was witnessed.

    TemporarilyUnavailableError while the team has not decided; ApprovalVoidError where the vault has another one by
    now; RestoreFailedError where it has refused, or let it be
    revoked since, or somebody has put another vault in the place.
    """
    request = kept.sealed.request
    found = needs.access.find(request.access_vault)
    if not kept.has(EntryKind.ACCESS_OPENED):
        demand_team(needs.points.team_of(request.vault), source=request.vault, team=request.approval_team)
    if not kept.has(EntryKind.ACCESS_ASKED):
        is_intended = kept.has(EntryKind.ACCESS_INTENDED)
        demand_unplanted(found, source=request.vault, is_intended=is_intended)
        if found is None:
            facts = {"source": request.vault, "team": request.approval_team, "vault": request.access_vault}
            kept = witness_intent(kept, EntryKind.ACCESS_INTENDED, facts=facts, needs=needs, now=now)
            needs.asker.ask(request)
        # An earlier try may have asked without living to say so: then it is there, and nobody is asked twice.
        kept = needs.keeper.record(
            needs.keeper.read(request.id),
            EntryKind.ACCESS_ASKED,
            facts={"vault": request.access_vault},
            at=needs.clock(),
        )
        if found is None:
            team = Arn.parse(request.approval_team).name
            raise TemporarilyUnavailableError(f"it waits for its vault: {team} was asked to open it")
    if kept.has(EntryKind.ACCESS_OPENED):
        demand_still_open(found, source=request.vault)
        return kept
    asked_at = kept.last_at(EntryKind.ACCESS_ASKED) or now
    team = f"the approval team {Arn.parse(request.approval_team).name}"
    demand_open(found, source=request.vault, team=team, asked_at=asked_at, now=now)
    return needs.keeper.record(kept, EntryKind.ACCESS_OPENED, facts={"vault": request.access_vault}, at=needs.clock())
