"""Every rule about an intent, in the order of the file; those about a section that has many lie beside."""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Final

from strongroom.domain import forms
from strongroom.domain.catalogue.rows import ROWS, creations_by_call, joined
from strongroom.domain.findings import Finding, error, warning
from strongroom.domain.intent.model import Intent, RoleNames
from strongroom.domain.intent_rules.ceremony.rules import find_ceremony_contradictions
from strongroom.domain.intent_rules.ceremony.tickets import find_ticket_contradictions
from strongroom.domain.intent_rules.exemptions import find_exemption_contradictions
from strongroom.domain.intent_rules.guardrails import find_guardrail_contradictions
from strongroom.domain.intent_rules.targets import find_target_contradictions, unknown
from strongroom.domain.intent_rules.tier_tags import find_opt_out_contradictions, find_unheard_tags, is_tag_key
from strongroom.domain.intent_rules.tiers import find_tier_contradictions
from strongroom.domain.intent_rules.vaults import find_vault_contradictions
from strongroom.domain.values import field_names

AWS_RETRIES_A_COPY_FOR: Final = timedelta(hours=2)
# No copy is waited for longer, whatever was learnt.
_LEARNT_AT_MOST: Final = timedelta(days=1)
ROLE_PATH: Final = "strongroom/"


def find_contradictions(intent: Intent, *, today: date | None = None) -> tuple[Finding, ...]:
    """Every contradiction and every risk in the intent, in the order of the file.

    Without `today` (UTC) nothing is said about exceptions that have ended or last too long.
    """
    return (
        *_organization(intent),
        *_tag_key(intent),
        *find_vault_contradictions(intent),
        *find_tier_contradictions(intent),
        *find_target_contradictions(intent),
        *find_opt_out_contradictions(intent),
        *find_unheard_tags(intent),
        *_deadlines(intent),
        *_alerts(intent),
        *_guardrails(intent),
        *find_guardrail_contradictions(intent, today=today),
        *find_ceremony_contradictions(intent),
        *find_ticket_contradictions(intent),
        *find_exemption_contradictions(intent, today=today),
        *_roles(intent),
        *_keys(intent),
        *_audit(intent),
        *_addresses(intent),
    )


def _organization(intent: Intent) -> Iterator[Finding]:
    place = intent.organization
    if not forms.ORGANIZATION_ID.fits(place.id):
        yield error("organization-id", "organization.id", f"{place.id!r} is no organisation id such as o-ab12cd34ef")
    if not forms.ROOT_ID.fits(place.root_id):
        yield error("root-id", "organization.root_id", f"{place.root_id!r} is no root id such as r-ab12")
    yield from _accounts(intent)
    yield from _regions(intent)
    for name, identifier in place.units.items():
        path = f"organization.units.{name}"
        if not forms.UNIT_ID.fits(identifier):
            yield error("unit-id", path, f"{identifier!r} is no unit id such as ou-ab12-cd34ef56")
        elif f"r-{identifier.split('-')[1]}" != place.root_id:
            yield error("unit-id", path, f"{identifier} does not lie under the root {place.root_id}")
    yield from _twice("organization.units", place.units, "unit-twice")


def _accounts(intent: Intent) -> Iterator[Finding]:
    place = intent.organization
    accounts = {"management_account": place.management_account, "backup_account": place.backup_account}
    if place.audit_account is not None:
        accounts["audit_account"] = place.audit_account
    for name, account in accounts.items():
        if not forms.ACCOUNT_ID.fits(account):
            yield error("account-id", f"organization.{name}", f"{account!r} is no account id of twelve digits")
    yield from _twice("organization", accounts, "account-twice")


def _regions(intent: Intent) -> Iterator[Finding]:
    place = intent.organization
    named = {"organization.home_region": place.home_region}
    governed = {f"organization.governed_regions[{n}]": region for n, region in enumerate(place.governed_regions)}
    for path, region in (named | governed).items():
        if not forms.REGION.fits(region):
            yield error("region", path, f"{region!r} is no Region code such as eu-west-1")
    if place.home_region not in place.regions:
        why = f"{place.home_region} is missing: the roles of a governed account are made by its home Region's stack"
        yield error("governed-regions", "organization.governed_regions", why)
    for region, count in Counter(place.governed_regions).items():
        if count > 1:
            yield error("region-twice", "organization.governed_regions", f"{region} stands {count} times")


def _tag_key(intent: Intent) -> Iterator[Finding]:
    if not is_tag_key(intent.tag_key):
        yield error("tag-key", "tag_key", f"{intent.tag_key!r} is no tag key of 1 to 128 plain characters without aws:")


def _deadlines(intent: Intent) -> Iterator[Finding]:
    for name in field_names(intent.deadlines):
        deadline = getattr(intent.deadlines, name)
        if deadline is not None and deadline <= timedelta():
            yield error("deadline", f"deadlines.{name}", "must be longer than nothing")
    if timedelta() < intent.deadlines.copy_verified_within < AWS_RETRIES_A_COPY_FOR:
        why = "AWS retries a copy for two hours by itself: a shorter promise will alert on copies that still arrive"
        yield warning("deadline-short", "deadlines.copy_verified_within", why)
    least, most = intent.deadlines.copy_verified_within, intent.deadlines.copy_verified_at_most
    if most is not None and not least <= most <= max(least, _LEARNT_AT_MOST):
        why = f"must be between `copy_verified_within`, {least}, and {_LEARNT_AT_MOST}"
        yield error("deadline-bounds", "deadlines.copy_verified_at_most", why)


