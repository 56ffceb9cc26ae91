"""What is next for whoever asked, once a restore is over."""

import json
import shlex
from pathlib import Path
from typing import Any

import pytest

from strongroom_cli.main import main
from strongroom_cli.restores.next_steps import next_step
from tests.unit.cli.restores.conftest import FakeApi
from tests.unit.cli.restores.shown import ID, OVER, WISHED

STOPPED = [{"name": "Approved", "state": "passed", "text": ""}, {"name": "Restored", "state": "stopped", "text": ""}]


@pytest.mark.parametrize(
    ("call", "made", "told"),
    [
        ("", "j-1", "restore job j-1"),
        ("ec2:CreateVolume", "vol-1", "EBS volume vol-1"),
        ("fsx:CreateFileSystemFromBackup", "fs-1", "FSx file system fs-1"),
        ("redshift:RestoreTableFromClusterSnapshot", "t-1", "restore of a table of Redshift t-1"),
        ("redshift-serverless:RestoreFromSnapshot", "2026/1", "overwriting of a namespace 2026/1"),
        ("redshift-serverless:RestoreTableFromSnapshot", "t-1", "restore of a table of Redshift Serverless t-1"),
    ],
)
def test_what_failed_says_what_was_begun_for_it(
    call: str, made: str, told: str, api: FakeApi, capsys: pytest.CaptureFixture[str]
) -> None:
    request = WISHED | {"kind": "native", "call": call} if call else WISHED
    api.answers = [OVER | {"state": "failed", "jobs": {"restore": made}, "request": request}]
    assert main(["restore", "show", ID]) == 0
    assert f"({told})" in capsys.readouterr().out.splitlines()[0]


@pytest.mark.parametrize(("incident", "ticket"), [("", ""), ("INC-77", " --ticket KEY")])
def test_what_deletes_is_asked_for_with_a_ticket_where_the_restore_had_none(incident: str, ticket: str) -> None:
    left = {"number": 1, "step": "Ask for it.", "outcome": "", "asked": "time-to-live", "request": ""}
    shown = OVER | {"state": "restored", "checklist": [left], "request": WISHED | {"incident": incident}}
    assert next_step(shown)[1].endswith(f": strongroom restore after {ID} time-to-live{ticket} --reason WHY")


def test_what_failed_says_at_which_step_and_what_to_type_next(api: FakeApi, capsys: pytest.CaptureFixture[str]) -> None:
    api.answers = [
        OVER
        | {"state": "failed", "is_ticket_free": True, "gates": STOPPED, "jobs": {"copy_back": "c-1", "restore": "j-1"}}
    ]
    assert main(["restore", "show", ID]) == 0
    first, *lines = capsys.readouterr().out.splitlines()
    assert first == f"{ID}: failed at 'Restored' (copy back job c-1, restore job j-1): so it ended"
    assert lines[-4:] == [
        "  next: mend what the reason names, then ask anew, with the same ticket:",
        "    strongroom restore request --account 222222222222 \\",
        "      --recovery-point arn:x --vault arn:v \\",
        "      --target-name db-2 --ticket OPS-1 --reason why",
    ]


@pytest.mark.parametrize(
    ("shown", "told"),
    [
        ({"state": "restored", "reason": "restored as arn:r"}, "restored as arn:r"),
        ({"state": "approved", "reason": "approved by Maria Lindqvist"}, "approved by Maria Lindqvist"),
        ({"state": "failed", "reason": "restored as arn:r by nobody"}, "failed: restored as arn:r by nobody"),
        (
            {"state": "failed", "reason": "failed by itself", "gates": STOPPED},
            "failed at 'Restored': failed by itself",
        ),
        (
            {"state": "restored", "reason": "restored as arn:r, with faults: some", "faults": ["some"]},
            "restored with faults: restored as arn:r, with faults: some",
        ),
    ],
)
def test_a_reason_that_says_how_it_stands_is_said_alone(
    shown: dict[str, Any], told: str, api: FakeApi, capsys: pytest.CaptureFixture[str]
) -> None:
    api.answers = [OVER | shown]
    assert main(["restore", "show", ID]) == 0
    assert capsys.readouterr().out.splitlines()[0] == f"{ID}: {told}"


