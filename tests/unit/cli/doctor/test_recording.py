"""What `--record` leaves behind."""

import json
from pathlib import Path

import pytest

from strongroom.adapters.aws.doctor.reading import Answer
from strongroom.domain.errors import MalformedRequestError
from strongroom.domain.identifiers import AccountId
from strongroom.domain.intent.model import Intent
from strongroom_cli.doctor.recording import Recording
from tests.builders.places import BACKUP_ACCOUNT, HOME, PAYMENTS

EVENT = {
    "source": "aws.backup",
    "detail-type": "Copy Job State Change",
    "account": PAYMENTS,
    "detail": {"state": "COMPLETED", "copyJobId": "0175DE71-5784-589F-D8AC-541ACCB4CAC8"},
}


def answer(body: str, *, account: AccountId = PAYMENTS) -> Answer:
    return Answer(
        service="backup",
        operation="ListBackupVaults",
        account=account,
        region=HOME,
        request={"NextToken": "secret"},
        status=200,
        body=body,
    )


@pytest.fixture
def recording(tmp_path: Path, intent: Intent) -> Recording:
    """A recording into a folder that is not there yet."""
    return Recording(tmp_path / "kept", place=intent.organization)


def read(path: Path) -> dict[str, object]:
    found: dict[str, object] = json.loads(path.read_text("utf-8"))
    return found


def test_answers_and_events_are_kept_redacted(recording: Recording, tmp_path: Path) -> None:
    recording.begin([EVENT])
    recording.hear(answer(json.dumps({"Owner": BACKUP_ACCOUNT, "Token": "secret"})))
    recording.hear(answer("<A>222222222222</A>"))
    kept = tmp_path / "kept"
    assert read(kept / "answers/backup/ListBackupVaults-1.json") == {
        "service": "backup",
        "operation": "ListBackupVaults",
        "account": "300000000001",
        "region": HOME,
        "request": {"NextToken": "REDACTED"},
        "status": 200,
        "answer": {"Owner": BACKUP_ACCOUNT, "Token": "REDACTED"},
    }
    assert read(kept / "answers/backup/ListBackupVaults-2.json")["answer"] == "<A>300000000001</A>"
    event = read(kept / "events/aws.backup/copy_job__completed-1.json")
    assert (event["account"], event["detail-type"]) == ("300000000001", EVENT["detail-type"])


def test_nothing_is_left_behind_before_it_begins(recording: Recording, tmp_path: Path) -> None:
    recording.hear(answer("{}"))
    assert not (tmp_path / "kept").exists()
    recording.begin([])
    assert (tmp_path / "kept/answers/backup/ListBackupVaults-1.json").is_file()


def test_a_folder_that_holds_something_is_refused(tmp_path: Path, intent: Intent) -> None:
    (tmp_path / "mine").write_text("x")
    for folder in (tmp_path, tmp_path / "mine"):
        with pytest.raises(MalformedRequestError, match="new or empty"):
            Recording(folder, place=intent.organization)
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]
