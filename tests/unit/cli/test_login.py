"""`strongroom login` where there is nowhere to log in, and where a login is kept."""

from pathlib import Path

import pytest

from strongroom_cli.api_client import ApiError, kept_token
from strongroom_cli.main import main

SIMPLE = Path(__file__).parents[3] / "examples" / "simple.yaml"


def test_an_intent_without_identity_provider_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["login", "--intent", str(SIMPLE)]) == 2
    assert capsys.readouterr().err == f"strongroom: {SIMPLE} has no section identity_provider, so nobody can log in\n"


def test_whoever_acts_as_several_people_has_a_file_for_each(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("STRONGROOM_TOKEN", raising=False)
    for name in ("omar", "maria"):
        (tmp_path / name).write_text(f"token-of-{name}\n", encoding="utf-8")
        monkeypatch.setenv("STRONGROOM_TOKEN_FILE", str(tmp_path / name))
        assert kept_token() == f"token-of-{name}"
    monkeypatch.setenv("STRONGROOM_TOKEN_FILE", str(tmp_path / "nobody"))
    with pytest.raises(ApiError, match="you are not logged in"):
        kept_token()


def test_a_login_is_the_machines_where_no_file_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("STRONGROOM_TOKEN", raising=False)
    monkeypatch.delenv("STRONGROOM_TOKEN_FILE", raising=False)
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    kept = tmp_path / ".config/strongroom/token"
    kept.parent.mkdir(parents=True)
    kept.write_text("token", encoding="utf-8")
    assert kept_token() == "token"
