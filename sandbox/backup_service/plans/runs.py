"""It is the rule's time: start the jobs of every plan whose rule is due, and the copies after them."""

from collections.abc import Iterator

from sandbox.backup_service.estate import BackupJob, Estate
from sandbox.backup_service.jobs.air_gap import aim
from sandbox.backup_service.jobs.backups import kind_here, new_backup_job
from sandbox.backup_service.jobs.chains import back_up_and_copy
from sandbox.backup_service.jobs.continuous import make_continuous, resource_supports_continuous
from sandbox.backup_service.plans.local import local_plans
from sandbox.backup_service.plans.organization import organization_plans
from sandbox.backup_service.plans.rules import Plan, Rule, Selection
from sandbox.backup_service.preferences import region_settings
from sandbox.backup_service.resources.catalogue import KINDS
from sandbox.backup_service.resources.kind import Resource
from sandbox.backup_service.surroundings import Document, Place


async def run_plans(estate: Estate, schedule: str | None) -> list[Document]:
    """Run the rules of that schedule (all rules if None) in every account; answers the jobs that were started."""
    due = [
        (plan, rule)
        for plan in _every_plan(estate)
        for rule in plan.rules
        if schedule is None or rule.schedule == schedule
    ]
    inventory: dict[Place, list[Resource]] = {}
    started: list[Document] = []
    for plan, rule in due:
        if plan.place not in inventory:
            inventory[plan.place] = await _resources(estate, plan)
        for resource, selection in _picked(plan, inventory[plan.place]):
            job = _start(estate, plan, rule, resource, selection)
            started.append(_reported(job, plan, rule))
    return started


def _every_plan(estate: Estate) -> Iterator[Plan]:
    organization = estate.surroundings.organization
    for account in organization.accounts():
        yield from organization_plans(account, organization.effective_backup_policy(account))
    yield from local_plans(estate)


async def _resources(estate: Estate, plan: Plan) -> list[Resource]:
    """The account's resources in the plan's Region, of the types that are opted in."""
    owner = plan.place.account
    if plan.id.startswith("orgs/"):
        # For the organisation's plans the management account's choice counts, not the member's.
        owner = estate.surroundings.organization.management_account
    opt_in = region_settings(estate, Place(owner, plan.place.region)).opt_in
    services = estate.services(plan.place)
    found: list[Resource] = []
    for kind in KINDS:
        if opt_in.get(kind.resource_type, False):
            found += await kind.find_all(services)
    return found


def _picked(plan: Plan, resources: list[Resource]) -> Iterator[tuple[Resource, Selection]]:
    """Each selected resource once, with the first selection that names it."""
    for resource in resources:
        for selection in plan.selections:
            if selection.picks(resource.arn, resource.tags):
                yield resource, selection
                break


def _start(estate: Estate, plan: Plan, rule: Rule, resource: Resource, selection: Selection) -> BackupJob:
    job = new_backup_job(
        estate, plan.place, resource_arn=resource.arn, vault_name=rule.vault_name, role_arn=selection.role_arn
    )
    job.lifecycle = rule.lifecycle
    job.created_by = plan.created_by(rule)
    job.recovery_point_tags = dict(rule.recovery_point_tags)
    job.start_window = rule.start_window
    kind = kind_here(estate, plan.place, resource.arn)
    aim(job, kind, rule.air_gapped_vault_arn)
    if rule.is_continuous and resource_supports_continuous(kind):
        make_continuous(estate, job)
    estate.clockwork.spawn(back_up_and_copy(estate, job, rule.copy_actions))
    return job


def _reported(job: BackupJob, plan: Plan, rule: Rule) -> Document:
    return {
        "backup_job_id": job.id,
        "account": job.place.account,
        "region": job.place.region,
        "resource_arn": job.resource_arn,
        "resource_type": job.resource_type,
        "vault": job.vault_name,
        "plan": plan.name,
        "rule": rule.name,
    }
