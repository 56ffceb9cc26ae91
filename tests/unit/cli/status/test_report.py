"""`strongroom report`: the same content as HTML that prints, as CSV and as JSON."""

import csv
import io
import json
from datetime import timedelta
from html.parser import HTMLParser
from pathlib import Path

import pytest

from strongroom.domain.alerts.complaints import AlertKind
from strongroom_cli.main import main
from strongroom_cli.status.markup import tag, visible
from strongroom_cli.status.tables import as_csv
from tests.builders.copies import RESOURCE
from tests.builders.places import BACKUP_ACCOUNT, PAYMENTS
from tests.unit.cli.status.conftest import HOSTILE, OTHER, StatusApi


class Reader(HTMLParser):
    """Which elements a page has, with their attributes, and its text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.fixture
def page(api: StatusApi, tmp_path: Path) -> Reader:
    assert main(["report", "--out", str(tmp_path / "report.html")]) == 1
    return Reader((tmp_path / "report.html").read_text(encoding="utf-8"))


def test_the_page_names_every_resource_below_the_sentence(page: Reader) -> None:
    assert page.text.index("1 of 2 resources are protected") < page.text.index("Over time")
    assert [resource in page.text for resource in (RESOURCE, HOSTILE)] == [True, True]
    assert [name for name, _ in page.elements].count("article") == 2
    assert "verified 2026-09-01 03:10 UTC (known by event)" in page.text


def test_the_page_runs_nothing_and_fetches_nothing(page: Reader) -> None:
    assert {name for name, _ in page.elements} & {"script", "link", "img", "iframe", "form", "base"} == set()
    named = {key for _, attributes in page.elements for key in attributes}
    assert {key for key in named if key in {"style", "src", "href"} or key.startswith("on")} == set()
    assert ("meta", "default-src 'none'") in {
        (name, (attributes.get("content") or "").partition(";")[0]) for name, attributes in page.elements
    }


def test_the_page_plots_coverage_and_age_in_words_and_lines(page: Reader) -> None:
    labels = [attributes["aria-label"] for name, attributes in page.elements if name == "svg"]
    assert labels == [
        "Protected, in per cent of the resources: 50 on 2026-09-01, lowest 50 on 2026-09-01",
        "Age of the oldest restorable state, in hours: 1 on 2026-09-01, highest 1 on 2026-09-01",
    ]


def test_days_are_drawn_from_left_to_right(api: StatusApi, capsys: pytest.CaptureFixture[str]) -> None:
    api.world.now += timedelta(days=1)
    api.world.tick()
    main(["report"])
    reader = Reader(capsys.readouterr().out)
    first, _ = (attributes["points"] for name, attributes in reader.elements if name == "polyline")
    across = [float(point.partition(",")[0]) for point in (first or "").split()]
    assert across == [46.0, 446.0]


def test_a_table_has_a_row_for_each_resource_and_vault(api: StatusApi, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["report", "--format", "csv"]) == 1
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert sorted((row["account"], row["state"], row["vault"], row["copy_state"]) for row in rows) == [
        (PAYMENTS, "protected", "central-backup-vault", "verified"),
        (OTHER, "not fully protected", "central-backup-vault", "missing"),
    ]
    assert {row["last_restore_test"] for row in rows} == {"none"}


def test_a_cell_is_never_a_formula() -> None:
    rules = [{"rule": "=1+1", "destinations": []}]
    resource = {"resource": "arn:r", "words": "protected", "reason": "@SUM(A1)", "since": None, "rules": rules}
    resource |= {"failed_controls": []}
    alert = {"severity": "=2", "kind": "copy-slow", "reason": "-", "resource": "arn:r", "subject": ""}
    report = {"units": [{"unit": "-u", "accounts": [{"resources": [resource], "alerts": [alert]}]}]}
    (row,) = csv.DictReader(io.StringIO(as_csv(report)))
    assert (row["unit"], row["reason"], row["rule"], row["since"]) == ("'-u", "'@SUM(A1)", "'=1+1", "")
    assert row["open_alerts"] == "'=2 copy-slow: -"


def test_what_is_open_stands_at_the_top_at_its_account_and_at_its_resource(
    api: StatusApi, capsys: pytest.CaptureFixture[str]
) -> None:
    api.world.alert(AlertKind.COPY_MISSING, "p-3", resource=HOSTILE, account=OTHER, reason="<b>gone</b>")
    main(["report"])
    reader = Reader(capsys.readouterr().out)
    assert reader.text.count("critical: copy-missing in 333333333333, since 2026-09-01 03:11 UTC: <b>gone</b>") == 2
    assert reader.text.count("Open: critical copy-missing") == 1
    assert "b" not in {name for name, _ in reader.elements}
    main(["report", "--format", "csv"])
    rows = csv.DictReader(io.StringIO(capsys.readouterr().out))
    assert {row["account"]: row["open_alerts"] for row in rows} == {
        PAYMENTS: "",
        OTHER: "critical copy-missing: <b>gone</b>",
    }


def test_a_report_of_one_unit_has_the_alerts_of_its_accounts_alone(
    api: StatusApi, capsys: pytest.CaptureFixture[str]
) -> None:
    api.world.alert(AlertKind.COPY_SLOW, "slow")
    told = {}
    for unit in ("unit not known", "Elsewhere"):
        main(["report", "--format", "json", "--unit", unit])
        told[unit] = len(json.loads(capsys.readouterr().out)["alerts"])
    assert told == {"unit not known": 1, "Elsewhere": 0}


def test_names_stand_beside_ids(api: StatusApi, capsys: pytest.CaptureFixture[str]) -> None:
    api.world.name(OTHER, "ledger-prod")
    api.world.name(BACKUP_ACCOUNT, "vaults")
    api.world.recount()
    main(["report", "--format", "csv"])
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert [(row["account_name"], row["vault_account_name"]) for row in rows] == [
        ("ledger-prod", "vaults"),
        ("", "vaults"),
    ]
    main(["report"])
    text = Reader(capsys.readouterr().out).text
    assert ["ledger-prod (333333333333)" in text, "in vaults (999999999999)" in text] == [True, True]


def test_scripts_get_all_of_it(api: StatusApi, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["report", "--format", "json"]) == 1
    report = json.loads(capsys.readouterr().out)
    found = [
        each["resource"] for unit in report["units"] for account in unit["accounts"] for each in account["resources"]
    ]
    assert sorted(found) == sorted([RESOURCE, HOSTILE])
    assert (report["left_out"], len(report["days"])) == ("", 1)


def test_one_unit_can_be_asked_for(api: StatusApi, capsys: pytest.CaptureFixture[str]) -> None:
    main(["report", "--format", "json", "--unit", "Elsewhere"])
    assert json.loads(capsys.readouterr().out)["units"] == []


def test_what_nobody_sees_gets_a_mark() -> None:
    assert visible("a\u202eb\x00c") == "a\N{REPLACEMENT CHARACTER}b\N{REPLACEMENT CHARACTER}c"
    assert tag("p", "one ", tag("b", "two"), " three").find("b") is not None
