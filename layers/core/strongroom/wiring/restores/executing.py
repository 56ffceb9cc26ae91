"""Executions of ceremonies, looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from strongroom.adapters.aws.clients import client
from strongroom.adapters.aws.step_functions.ceremonies import CeremonyExecutions
from strongroom.runtime.settings import Setting

if TYPE_CHECKING:
    from strongroom.runtime.platform import Platform


def executions(platform: Platform) -> CeremonyExecutions:
    """The ceremony's executions, looked at."""
    return CeremonyExecutions(client("stepfunctions"), platform.setting(Setting.RESTORE_MACHINE))
