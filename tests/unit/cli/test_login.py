"""`strongroom login` where there is nowhere to log in."""

from pathlib import Path

import pytest

from strongroom_cli.main import main

SIMPLE = Path(__file__).parents[3] / "examples" / "simple.yaml"


def test_an_intent_without_identity_provider_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["login", "--intent", str(SIMPLE)]) == 2
    assert capsys.readouterr().err == f"strongroom: {SIMPLE} has no section identity_provider, so nobody can log in\n"
