"""`strongroom status`: the sentence first, and an exit code that a script may lean on."""

import json
from copy import replace
from datetime import timedelta

import pytest

from strongroom.adapters.ledger.inventories.book import LedgerInventories
from strongroom.domain.alerts.complaints import AlertKind, Whose
from strongroom.domain.tags.inventory.news import first_mark
from strongroom.domain.tags.inventory.runs import Place, Run
from strongroom_cli.main import main
from tests.builders.copies import RESOURCE
from tests.builders.places import BACKUP_ACCOUNT, HOME, PAYMENTS
from tests.unit.cli.status.conftest import HOSTILE, OTHER, StatusApi

SENTENCE = (
    "1 of 2 resources are protected (1 not fully protected); last night 3 backups, 2 copies verified, 1 missed; "
    "data 0 seconds old; not compared with AWS's own lists yet."
)
COPIED = (
    "    copied to     central-backup-vault in 999999999999, eu-west-1, for 2,555 days: "
    "of 2026-09-01 02:00 UTC, verified 2026-09-01 03:10 UTC (known by event)"
)


def test_the_sentence_comes_first_then_where_to_look(api: StatusApi, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["status"]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines == [
        SENTENCE,
        "No alert is open.",
        "  unit not known: 1 of 2 protected in 2 accounts",
        "  333333333333 in unit not known: 1 not fully protected",
        "Look closer: strongroom status --account 333333333333",
    ]
    assert api.asked == ["/status"]


def test_a_resource_answers_each_question_with_how_it_is_known(
    api: StatusApi, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["status", RESOURCE]) == 0
    assert capsys.readouterr().out.splitlines()[1:] == [
        "No alert is open.",
        "  account         222222222222 in eu-west-1, tier daily-prod",
        "  last backup     2026-09-01 02:00 UTC (known by event)",
        "  restorable to   2026-09-01 02:00 UTC",
        "  rule backup-and-copy of daily-prod",
        "    schedule      daily 02:00, next 2026-09-02 02:00 UTC",
        "    last run      2026-09-01 02:00 UTC: the backup completed",
        "    kept          35 days in local-prod-vault",
        COPIED,
        "  restore test    none",
        "  looked at       2026-09-01 03:11 UTC",
    ]


def test_what_is_open_follows_the_sentence_the_gravest_first(
    api: StatusApi, capsys: pytest.CaptureFixture[str]
) -> None:
    api.world.name(OTHER, "ledger-prod")
    api.world.alert(AlertKind.COPY_SLOW, "slow", resource=RESOURCE)
    api.world.alert(AlertKind.COPY_MISSING, "missing", resource=HOSTILE, account=OTHER, whose=Whose(account_name="l-p"))
    main(["status"])
    assert capsys.readouterr().out.splitlines()[1:4] == [
        "Open alerts, the gravest first:",
        "  critical: copy-missing in l-p (333333333333), since 2026-09-01 03:11 UTC: it broke",
        "  warning: copy-slow in 222222222222, since 2026-09-01 03:11 UTC: it broke",
    ]


def test_more_alerts_than_a_screen_holds_are_counted_elsewhere(
    api: StatusApi, capsys: pytest.CaptureFixture[str]
) -> None:
    for number in range(51):
        api.world.alert(AlertKind.COPY_SLOW, f"slow-{number}")
    main(["status"])
    lines = capsys.readouterr().out.splitlines()
    assert [sum("copy-slow" in line for line in lines), "  and more: strongroom alerts list" in lines] == [20, True]


@pytest.fixture
def named(api: StatusApi) -> StatusApi:
    """Two accounts whose names begin alike."""
    for account, name in ((OTHER, "ledger-prod"), (PAYMENTS, "ledger-test")):
        api.world.name(account, name)
    api.world.recount()
    return api


@pytest.mark.parametrize(
    "said",
    [["Ledger-Prod"], ["ledger-p"], ["--account", "ledger-prod"], [OTHER]],
    ids=["whatever its case", "its beginning", "by option", "its id"],
)
def test_an_account_is_found_by_its_name(named: StatusApi, said: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["status", *said]) == 1
    assert capsys.readouterr().out.splitlines() == [
        "ledger-prod (333333333333): 0 of 1 protected.",
        "No alert is open.",
        f"  not fully protected: {HOSTILE} (nothing arrived)",
    ]


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("ledger", "'ledger' may be more than one account: ledger-prod (333333333333), ledger-test (222222222222)"),
        ("edger-prod", "'edger-prod' is no ARN, and no account in which anything is protected is called so"),
    ],
    ids=["two begin so", "nobody is called so"],
)
def test_no_account_is_guessed(named: StatusApi, said: str, told: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["status", said]) == 2
    assert told in capsys.readouterr().err