def _alerts(intent: Intent) -> Iterator[Finding]:
    hours, digest_at = intent.alerts.quiet_hours, intent.alerts.digest_at
    if hours is not None and not forms.HOURS.fits(hours):
        yield error("time-of-day", "alerts.quiet_hours", f"{hours!r} are no hours, UTC, such as 22:00-06:00")
    elif hours is not None and len(set(hours.split("-"))) == 1:
        yield error("time-of-day", "alerts.quiet_hours", f"{hours} end when they begin")
    if digest_at is not None and not forms.TIME_OF_DAY.fits(digest_at):
        yield error("time-of-day", "alerts.digest_at", f"{digest_at!r} is no time of day, UTC, such as 07:00")


def _guardrails(intent: Intent) -> Iterator[Finding]:
    creations = creations_by_call()
    taggable = {call: each for call, each in creations.items() if each.tagged}
    untaggable = {*(creations.keys() - taggable.keys()), *joined(row.unseen_tagging for row in ROWS)}
    for number, action in enumerate(intent.guardrails.tag_required_on):
        path = f"guardrails.tag_required_on[{number}]"
        if action in untaggable:
            why = f"{action} takes no tags (aws:RequestTag), so the guardrail would refuse every such call"
            yield error("action-without-tags", path, why)
        elif action not in taggable:
            yield error("unknown-action", path, unknown("create action", action, taggable))
        elif reason := taggable[action].upsets:
            yield warning("upsets-tools", path, reason)
    yield from _role_arns("guardrails.exempt_role_arns", intent.guardrails.exempt_role_arns)
    yield from _role_arns("guardrails.deployer_role_arns", intent.guardrails.deployer_role_arns or ())
    yield from _role_arns("guardrails.policy_editor_role_arns", intent.guardrails.policy_editor_role_arns)
    for number, arn in enumerate(intent.guardrails.landing_zone_role_arns):
        if not forms.OWN_ROLE_ARN.fits(arn):
            why = f"{arn!r} must be {forms.OWN_ROLE_ARN.examples[0]}, or another exact name in every account's place"
            yield error("exemption", f"guardrails.landing_zone_role_arns[{number}]", why)


def _role_arns(path: str, arns: tuple[str, ...]) -> Iterator[Finding]:
    for number, arn in enumerate(arns):
        if not forms.ROLE_ARN.fits(arn):
            why = f"{arn!r} must be the exact ARN of one role: a pattern would let anyone make such a role"
            yield error("exemption", f"{path}[{number}]", why)


def _roles(intent: Intent) -> Iterator[Finding]:
    roles = intent.roles
    names = {
        "backup": roles.backup,
        "tagging": roles.tagging,
        "restore_after": roles.restore_after,
        "restore": roles.restore,
        "restore_job": roles.restore_job,
        "restore_raw": roles.restore_raw,
        "restore_native": roles.restore_native,
        "restore_asked": roles.restore_asked,
        "copying": roles.copying,
        "inspection": roles.inspection,
        "forwarder": roles.forwarder,
    }
    for name, role in names.items():
        if not forms.ROLE_NAME.fits(role):
            why = f"{role!r} must be {ROLE_PATH} and a role name: that path is what the guardrails protect"
            yield error("role", f"roles.{name}", why)
    if roles.restore_native != RoleNames().restore_native:
        why = f"{roles.restore_native!r} must be {RoleNames().restore_native}: by that name alone its calls are heard"
        yield error("role", "roles.restore_native", why)
    yield from _twice("roles", names, "role-twice")


def _keys(intent: Intent) -> Iterator[Finding]:
    keys = intent.keys
    yield from _role_arns("keys.administrator_role_arns", keys.administrator_role_arns)
    if not forms.DELETION_WINDOW_DAYS.holds(keys.deletion_window_days):
        why = f"AWS KMS waits 7 to 30 days before it deletes a key, not {keys.deletion_window_days}"
        yield error("deletion-window", "keys.deletion_window_days", why)
    if not forms.ROTATION_PERIOD_DAYS.holds(keys.rotation_period_days):
        why = f"AWS KMS rotates a key every 90 to 2560 days, not {keys.rotation_period_days}"
        yield error("rotation-period", "keys.rotation_period_days", why)


def _audit(intent: Intent) -> Iterator[Finding]:
    days = intent.audit.report_retention_days
    if not forms.RETENTION_DAYS.holds(days):
        why = f"must be 1 to {forms.LONGEST_RETENTION_DAYS} days, not {days}"
        yield error("report-retention", "audit.report_retention_days", why)


def _addresses(intent: Intent) -> Iterator[Finding]:
    addresses = {
        "slack.api_url": None if intent.slack is None else intent.slack.api_url,
        "tickets.url": None if intent.tickets is None else intent.tickets.url,
        "alerts.dead_man_url": intent.alerts.dead_man_url,
        "alerts.runbook_url": intent.alerts.runbook_url,
        "alerts.api_url": intent.alerts.api_url,
        "identity_provider.issuer": None if intent.identity_provider is None else intent.identity_provider.issuer,
    }
    for path, address in addresses.items():
        if address is not None and not forms.ADDRESS.fits(address):
            yield error("address", path, f"{address!r} is no address such as https://login.example.com")


def _twice(path: str, values: Mapping[str, str], code: str) -> Iterator[Finding]:
    for value, count in Counter(values.values()).items():
        if count > 1:
            names = [name for name, each in values.items() if each == value]
            yield error(code, f"{path}.{names[-1]}", f"{value} is already {', '.join(names[:-1])}")
