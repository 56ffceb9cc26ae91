"""What is next for whoever asked, once a restore is over."""

from typing import Any

import pytest

from strongroom_cli.main import main
from tests.unit.cli.restores.conftest import FakeApi
from tests.unit.cli.restores.shown import ID, OVER, WISHED

STOPPED = [{"name": "Approved", "state": "passed", "text": ""}, {"name": "Restored", "state": "stopped", "text": ""}]


def test_what_failed_says_at_which_step_and_what_to_type_next(api: FakeApi, capsys: pytest.CaptureFixture[str]) -> None:
    api.answers = [OVER | {"state": "failed", "gates": STOPPED, "jobs": {"copy_back": "c-1", "restore": "j-1"}}]
    assert main(["restore", "show", ID]) == 0
    first, *lines = capsys.readouterr().out.splitlines()
    assert first == f"{ID}: failed at 'Restored' (copy back job c-1, restore job j-1): so it ended"
    assert lines[-4:] == [
        "  next: mend what the reason names, then ask anew, with the same ticket and with the same changes:",
        "    strongroom restore request --account 222222222222 \\",
        "      --recovery-point arn:x --vault arn:v \\",
        "      --target-name db-2 --ticket OPS-1 --reason why",
    ]


@pytest.mark.parametrize(
    ("changes", "last"),
    [
        ({"target_name": "a new resource"}, "      --ticket OPS-1 --reason why"),
        ({"ticket": "", "incident": "INC-7"}, "      --target-name db-2 --urgent --incident INC-7 --reason why"),
        ({"reason": "it's $(gone)"}, """      --target-name db-2 --ticket OPS-1 --reason 'it'"'"'s $(gone)'"""),
    ],
    ids=["without a name", "urgent", "a reason of a shell"],
)
def test_what_to_type_is_the_request_as_it_was_asked(
    changes: dict[str, Any], last: str, api: FakeApi, capsys: pytest.CaptureFixture[str]
) -> None:
    api.answers = [OVER | {"state": "expired", "request": WISHED | changes}]
    assert main(["restore", "show", ID]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == last


@pytest.mark.parametrize(
    ("end", "told"),
    [
        ("restored", f"strongroom restore show {ID} --evidence {ID}.json"),
        ("denied", "another request takes another ticket"),
        ("withdrawn", "in a new one, and ask with that"),
        ("cancelled", "the ticket may carry another request"),
    ],
)
def test_each_end_says_what_is_next(end: str, told: str, api: FakeApi, capsys: pytest.CaptureFixture[str]) -> None:
    api.answers = [OVER | {"state": end}]
    assert main(["restore", "show", ID]) == 0
    last = capsys.readouterr().out.splitlines()[-1]
    assert last.startswith("  next: ")
    assert last.endswith(told)
