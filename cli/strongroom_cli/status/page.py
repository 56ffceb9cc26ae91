"""A report as one HTML file that prints: no script, and nothing that is fetched from elsewhere."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final
from xml.etree.ElementTree import Element

from strongroom.domain.status.states import Protection
from strongroom_cli.status.comparing import NOT_ASKED
from strongroom_cli.status.markup import Child, document, tag
from strongroom_cli.status.plots import age, coverage
from strongroom_cli.status.words import (
    alert_line,
    called,
    copy_of,
    counted,
    days_of,
    faults,
    is_about,
    known,
    moment,
    protected,
)

_CSS: Final = Path(__file__).with_name("report.css")
_POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
# What a row says, and which part of the table's width it gets.
_COLUMNS: Final = {
    "Resource": "20%",
    "State": "19%",
    "Schedule and retention": "14%",
    "Last backup": "18%",
    "Copies, and how each is known": "21%",
    "Restore test": "8%",
}
_HEADS: Final = tuple(_COLUMNS)[1:]
_MOMENT: Final = re.compile(r"(\d{4}-\d{2}-\d{2} \d{2}:\d{2} UTC)")
# So many resources are named that only Audit Manager knows.
_STRANGE: Final = 50
_MOODS: Final = {"critical": "bad", "warning": "unknown"}


def as_html(report: Mapping[str, Any], *, now: datetime) -> str:
    """The page: the sentence, the plots, then each unit with its accounts and their resources."""
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", http_equiv="Content-Security-Policy", content=_POLICY),
        tag("title", f"Protection of every resource, {now.astimezone(UTC):%Y-%m-%d}"),
        tag("style", _CSS.read_text(encoding="utf-8").replace("\n", " ")),
    )
    body = tag("body", tag("main", *_heading(report, now=now), *_units(report)))
    return document(tag("html", head, body, lang="en"))


def _heading(report: Mapping[str, Any], *, now: datetime) -> Iterator[Element]:
    mood = {True: "good", False: "bad", None: "unknown"}[report["is_well"]]
    yield tag("h1", "Protection of every resource")
    yield tag("p", f"{report['sentence']}.", class_=f"sentence {mood}")
    yield tag("p", f"Made {now.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC. All times are UTC.", class_="hint")
    if report["left_out"]:
        yield tag("p", f"{report['left_out']}.", class_="sentence bad")
    yield tag("section", tag("h2", "Open alerts"), *_alerts(report))
    yield tag(
        "section", tag("h2", "Over time"), tag("div", coverage(report["days"]), age(report["days"]), class_="plots")
    )
    yield tag("section", tag("h2", "AWS Backup Audit Manager"), *_compared(report["audit_manager"]))


def _alerts(shown: Mapping[str, Any]) -> Iterator[Element]:
    """What is open, the gravest first."""
    if not shown["alerts"]:
        yield tag("p", "None is open.")
        return
    yield tag("ul", *(_alert(alert) for alert in shown["alerts"]))
    if shown["has_more_alerts"]:
        yield tag("p", "There are more; the command strongroom alerts list has them.")


def _compared(said: Mapping[str, Any]) -> Iterator[Element]:
    """Where Audit Manager and Strongroom disagree."""
    if not said["is_asked"]:
        yield tag("p", "It was not asked.")
        return
    disagreements, strange = said["disagreements"], said["not_known_here"]
    yield tag("p", f"Last evaluated {said['evaluated_at'] or 'at no time that is told'}.")
    yield tag("p", f"{counted(len(disagreements), 'disagreement')} with Strongroom.")
    yield tag("ul", *(tag("li", *_timed(each)) for each in disagreements))
    if strange:
        yield tag("p", "Evaluated there, and of these accounts not in this report:")
        yield tag("ul", *(tag("li", each) for each in strange[:_STRANGE]))
    if len(strange) > _STRANGE:
        yield tag("p", f"And {len(strange) - _STRANGE:,} more, which the JSON form has.")
    if said["apart"]:
        yield tag("p", f"Not compared: {counted(said['apart'], 'finding')} on plans, vaults and recovery points.")


def _alert(alert: Mapping[str, Any]) -> Element:
    severity, _, rest = alert_line(alert).partition(":")
    return tag("li", tag("strong", severity, class_=_MOODS.get(severity, "")), *_timed(f":{rest}"))


def _units(report: Mapping[str, Any]) -> Iterator[Element]:
    for unit in report["units"]:
        said = f"{protected(unit)} in {counted(len(unit['accounts']), 'account')}"
        yield tag("section", tag("h2", unit["unit"]), tag("p", said), *map(_account, unit["accounts"]))


def _account(account: Mapping[str, Any]) -> Element:
    wrong = faults(account)
    said = f"{protected(account)}{': ' if wrong else ''}{', '.join(wrong)}"
    head = tag("tr", *(tag("th", name, scope="col", width=width) for name, width in _COLUMNS.items()))
    rows = [_row(each, alerts=account["alerts"]) for each in account["resources"]]
    return tag(
        "article",
        tag("h3", called(account)),
        tag("p", said),
        *(_alerts(account) if account["alerts"] else ()),
        tag("table", tag("thead", head), tag("tbody", *rows)),
    )


def _row(resource: Mapping[str, Any], *, alerts: Sequence[Mapping[str, Any]]) -> Element:
    state = Protection(resource["state"])
    mood = "bad" if state.is_wrong else "good" if state is Protection.PROTECTED else "unknown"
    about = [f"Open: {alert['severity']} {alert['kind']}" for alert in alerts if is_about(alert, resource)]
    reasons = (f"{resource['reason']}; {_since(resource)}", *about, *_audited(resource))
    backup = f"{moment(resource['last_backup'])}{known(resource['backup_known_by'])}"
    cells: tuple[list[Child], ...] = (
        [tag("strong", state.words, class_=mood), *(tag("small", *_timed(each)) for each in reasons)],
        _lines(_schedules(resource)),
        [*_timed(backup), tag("small", *_timed(f"restorable to {moment(resource['restorable_to'])}"))],
        _lines(_copies(resource)),
        [resource["last_restore_test"]],
    )
    return tag(
        "tr",
        tag("th", resource["name"], tag("small", resource["resource"]), scope="row"),
        *(tag("td", *cell, data_head=head) for head, cell in zip(_HEADS, cells, strict=True)),
    )


def _audited(resource: Mapping[str, Any]) -> Iterator[str]:
    if resource["audit_manager"] != NOT_ASKED:
        failed = f" in {', '.join(resource['failed_controls'])}" if resource["failed_controls"] else ""
        yield f"Audit Manager: {resource['audit_manager']}{failed}"


def _since(resource: Mapping[str, Any]) -> str:
    return f"since {moment(resource['since'])}"


def _schedules(resource: Mapping[str, Any]) -> Iterator[str]:
    for rule in resource["rules"]:
        yield f"{rule['tier']}: {rule['schedule']}, {days_of(rule['local_retention_days'])} in {rule['local_vault']}"


def _copies(resource: Mapping[str, Any]) -> Iterator[str]:
    for rule in resource["rules"]:
        for vault in rule["destinations"]:
            place = f"{vault['vault']} in {called(vault)}, {vault['region']}, for {days_of(vault['retention_days'])}"
            yield f"{place}: {copy_of(vault)}"


def _lines(texts: Iterator[str]) -> list[Child]:
    return [tag("p", *_timed(text)) for text in texts] or ["none"]


def _timed(text: str) -> list[Child]:
    """The text, in which no moment is broken over two lines."""
    return [tag("time", part) if place % 2 else part for place, part in enumerate(_MOMENT.split(text)) if part]
