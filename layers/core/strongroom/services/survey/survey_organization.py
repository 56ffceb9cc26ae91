"""Find in a live organisation what an intent file says; what cannot be asked is kept as a question."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Final

from msgspec import Struct, field

from strongroom.domain.doctor.diagnosis import listed
from strongroom.domain.doctor.obstacles import why_unseen
from strongroom.domain.errors import StrongroomError
from strongroom.domain.stacks.attached_policies import BACKUP_POLICY, SERVICE_CONTROL_POLICY
from strongroom.domain.survey import questions
from strongroom.domain.survey.found import AccountPlan, Surveyed, Unseen, VaultFound
from strongroom.domain.survey.places import places_to_visit, regions_to_visit, sample_accounts

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from strongroom.domain.backup_policy.documents import Document
    from strongroom.domain.identifiers import AccountId, Region
    from strongroom.domain.rollout.live import LivePolicy
    from strongroom.domain.survey.found import LandingZoneFound, OrganizationFound
    from strongroom.domain.survey.questions import Question
    from strongroom.ports.rollout import QuotaBook
    from strongroom.ports.survey import AccountReader, LandingZoneReader, OrganizationReader, PolicyReader

type Where = tuple[AccountId, Region]

_AT_ONCE: Final = 8
_TOLD_EVERY: Final = 50


class SurveyNeeds(Struct, frozen=True, kw_only=True):
    """What a survey asks of the world; `tell` is told how far it is."""

    organization: OrganizationReader
    policies: PolicyReader
    landing_zones: LandingZoneReader
    accounts: AccountReader
    quotas: QuotaBook
    tell: Callable[[str], None]


class _Asked(Struct):
    """The questions that nobody answered."""

    unseen: list[Unseen] = field(default_factory=list)

    def __call__[Answer](self, question: Question, ask: Callable[[], Answer], *, otherwise: Answer) -> Answer:
        """The answer, or what stands for one where something was in the way."""
        try:
            return ask()
        except StrongroomError as error:
            self.keep(question, why_unseen(error, question.check))
            return otherwise

    def keep(self, question: Question, reason: str) -> None:
        """The question stays open."""
        self.unseen.append(Unseen(section=question.section, question=question.check.assumption, reason=reason))


class _Visited(Struct, frozen=True, kw_only=True):
    """What one account has in one Region."""

    vaults: Mapping[str, VaultFound]
    plans: tuple[AccountPlan, ...]


def survey_organization(*, needs: SurveyNeeds, region: Region) -> Surveyed:
    """Everything that could be seen; StrongroomError only where nothing can be said of the organisation at all."""
    organization = needs.organization.organization()
    needs.tell(f"{organization.id}: {len(organization.units)} units, {len(organization.members)} active accounts")
    ask = _Asked()
    found: tuple[LivePolicy, ...] = ask(questions.POLICIES, lambda: needs.policies.policies(frozenset()), otherwise=())
    policies = tuple(policy for policy in found if policy.type == BACKUP_POLICY and policy.targets)
    needs.tell(f"backup policies that are attached: {len(policies)}")
    zone = _landing_zone(needs, ask, regions_to_visit(policies, zone=None, region=region))
    visited = _visit(needs, ask, places_to_visit(organization, policies, zone=zone, region=region))
    return Surveyed(
        organization=organization,
        region=region,
        administrators=ask(questions.ADMINISTRATORS, needs.organization.administrators, otherwise=()),
        landing_zone=zone,
        policies=policies,
        scps=_scps(needs, ask, organization),
        scps_per_target=ask(questions.ATTACHED, needs.quotas.scps_per_target, otherwise=None),
        tag_keys=ask(questions.TAG_POLICIES, needs.organization.tag_keys, otherwise=()),
        effective=_effective(needs, ask, sample_accounts(organization, policies)),
        plans=tuple(plan for each in visited.values() for plan in each.plans),
        vaults={arn: vault for each in visited.values() for arn, vault in each.vaults.items()},
        looked_at=frozenset(visited),
        unseen=tuple(ask.unseen),
    )


def _landing_zone(needs: SurveyNeeds, ask: _Asked, regions: tuple[Region, ...]) -> LandingZoneFound | None:
    def look() -> LandingZoneFound | None:
        found = (needs.landing_zones.landing_zone(region) for region in regions)
        return next((zone for zone in found if zone is not None), None)

    return ask(questions.LANDING_ZONE, look, otherwise=None)


def _effective(needs: SurveyNeeds, ask: _Asked, accounts: tuple[AccountId, ...]) -> dict[AccountId, Document]:
    def look() -> dict[AccountId, Document]:
        return {account: needs.organization.effective_backup_policy(account) for account in accounts}

    return ask(questions.EFFECTIVE, look, otherwise={})


def _scps(needs: SurveyNeeds, ask: _Asked, organization: OrganizationFound) -> dict[str, tuple[str, ...]]:
    """The names of the service control policies on the root and on each unit."""

    def look() -> dict[str, tuple[str, ...]]:
        places = (organization.root_id, *organization.units)
        attached = {place: needs.policies.attached(place) for place in places}
        return {
            place: tuple(policy.name for policy in policies if policy.type == SERVICE_CONTROL_POLICY)
            for place, policies in attached.items()
        }

    return ask(questions.ATTACHED, look, otherwise={})


def _visit(needs: SurveyNeeds, ask: _Asked, places: tuple[Where, ...]) -> dict[Where, _Visited]:
    """Look into several accounts at once; of those that cannot be entered the first says why."""

    def look(place: Where) -> _Visited | StrongroomError:
        try:
            return _Visited(vaults=needs.accounts.vaults(*place), plans=needs.accounts.plans(*place))
        except StrongroomError as error:
            return error

    visited: dict[Where, _Visited] = {}
    refused: dict[str, StrongroomError] = {}
    with ThreadPoolExecutor(max_workers=_AT_ONCE) as pool:
        for number, (place, found) in enumerate(zip(places, pool.map(look, places), strict=True), start=1):
            if isinstance(found, StrongroomError):
                refused[" ".join(place)] = found
            else:
                visited[place] = found
            if number % _TOLD_EVERY == 0 or number == len(places):
                needs.tell(f"accounts and Regions that are looked at: {number} of {len(places)}")
    if refused:
        reason = why_unseen(next(iter(refused.values())), questions.ACCOUNT.check)
        ask.keep(questions.ACCOUNT, f"Nobody could look into {listed(refused)}. {reason}")
    return visited
