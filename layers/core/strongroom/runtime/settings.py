"""The environment, read in this one file."""

import os
from enum import StrEnum

from strongroom.domain.errors import ConfigurationMissingError


class Setting(StrEnum):
    """What the template tells the functions: names and ARNs of the stack's own parts."""

    ALERTS_TOPIC = "STRONGROOM_ALERTS_TOPIC"
    BUS = "STRONGROOM_BUS"
    DEAD_LETTERS = "STRONGROOM_DEAD_LETTERS"
    EVIDENCE_KEY = "STRONGROOM_EVIDENCE_KEY"
    LEDGER = "STRONGROOM_LEDGER"
    RESTORE_MACHINE = "STRONGROOM_RESTORE_MACHINE"
    SECRETS = "STRONGROOM_SECRETS"


def read_setting(setting: Setting) -> str:
    """The environment's value; ConfigurationMissingError names the variable that is not there."""
    value = os.environ.get(setting)
    if not value:
        raise ConfigurationMissingError(f"the environment variable {setting} is not set")
    return value


def log_level() -> str:
    """From which level on something is logged: `INFO` unless the environment says otherwise."""
    return os.environ.get("LOG_LEVEL", "INFO")
