"""The status in words, for a terminal and for paper."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from strongroom.domain.status.states import Protection

NOTHING: Final = "-"
# So many alerts are named; `strongroom alerts list` has them all.
_ALERTS: Final = 20


def described(shown: Mapping[str, Any]) -> Iterator[str]:
    """The sentence, then what is open, then the units, then the accounts in which something is wrong."""
    yield f"{shown['sentence']}."
    yield from opened(shown)
    if shown["inventory"]:
        yield inventoried(shown["inventory"])
    for unit in shown["units"]:
        yield f"  {unit['unit']}: {protected(unit)} in {counted(unit['accounts'], 'account')}"
    for account in shown["worst"]:
        yield f"  {called(account)} in {account['unit']}: {', '.join(faults(account))}"
    if shown["worst"]:
        yield f"Look closer: strongroom status --account {shown['worst'][0]['account']}"


def opened(shown: Mapping[str, Any]) -> Iterator[str]:
    """What is open, the gravest first."""
    alerts = shown["alerts"]
    yield "Open alerts, the gravest first:" if alerts else "No alert is open."
    yield from (f"  {alert_line(alert)}" for alert in alerts[:_ALERTS])
    if len(alerts) > _ALERTS or shown["has_more_alerts"]:
        yield "  and more: strongroom alerts list"


def inventoried(shown: Mapping[str, Any]) -> str:
    """How far the inventory is, and what of it no event had told."""
    how = "ended" if shown["ended_at"] else f"went through {shown['done']} of {shown['places']} accounts and Regions"
    when = moment(shown["ended_at"] or shown["begun_at"])
    found = ", ".join(f"{number} {label}" for label, number in sorted(shown["found"].items())) or "nothing"
    partly = f"; in {shown['partly']} something could not be listed" if shown["partly"] else ""
    since = when if shown["ended_at"] else f"since {when}"
    return f"Inventory: {how} {since}, {shown['listed']:,} listed; without an event: {found}{partly}."


def of_account(shown: Mapping[str, Any]) -> Iterator[str]:
    """How far the inventory is in each Region of an account."""
    for each in shown["inventory"]:
        how = f"ended {moment(each['ended_at'])}" if each["ended_at"] else f"{len(each['left'])} lists are left"
        found = ", ".join(f"{number} {label}" for label, number in sorted(each["found"].items())) or "nothing"
        yield f"  inventory of {each['region']}: {how}, {each['listed']:,} listed; without an event: {found}"
        since = {name: f", refused since {moment(began)}" for name, began in each.get("refused_since", {}).items()}
        for name, why in sorted(each["unread"].items()):
            yield f"    could not be listed{since.get(name, '')}: {name}: {why}"


def alert_line(alert: Mapping[str, Any]) -> str:
    """An alert on one line."""
    after = f" ({alert['acknowledged_by']} looks after it)" if alert["acknowledged_by"] else ""
    since = moment(alert["opened_at"])
    return f"{alert['severity']}: {alert['kind']} in {called(alert)}, since {since}: {alert['reason']}{after}"


def is_about(alert: Mapping[str, Any], resource: Mapping[str, Any]) -> bool:
    """Whether the alert names the resource."""
    return resource["resource"] in {alert["resource"], alert["subject"], *alert.get("resources", ())}


def called(shown: Mapping[str, Any]) -> str:
    """An account as people know it: `payments-prod (222222222222)`, or its id alone."""
    return f"{shown['account_name']} ({shown['account']})" if shown["account_name"] else str(shown["account"])


def counted_resources(shown: Mapping[str, Any]) -> Iterator[str]:
    """An account: how many of its resources are protected, what is open there, and each of them on a line."""
    states = [Protection(each["state"]) for each in shown["resources"]]
    governed = sum(state is not Protection.ENDED for state in states)
    if not states:
        yield f"Nothing of account {called(shown)} is known."
    else:
        yield f"{called(shown)}: {states.count(Protection.PROTECTED):,} of {governed:,} protected."
    yield from opened(shown)
    yield from of_account(shown)
    yield from map(listed, shown["resources"])


def listed(resource: Mapping[str, Any]) -> str:
    """A resource on one line."""
    return f"  {resource['words']}: {resource['resource']} ({resource['reason']})"


def answered(shown: Mapping[str, Any]) -> Iterator[str]:
    """The auditor's questions about one resource, each with how it is known."""
    resource = shown["resource"]
    yield f"{resource['resource']} is {resource['words']} since {moment(resource['since'])}: {resource['reason']}."
    yield from opened(shown)
    yield f"  account         {called(resource)} in {resource['region']}, tier {resource['tier'] or NOTHING}"
    yield f"  last backup     {moment(resource['last_backup'])}{known(resource['backup_known_by'])}"
    yield f"  restorable to   {moment(resource['restorable_to'])}"
    for rule in resource["rules"]:
        yield from _rule(rule)
    yield f"  restore test    {resource['last_restore_test']}"
    yield f"  looked at       {moment(resource['seen_at'])}"


def faults(totals: Mapping[str, Any]) -> list[str]:
    """What is wrong in it, the worst first: `2 not backed up`."""
    return [
        f"{totals['states'][each]:,} {each.words}" for each in Protection if each.is_wrong and totals["states"][each]
    ]


def protected(totals: Mapping[str, Any]) -> str:
    """`9 of 11 protected`."""
    return f"{totals['protected']:,} of {totals['governed']:,} protected"


def counted(count: int, noun: str) -> str:
    """`1 account`, `1,200 accounts`."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def known(by: str) -> str:
    """How it is known, in brackets, if it is."""
    return f" (known by {by})" if by else ""


def moment(text: str | None) -> str:
    """A moment of the API as people read it, in UTC."""
    return NOTHING if text is None else f"{datetime.fromisoformat(text).astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def days_of(count: int) -> str:
    """`35 days`."""
    return counted(count, "day")


def copy_of(vault: Mapping[str, Any]) -> str:
    """The newest copy that was read in the vault, and how it came that it was."""
    if vault["last_verified_copy"] is None:
        return "none verified yet"
    return f"of {moment(vault['copy_of'])}, verified {moment(vault['verified_at'])}{known(vault['known_by'])}"


def _rule(rule: Mapping[str, Any]) -> Iterator[str]:
    kept = days_of(rule["local_retention_days"])
    yield f"  rule {rule['rule']} of {rule['tier']}"
    yield f"    schedule      {rule['schedule']}, next {moment(rule['next_run_at'])}"
    yield f"    last run      {moment(rule['last_run_at'])}: {rule['last_run']}"
    yield f"    kept          {kept} in {rule['local_vault']}"
    for vault in rule["destinations"]:
        yield (
            f"    copied to     {vault['vault']} in {called(vault)}, {vault['region']}, "
            f"for {days_of(vault['retention_days'])}: {copy_of(vault)}"
        )
        if vault["state"] not in {"verified", "open"}:
            yield f"                  the last one is {vault['state']}: {vault['reason']}"
