"""Ask for what deletes or calls out to be set again on what a restore made: a request of its own, for one setting."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from msgspec import Struct

from strongroom.domain.errors import NotFoundError, RestoreRefusedError
from strongroom.domain.proofs.risks import AFTER
from strongroom.domain.restores.approving.urgency import clocks_of
from strongroom.domain.restores.asked.deciding import (
    as_asked,
    as_found,
    following,
    is_as_approved,
    why_not_followed,
    why_not_lent,
    why_not_set,
    why_without_ticket,
)
from strongroom.domain.restores.asked.settings import ITEMS
from strongroom.domain.restores.left_off.steps import CALLS
from strongroom.domain.restores.planning import restoring_role
from strongroom.domain.restores.plans import RestorePlan
from strongroom.domain.restores.requests import (
    RestoreRequest,
    make_request_id,
    parse_reason,
    parse_request_id,
    seal_request,
)
from strongroom.domain.restores.tickets.keys import parse_ticket_key
from strongroom.services.restores.asking.plan_restore import governed_unit
from strongroom.services.restores.asking.request_restore import (
    RestoreDrafted,
    RestoreRequestNeeds,
    check_others,
    check_ticket,
    count_asked,
    demand_may_ask,
    drafted,
    keep_draft,
)
from strongroom.services.restores.following.find_followed import find_followed, original_setting

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from strongroom.domain.restores.asked.deciding import AfterWish, Followed
    from strongroom.domain.restores.left_off.steps import AskedStep
    from strongroom.domain.restores.requests import SealedRequest
    from strongroom.ports.restores import AskedSettings, RestoreJobs
    from strongroom.services.evidence.keep_ceremony import EvidenceKeeper
    from strongroom.services.restores.deciding.judge import CeremonyJudge


class AskedOnPage(Struct, frozen=True, kw_only=True):
    """A draft, and its page, on which its requester sees and signs it."""

    request_id: str
    page: str


class AfterRequestNeeds(RestoreRequestNeeds, frozen=True, kw_only=True):
    """What such a request needs of the world, besides what every one does."""

    judge: CeremonyJudge
    keeper: EvidenceKeeper
    jobs: RestoreJobs
    settings: AskedSettings


def ask_after(
    request_id: str, wish: AfterWish, *, requester: str, needs: AfterRequestNeeds, now: datetime
) -> RestoreDrafted:
    """Keep a draft, or raise what is wrong with the wish; `requester` is a subject."""
    sealed = _asked(request_id, wish, requester=requester, needs=needs, now=now)
    return keep_draft(sealed, needs=needs, now=now)


def ask_on_page(
    request_id: str, wish: AfterWish, *, view: str, requester: str, needs: AfterRequestNeeds, now: datetime
) -> AskedOnPage:
    """The same by whoever has the link of the restore's page: it comes to nothing before `requester` has signed it.

    What is asked for there is counted by the page, so that nobody uses up what somebody else may ask, and whatever
    comes of it: nobody is known by then who would have AWS asked for nothing.
    """
    needs.drafts.read(parse_request_id(request_id)).demand_link(view)
    counted = f"the page of {request_id}"
    demand_may_ask(requester, counted=counted, needs=needs, now=now)
    count_asked(counted, needs=needs, now=now)
    sealed = _sealed(request_id, wish, requester=requester, needs=needs, now=now)
    kept = keep_draft(sealed, needs=needs, now=now)
    return AskedOnPage(request_id=kept.request_id, page=kept.page)


def try_after(
    request_id: str, wish: AfterWish, *, requester: str, needs: AfterRequestNeeds, now: datetime
) -> RestoreDrafted:
    """What the wish would come to; nothing is kept."""
    sealed = _asked(request_id, wish, requester=requester, needs=needs, now=now)
    return drafted(sealed, statement="", page="")


def _asked(
    request_id: str, wish: AfterWish, *, requester: str, needs: AfterRequestNeeds, now: datetime
) -> SealedRequest:
    """By somebody who is known: counted is what could be asked for, as of every restore."""
    demand_may_ask(requester, needs=needs, now=now)
    sealed = _sealed(request_id, wish, requester=requester, needs=needs, now=now)
    count_asked(requester, needs=needs, now=now)
    return sealed


def _sealed(
    request_id: str, wish: AfterWish, *, requester: str, needs: AfterRequestNeeds, now: datetime
) -> SealedRequest:
    followed = find_followed(parse_request_id(request_id), keeper=needs.keeper, jobs=needs.jobs)
    if why := why_not_followed(followed, wish.step) or _why_stated(followed, wish.step, needs=needs):
        raise RestoreRefusedError(why)
    asked = as_asked(_planned(followed, wish, requester=requester, needs=needs, now=now))
    found = needs.settings.setting(asked)
    request = as_found(asked, found)
    if why := (
        why_without_ticket(request, followed) or why_not_lent(request, needs.intent) or why_not_set(request, found)
    ):
        raise RestoreRefusedError(why)
    if is_as_approved(request, found):
        raise RestoreRefusedError(f"{CALLS[wish.step].label} of {request.resource} is so already: state the step")
    if request.ticket:
        check_ticket(request, needs=needs, now=now)
    check_others(request, requester=requester, needs=needs, now=now)
    return seal_request(request)


def _planned(
    followed: Followed, wish: AfterWish, *, requester: str, needs: AfterRequestNeeds, now: datetime
) -> RestoreRequest:
    """The request before anything is said of its parameters."""
    restore = followed.request
    unit = governed_unit(restore.account, intent=needs.intent, units=needs.units)
    if unit != restore.unit:
        raise RestoreRefusedError(f"the account belonged to {restore.unit} and belongs to {unit} now")
    clocks = clocks_of(needs.ceremony.restores, plan=RestorePlan.LOCAL, is_urgent=False)
    approve_before = now.replace(microsecond=0) + clocks.approve_within
    parameters, items = _parameters(followed, wish, needs=needs)
    made: dict[str, object] = {
        "id": make_request_id(needs.random(8)),
        "kind": AFTER,
        "requester": requester,
        "risks": (),
        "metadata": tuple(sorted(parameters.items())),
        "wishes": tuple(sorted((wish.parameters or {}).items())),
        "original": () if items is None else ((ITEMS, str(items)),),
        "role": restoring_role(needs.intent, account=restore.account, kind=AFTER),
        "key": "",
        "ticket": parse_ticket_key(wish.ticket, system=needs.ceremony.tickets.system) if wish.ticket else "",
        "reason": parse_reason(wish.reason),
        "policy": needs.policy_of(restore.account, unit),
        "intent_digest": needs.intent_digest,
        "requested_at": now,
        "approve_before": approve_before,
        "act_before": approve_before + clocks.act_within,
        "copy_kept_for": timedelta(0),
    }
    return RestoreRequest(**made | following(followed, wish.step))  # type: ignore[arg-type]


def _parameters(
    followed: Followed, wish: AfterWish, *, needs: AfterRequestNeeds
) -> tuple[Mapping[str, str], int | None]:
    """What is to be set, as written or as the original has it, and how many items what was restored has."""
    call, restore, settings = CALLS[wish.step].call, followed.request, needs.settings
    items = settings.original(call, resource=followed.made, account=restore.account, region=restore.region).items
    if wish.parameters is not None:
        return wish.parameters, items
    try:
        found = original_setting(call, followed, settings=settings)
    except NotFoundError as error:
        raise RestoreRefusedError(
            f"the original cannot say it any more ({error}): ask with --noted, or write it in a file"
        ) from error
    if not found.parameters:
        raise RestoreRefusedError(f"{restore.resource} has none set either; write one in a file if it shall have one")
    return dict(found.parameters), items


def _why_stated(followed: Followed, step: AskedStep, *, needs: AfterRequestNeeds) -> str:
    """Why nobody asks for it any more: somebody has signed that it is done, or dismissed."""
    kept = needs.keeper.read(followed.request.id)
    stated = needs.keeper.stated(kept, evidence=needs.judge.evidence).get(CALLS[step].sentence)
    return f"{needs.ceremony.name_of(stated.subject)} has stated that it is {stated.outcome}" if stated else ""
