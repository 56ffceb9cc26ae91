"""The command line itself: its commands, and what it says to a wrong one."""

import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

from strongroom_cli.main import COMMANDS, main

ROOT = Path(__file__).parents[3]


def test_the_help_text_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == 0
    described = {line.split()[0] for line in capsys.readouterr().out.splitlines() if line.startswith("    ")}
    assert set(COMMANDS) <= described


@pytest.mark.parametrize(
    "arguments",
    [[], ["compil"], ["compile"], ["compile", "--in", "x"], ["scp"], ["scp", "hide"]],
    ids=lambda arguments: " ".join(arguments) or "nothing",
)
def test_a_malformed_command_line_is_one_line_and_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == 2
    line = capsys.readouterr().err
    assert line.count("\n") == 1
    assert "--help" in line


def test_without_a_command_there_is_help_beside_the_refusal(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 2
    assert capsys.readouterr().out.startswith("usage: strongroom")


def test_the_version_is_the_one_that_is_installed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"strongroom {version('strongroom')}\n"


def test_the_package_runs_as_a_module() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "strongroom_cli", "scp", "show", "--statement", "KeepRoles"],
        cwd=ROOT,
        env={"PYTHONPATH": f"{ROOT / 'cli'}:{ROOT / 'layers' / 'core'}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert '"KeepRoles"' in done.stdout


def test_a_reader_who_has_seen_enough_is_no_failure_to_tell() -> None:
    command = [sys.executable, "-m", "strongroom_cli", "scp", "show"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.wait(timeout=30) == 141
        assert "Traceback" not in process.stderr.read()
