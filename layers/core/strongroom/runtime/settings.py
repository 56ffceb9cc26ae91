"""The environment, read in this one file."""

import os
from enum import StrEnum

from strongroom.domain.errors import ConfigurationMissingError


class Setting(StrEnum):
    """What the templates tell the functions: names and ARNs of the stack's own parts."""

    ALERT_CLICKS = "STRONGROOM_ALERT_CLICKS"
    ALERTS_TOPIC = "STRONGROOM_ALERTS_TOPIC"
    BUS = "STRONGROOM_BUS"
    CEREMONY = "STRONGROOM_CEREMONY"
    DEAD_LETTERS = "STRONGROOM_DEAD_LETTERS"
    EVIDENCE_BUCKET = "STRONGROOM_EVIDENCE_BUCKET"
    EVIDENCE_OWNER = "STRONGROOM_EVIDENCE_OWNER"
    ISSUER = "STRONGROOM_ISSUER"
    LEDGER = "STRONGROOM_LEDGER"
    LOG_KEY = "STRONGROOM_LOG_KEY"
    LOG_ORIGIN = "STRONGROOM_LOG_ORIGIN"
    LOG_TABLE = "STRONGROOM_LOG_TABLE"
    ONBOARDING_MACHINE = "STRONGROOM_ONBOARDING_MACHINE"
    REMEDIATION_MACHINE = "STRONGROOM_REMEDIATION_MACHINE"
    RESTORE_MACHINE = "STRONGROOM_RESTORE_MACHINE"
    SECRETS = "STRONGROOM_SECRETS"
    VIEWS = "STRONGROOM_VIEWS"
    WITNESS = "STRONGROOM_WITNESS"
    WITNESS_KEY = "STRONGROOM_WITNESS_KEY"


def read_setting(setting: Setting) -> str:
    """The environment's value; ConfigurationMissingError names the variable that is not there."""
    value = os.environ.get(setting)
    if not value:
        raise ConfigurationMissingError(f"the environment variable {setting} is not set")
    return value


def log_level() -> str:
    """From which level on something is logged: `INFO` unless the environment says otherwise."""
    return os.environ.get("LOG_LEVEL", "INFO")
