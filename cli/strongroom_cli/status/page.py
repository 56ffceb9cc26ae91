"""A report as one HTML file that prints: no script, and nothing that is fetched from elsewhere."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final
from xml.etree.ElementTree import Element

from strongroom.domain.status.states import Protection
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
_WITHOUT: Final = "What AWS Backup Audit Manager finds by itself is not in here."
_HEADS: Final = ("Resource", "State", "Schedule and retention", "Last backup", "Copies, and how each is known", "Test")


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
    yield tag("p", f"Made {now.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC. All times are UTC. {_WITHOUT}", class_="hint")
    if report["left_out"]:
        yield tag("p", f"{report['left_out']}.", class_="sentence bad")
    yield tag("section", tag("h2", "Open alerts"), *_alerts(report))
    yield tag("section", tag("h2", "Over time"), coverage(report["days"]), age(report["days"]))


def _alerts(shown: Mapping[str, Any]) -> Iterator[Element]:
    """What is open, the gravest first."""
    if not shown["alerts"]:
        yield tag("p", "None is open.")
        return
    yield tag("ul", *(tag("li", alert_line(alert), class_=alert["severity"]) for alert in shown["alerts"]))
    if shown["has_more_alerts"]:
        yield tag("p", "There are more; the command strongroom alerts list has them.")


def _units(report: Mapping[str, Any]) -> Iterator[Element]:
    for unit in report["units"]:
        said = f"{protected(unit)} in {counted(len(unit['accounts']), 'account')}"
        yield tag("section", tag("h2", unit["unit"]), tag("p", said), *map(_account, unit["accounts"]))


def _account(account: Mapping[str, Any]) -> Element:
    wrong = faults(account)
    said = f"{protected(account)}{': ' if wrong else ''}{', '.join(wrong)}"
    head = tag("tr", *(tag("th", name, scope="col") for name in _HEADS))
    rows = [_row(each, alerts=account["alerts"]) for each in account["resources"]]
    return tag(
        "article",
        tag("h3", called(account)),
        tag("p", said),
        *(_alerts(account) if account["alerts"] else ()),
        tag("div", tag("table", tag("thead", head), tag("tbody", *rows)), class_="wide"),
    )


def _row(resource: Mapping[str, Any], *, alerts: Sequence[Mapping[str, Any]]) -> Element:
    state = Protection(resource["state"])
    mood = "bad" if state.is_wrong else "good" if state is Protection.PROTECTED else "unknown"
    about = [f"Open: {alert['severity']} {alert['kind']}" for alert in alerts if is_about(alert, resource)]
    reasons = (f"{resource['reason']}; {_since(resource)}", *about)
    backup = f"{moment(resource['last_backup'])}{known(resource['backup_known_by'])}"
    return tag(
        "tr",
        tag("th", resource["name"], tag("small", resource["resource"]), scope="row"),
        tag("td", tag("strong", state.words, class_=mood), *(tag("small", each) for each in reasons)),
        tag("td", *_lines(_schedules(resource))),
        tag("td", backup, tag("small", f"restorable to {moment(resource['restorable_to'])}")),
        tag("td", *_lines(_copies(resource))),
        tag("td", resource["last_restore_test"]),
    )


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
    return [tag("p", text) for text in texts] or ["none"]