@pytest.mark.parametrize("state", ["failed", "expired"])
@pytest.mark.parametrize(
    ("changes", "asked"),
    [
        pytest.param({}, {}, id="as it was"),
        pytest.param({"target_name": "a new resource"}, {"target_name": ""}, id="without a name"),
        pytest.param({"ticket": "", "incident": "INC-7"}, {"ticket": "", "incident": "INC-7"}, id="urgent"),
        pytest.param({"reason": "it's $(gone)"}, {"reason": "it's $(gone)"}, id="a reason of a shell"),
        pytest.param({"region": "eu-central-1"}, {"region": "eu-central-1"}, id="in a Region"),
        pytest.param(
            {"region": "eu-central-1", "through_vault": "arn:between"},
            {"region": "eu-central-1", "in_two_copies": True},
            id="by two copies",
        ),
        pytest.param(
            {"wishes": [["Port", "5433"], ["SubnetIds", '["a b", "it\'s"]']]},
            {"metadata": {"Port": "5433", "SubnetIds": '["a b", "it\'s"]'}},
            id="changes",
        ),
        pytest.param({"kind": "raw", "wishes": [["VMName", "orders "]]}, {"raw": {"VMName": "orders "}}, id="by hand"),
        pytest.param(
            {"kind": "native", "wishes": [["SubnetIds", '["subnet-1"]']]},
            {"native": {"SubnetIds": '["subnet-1"]'}},
            id="by a call of the service",
        ),
    ],
)
def test_what_to_type_asks_for_the_same(
    state: str,
    changes: dict[str, Any],
    asked: dict[str, Any],
    api: FakeApi,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What is printed, typed into a shell; `raw` and `native` out of the file that the line before it makes."""
    request = WISHED | {"wishes": []} | changes
    _, *lines = next_step(OVER | {"state": state, "is_ticket_free": True, "request": request})
    typed = shlex.split("\n".join(lines[1:] if "kind" in changes else lines).replace("\\\n", ""))
    monkeypatch.chdir(tmp_path)
    for kind in ("raw", "native"):
        (tmp_path / f"{ID}-{kind}.json").write_text(json.dumps(dict(request["wishes"])), encoding="utf-8")
    api.status, api.answers = 409, [{"error": "it is only read here"}]
    main([*typed[1:], "--sign-on-page"])
    [(_, _, body)] = api.calls
    as_it_was = {
        "account": "222222222222",
        "recovery_point": "arn:x",
        "vault": "arn:v",
        "target_name": "db-2",
        "ticket": "OPS-1",
        "incident": "",
        "reason": "why",
        "metadata": {},
    }
    assert body == as_it_was | asked


@pytest.mark.parametrize("kind", ["raw", "native"])
def test_what_a_person_wrote_is_got_back_out_of_what_is_shown(kind: str) -> None:
    request = WISHED | {"kind": kind, "wishes": [["VMName", "orders"]]}
    _, first, *_ = next_step(OVER | {"state": "failed", "request": request})
    taken = "jq '.request.wishes | map({(.[0]): .[1]}) | add'"
    assert first == f"    strongroom restore show {ID} --json | {taken} > {ID}-{kind}.json"


UNTOLD = "with the same ticket, once a comment in it says that it may carry another request"
USED = "with another ticket, once it is known that nothing was restored after all"


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        pytest.param({"is_ticket_free": True}, "with the same ticket", id="free"),
        pytest.param({"is_ticket_free": False}, USED, id="something may have been restored"),
        pytest.param({"is_ticket_free": None}, UNTOLD, id="not closed yet"),
        pytest.param({}, UNTOLD, id="an older control plane"),
    ],
)
@pytest.mark.parametrize(
    ("state", "said"),
    [
        ("failed", "mend what the reason names, then ask anew, {}:"),
        ("expired", "ask anew, {}:"),
        ("cancelled", "nothing, or ask anew, {}"),
    ],
)
def test_whether_the_ticket_may_be_used_again_is_said_as_the_end_has_it(
    state: str, said: str, changes: dict[str, Any], told: str
) -> None:
    first, *_ = next_step(OVER | {"state": state} | changes)
    assert first == f"  next: {said.format(told)}"


def test_where_the_ticket_is_used_another_is_to_be_named() -> None:
    *_, last = next_step(OVER | {"state": "failed", "is_ticket_free": False})
    assert last == "      --target-name db-2 --ticket KEY --reason why"


@pytest.mark.parametrize(
    ("review", "told"),
    [
        ("", "for the same incident:"),
        ("as expected, by Ada", "for the same incident:"),
        ("not reviewed yet", "for the same incident, once this one is reviewed:"),
    ],
)
def test_what_was_urgent_is_asked_anew_for_its_incident(review: str, told: str) -> None:
    request = WISHED | {"ticket": "", "incident": "INC-7"}
    first, *_ = next_step(OVER | {"state": "expired", "is_ticket_free": True, "request": request, "review": review})
    assert first == f"  next: ask anew, {told}"


@pytest.mark.parametrize(
    ("end", "told"),
    [
        ("restored", f"strongroom restore show {ID} --evidence {ID}.json"),
        ("denied", "another request takes another ticket"),
        ("withdrawn", "in a new one, and ask with that"),
        ("cancelled", "nothing, or ask anew, with the same ticket"),
    ],
)
def test_each_end_says_what_is_next(end: str, told: str, api: FakeApi, capsys: pytest.CaptureFixture[str]) -> None:
    api.answers = [OVER | {"state": end, "is_ticket_free": True}]
    assert main(["restore", "show", ID]) == 0
    last = capsys.readouterr().out.splitlines()[-1]
    assert last.startswith("  next: ")
    assert last.endswith(told)
