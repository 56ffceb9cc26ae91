"""Which backup plans reach which place: the policies on the way to it, merged as AWS merges them, and accounts' own."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct

from strongroom.domain.backup_policy.documents import ASSIGN, parse_policy
from strongroom.domain.backup_policy.lint import lint_places
from strongroom.domain.backup_policy.linting.reading import Subject
from strongroom.domain.backup_policy.merge import Merged
from strongroom.domain.findings import Level
from strongroom.domain.survey.remarks import Remark, todo

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from strongroom.domain.backup_policy.documents import Document
    from strongroom.domain.identifiers import AccountId
    from strongroom.domain.rollout.live import LivePolicy
    from strongroom.domain.survey.found import Surveyed

_PLANS: Final = "plans"


class PlanFound(Struct, frozen=True, kw_only=True):
    """A plan as it is in force somewhere; of an `account` where somebody made it there."""

    name: str
    content: str
    account: AccountId | None = None

    @property
    def plan(self) -> dict[str, Any]:
        """The plan as an effective policy has it."""
        read: dict[str, Any] = json.loads(self.content)
        return read


def plans_by_place(surveyed: Surveyed) -> dict[str, tuple[PlanFound, ...]]:
    """The plans in force at each place that has some of its own, the root first; no plans where all were taken out."""
    own: dict[str, list[PlanFound]] = {}
    for each in surveyed.plans:
        own.setdefault(each.account, []).append(
            PlanFound(name=each.name, content=_content(each.plan), account=each.account)
        )
    attached = {target for policy in surveyed.policies for target in policy.targets if policy.document}
    places = sorted({*attached, *own}, key=lambda place: (len(surveyed.organization.path(place)), place))
    return {
        place: (*_inherited(surveyed, place), *own.get(place, ()))
        for place in places
        if surveyed.organization.path(place)
    }


def policies_above(surveyed: Surveyed, place: str) -> tuple[LivePolicy, ...]:
    """The policies on the way from the root to a place."""
    path = surveyed.organization.path(place)
    return tuple(policy for policy in surveyed.policies if not set(path).isdisjoint(policy.targets))


def faults_of(plan: PlanFound, *, policies: Iterable[LivePolicy]) -> tuple[str, ...]:
    """Why AWS refuses the plan, or cannot run it, as the linter says."""
    whole = {_PLANS: {plan.name: _assigned(plan.plan)}}
    told = [message for _, message in _errors(whole, must_be_complete=True)]
    for policy in policies if plan.account is None else ():
        told += [message for name, message in _errors(policy.document or {}) if name == plan.name.lower()]
    return tuple(dict.fromkeys(told))


def stray_faults(policies: Iterable[LivePolicy], *, plans: Iterable[PlanFound]) -> Iterator[Remark]:
    """What is wrong in policies that are attached, and in no plan that comes of them."""
    known = {plan.name.lower() for plan in plans}
    for policy in policies:
        if policy.targets:
            for name, message in _errors(policy.document or {}):
                if name not in known:
                    yield todo("tiers", f"the policy {policy.name} ({policy.id}): {message}")


def differing(surveyed: Surveyed) -> Iterator[Remark]:
    """Where AWS merges the policies of an account otherwise than they were merged here."""
    for account, effective in surveyed.effective.items():
        theirs = {name.lower(): plan for name, plan in effective.get(_PLANS, {}).items()}
        ours = {each.name.lower(): each.plan for each in _inherited(surveyed, account)}
        if differ := sorted(name for name in {*theirs, *ours} if theirs.get(name) != ours.get(name)):
            why = "AWS merges its policies otherwise than they were merged here"
            yield todo("tiers", f"look at {', '.join(differ)} in account {account}: {why}")


def _inherited(surveyed: Surveyed, place: str) -> Iterator[PlanFound]:
    merged = Merged()
    for step in surveyed.organization.path(place):
        merged = merged.below([each.document or {} for each in surveyed.policies if step in each.targets])
    plans: Mapping[str, Document] = merged.effective.get(_PLANS, {})
    return (PlanFound(name=name, content=_content(plan)) for name, plan in plans.items())


def _content(plan: Document) -> str:
    return json.dumps(plan, sort_keys=False)


def _assigned(node: Any) -> Any:
    """An effective plan written as a policy that assigns all of it."""
    return {name: _assigned(child) for name, child in node.items()} if isinstance(node, dict) else {ASSIGN: node}


def _errors(document: Document, *, must_be_complete: bool = False) -> tuple[tuple[str, str], ...]:
    """Each error with the name of its plan in lower case, empty where it lies in none."""
    return _errors_in(json.dumps(document), must_be_complete)


@lru_cache(maxsize=4096)  # a policy lies on the way to many plans
def _errors_in(text: str, must_be_complete: bool) -> tuple[tuple[str, str], ...]:  # noqa: FBT001
    subject = Subject(parse_policy(text), must_be_complete=must_be_complete)
    return tuple(
        (str(placed.steps[1]).lower() if len(placed.steps) > 1 else "", placed.finding.message)
        for placed in lint_places(subject)
        if placed.finding.level is Level.ERROR
    )
