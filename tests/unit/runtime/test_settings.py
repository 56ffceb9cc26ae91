"""A setting is missed by whoever needs it, when it is needed, and by its name."""

import pytest

from strongroom.domain.errors import ConfigurationMissingError
from strongroom.runtime.settings import Setting, read_setting


@pytest.mark.parametrize("setting", Setting)
def test_a_setting_is_what_the_environment_says(setting: Setting, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(setting, "said")
    assert read_setting(setting) == "said"


@pytest.mark.parametrize("value", [None, ""], ids=["not set", "empty"])
@pytest.mark.parametrize("setting", Setting)
def test_a_missing_setting_is_named(setting: Setting, value: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(setting, raising=False)
    if value is not None:
        monkeypatch.setenv(setting, value)
    with pytest.raises(ConfigurationMissingError, match=setting):
        read_setting(setting)
