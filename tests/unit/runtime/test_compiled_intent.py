"""The intent that a deploy carries."""

import sys
from pathlib import Path

import pytest

from strongroom.domain.errors import ConfigurationMissingError
from strongroom.runtime import compiled_intent


def test_without_the_layer_of_the_intent_the_configuration_is_missing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(sys, "path", [str(tmp_path)])
    compiled_intent.load_intent.cache_clear()
    with pytest.raises(ConfigurationMissingError, match="strongroom_intent"):
        compiled_intent.load_intent()