def test_an_account_that_gets_another_name_is_found_by_that_alone(named: StatusApi) -> None:
    named.world.now += timedelta(seconds=1)
    named.world.name(OTHER, "books")
    named.world.recount()
    assert [main(["status", said]) for said in ("books", "ledger-prod", "ledger")] == [1, 2, 0]


def test_names_stand_beside_ids(api: StatusApi, capsys: pytest.CaptureFixture[str]) -> None:
    for account, name in ((OTHER, "ledger-prod"), (BACKUP_ACCOUNT, "vaults")):
        api.world.name(account, name)
    api.world.recount()
    main(["status"])
    assert "  ledger-prod (333333333333) in unit not known: 1 not fully protected" in capsys.readouterr().out
    main(["status", HOSTILE])
    out = capsys.readouterr().out
    assert "  account         ledger-prod (333333333333) in eu-west-1, tier daily-prod" in out
    assert "copied to     central-backup-vault in vaults (999999999999), eu-west-1" in out


def test_a_resource_that_is_not_right_says_why(api: StatusApi, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["status", HOSTILE]) == 1
    out = capsys.readouterr().out
    assert f"{HOSTILE} is not fully protected since 2026-09-01 03:11 UTC: nothing arrived." in out
    assert "the last one is missing: nothing arrived" in out


@pytest.mark.parametrize(("account", "code"), [(PAYMENTS, 0), (OTHER, 1), ("444444444444", 1)], ids=str)
def test_an_account_is_well_where_nothing_of_it_is_wrong(api: StatusApi, account: str, code: int) -> None:
    assert main(["status", "--account", account]) == code


def test_what_is_not_known_is_no_success(api: StatusApi, capsys: pytest.CaptureFixture[str]) -> None:
    api.world.now += timedelta(hours=1)
    assert main(["status", "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["is_well"] is None


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["arn:aws"], "'arn:aws' is not an ARN"),
        (["payments"], "'payments' is no ARN, and no account in which anything is protected is called so"),
        (["--account", "123"], "'123' is not an account id"),
        ([f"{RESOURCE}-2"], "is not protected: it is in no tier"),
    ],
    ids=["no ARN", "no account", "no account id", "nobody knows it"],
)
def test_a_mistake_is_one_line(
    api: StatusApi, arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["status", *arguments]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert said in line


def test_how_far_the_inventory_is_stands_below_what_is_open(api: StatusApi, capsys: pytest.CaptureFixture[str]) -> None:
    world = api.world
    book = LedgerInventories(world.ledger)
    run = Run(id="2026-09-01T02:00:00Z", begun_at=world.now - timedelta(hours=1), places=2, done=1, listed=1_204)
    book.keep_run(replace(run, found={"RDS instance": 2, "DynamoDB table": 1}))
    mark = first_mark(Place(run.id, PAYMENTS, HOME), is_last=True, now=world.now)
    unread = {"dsql:ListClusters": "not allowed", "eks:ListClusters": "busy"}
    book.keep(replace(mark, left=("ec2:DescribeVolumes",), unread=unread, refused=("dsql:ListClusters",)), was=None)
    book.keep_refused(PAYMENTS, {f"dsql:ListClusters in {HOME}": world.now - timedelta(days=3)})
    main(["status"])
    [line] = [each for each in capsys.readouterr().out.splitlines() if each.startswith("Inventory")]
    assert line == (
        "Inventory: went through 1 of 2 accounts and Regions since 2026-09-01 02:11 UTC, 1,204 listed; "
        "without an event: 1 DynamoDB table, 2 RDS instance."
    )
    main(["status", "--account", PAYMENTS])
    lines = capsys.readouterr().out.splitlines()
    assert lines[2:5] == [
        "  inventory of eu-west-1: 1 lists are left, 0 listed; without an event: nothing",
        "    could not be listed, refused since 2026-08-29 03:11 UTC: dsql:ListClusters: not allowed",
        "    could not be listed: eks:ListClusters: busy",
    ]
    book.keep_run(replace(run, done=2, partly=1, ended_at=world.now))
    main(["status"])
    [line] = [each for each in capsys.readouterr().out.splitlines() if each.startswith("Inventory")]
    assert line == (
        "Inventory: ended 2026-09-01 03:11 UTC, 1,204 listed; without an event: nothing; "
        "in 1 something could not be listed."
    )
