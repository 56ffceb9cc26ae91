"""A terminal is one person's: its login is kept apart, and the runbook's commands work in it as they are written."""

import configparser
import subprocess
from pathlib import Path

import pytest

from sandbox.example.terminals import write_terminal
from sandbox.organization import seed
from sandbox.people import PEOPLE

URL = "http://localhost:4599"
API = f"{URL}/_aws/execute-api/abc/v1"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a blank in its name, in which the file to source is."""
    made = tmp_path / "a sandbox"
    made.mkdir()
    write_terminal(made, url=URL, api_url=API)
    return made


def _in_bash(folder: Path, words: str) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": "/usr/bin:/bin", "AWS_PROFILE": "real", "STRONGROOM_TOKEN": "old"}
    command = ["bash", "-c", words.replace("AS", f"'{folder}/as'")]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("person", [person.name for person in PEOPLE])
def test_each_person_has_a_login_of_their_own_in_the_same_sandbox(person: str, folder: Path) -> None:
    told = '"$PWD" "$STRONGROOM_API" "$SANDBOX" "$STRONGROOM_TOKEN_FILE" "$AWS_CONFIG_FILE"'
    done = _in_bash(folder, f"source AS {person} >/dev/null && printf '%s\\n' {told}")
    assert done.stdout.splitlines() == [
        *(str(folder), API, URL),
        *(f"{folder}/token-{person}", f"{folder}/aws-profiles"),
    ]


def test_nothing_of_another_world_is_left_in_the_terminal(folder: Path) -> None:
    done = _in_bash(folder, "source AS omar >/dev/null; echo ${AWS_PROFILE-none} ${STRONGROOM_TOKEN-none}")
    assert done.stdout == "none none\n"


def test_it_says_where_everything_is(folder: Path) -> None:
    said = _in_bash(folder, "source AS maria").stdout
    assert f"{URL}/_idp/authenticator/maria" in said
    assert f"Jira {URL}/_jira/" in said


@pytest.mark.parametrize("words", ["source AS", "source AS mallory"])
def test_nobody_and_a_stranger_are_told_who_there_is(words: str, folder: Path) -> None:
    done = _in_bash(folder, f"{words}; code=$?; echo ${{STRONGROOM_API-none}}; exit $code")
    assert (done.returncode, done.stdout) == (2, "none\n")
    assert "chiara (change manager)" in done.stderr


def test_every_account_has_a_profile_of_its_name(folder: Path) -> None:
    profiles = configparser.ConfigParser()
    profiles.read(folder / "aws-profiles")
    assert {name: dict(profiles[name]) for name in profiles.sections()} == {
        f"profile {account.name}": {
            "region": "eu-west-1",
            "endpoint_url": URL,
            "aws_access_key_id": account.id,
            "aws_secret_access_key": "test",
            "s3": "\naddressing_style = path",
        }
        for account in seed.ACCOUNTS
    }
