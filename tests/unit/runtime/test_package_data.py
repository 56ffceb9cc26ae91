"""Files that lie in a package."""

import sys
from pathlib import Path

import pytest

from strongroom.domain.errors import ConfigurationMissingError
from strongroom.runtime import compiled_intent
from strongroom.runtime.package_data import read_data


def test_a_file_of_a_package_is_read() -> None:
    assert read_data("strongroom.runtime.approval_page", "page.html").lstrip().startswith(b"<")


def test_what_is_not_there_is_said() -> None:
    with pytest.raises(FileNotFoundError):
        read_data("strongroom.runtime.approval_page", "none.html")
    with pytest.raises(ModuleNotFoundError):
        read_data("strongroom.runtime.no_page", "page.html")


def test_without_the_layer_of_the_intent_the_configuration_is_missing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(sys, "path", [str(tmp_path)])
    compiled_intent.load_intent.cache_clear()
    with pytest.raises(ConfigurationMissingError, match="strongroom_intent"):
        compiled_intent.load_intent()
