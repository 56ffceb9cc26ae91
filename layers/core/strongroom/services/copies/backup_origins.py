"""Which tier and rule a backup comes from: by its plan, which is asked for the names that nobody told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from strongroom.domain.copies.origins import Origin, is_nameless, is_our_plan, named, rule_behind
from strongroom.domain.identifiers import Arn
from strongroom.domain.intent.tier_names import tier_of_plan, tier_of_tags, tier_so_called

if TYPE_CHECKING:
    from datetime import datetime

    from strongroom.domain.copies.backup_jobs import BackupJob
    from strongroom.domain.copies.found import MadeBy, RecoveryPointFound
    from strongroom.domain.identifiers import AccountId
    from strongroom.domain.intent.model import Intent
    from strongroom.ports.copies import ProtectionBook, RecoveryPointInspection


class OriginNeeds(Protocol):
    """What telling an origin takes of the world."""

    @property
    def intent(self) -> Intent:
        """The tiers and their rules."""

    @property
    def points(self) -> RecoveryPointInspection:
        """Who knows plans, and the tags of recovery points."""

    @property
    def protection(self) -> ProtectionBook:
        """Who remembers which tier a resource is known to have."""


def our_maker(told: MadeBy | None, *, account: AccountId, points: RecoveryPointInspection) -> MadeBy | None:
    """The maker, if it is a plan of ours, with its names: a plan that they are not told of is asked.

    The account of the backup is asked, and nobody else's.
    """
    if told is None or not is_our_plan(told):
        return None
    if is_nameless(told) and Arn.parse(told.plan).account == account:
        plan = points.plan(told.plan)
        told = told if plan is None else named(told, plan=plan)
    return told if is_our_plan(told) else None


def origin_of_point(
    point: RecoveryPointFound, *, maker: MadeBy, began_at: datetime, needs: OriginNeeds
) -> Origin | None:
    """The tier by the name of its plan, else by the backup's tags, else by the resource's last tag; and the rule."""
    intent = needs.intent
    tier = (
        tier_of_plan(maker.plan_name, intent=intent)
        or tier_of_tags(needs.points.tags(point.arn, vault=point.vault), intent=intent)
        or tier_so_called(needs.protection.tier(point.resource), intent=intent)
    )
    if tier is None:
        return None
    return Origin(tier=tier, rule=rule_behind(maker, tier=tier, began_at=began_at, intent=intent))


def origin_of_job(job: BackupJob, *, needs: OriginNeeds, likely: str | None = None) -> Origin | None:
    """The same of a job that left nothing: by its plan, else the `likely` tier, else by the resource's last tag."""
    maker = our_maker(job.made_by, account=job.account, points=needs.points)
    if maker is None or job.resource is None or job.created_at is None:
        return None
    tier = (
        tier_of_plan(maker.plan_name, intent=needs.intent)
        or tier_so_called(likely, intent=needs.intent)
        or tier_so_called(needs.protection.tier(job.resource), intent=needs.intent)
    )
    if tier is None:
        return None
    return Origin(tier=tier, rule=rule_behind(maker, tier=tier, began_at=job.created_at, intent=needs.intent))
