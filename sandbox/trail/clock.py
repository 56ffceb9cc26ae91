"""The clocks of rules on request: `POST /_sandbox/schedules/strike` lets that of one rule strike now."""

from typing import Any

from sandbox.seams import host as seams
from sandbox.settings import Settings
from sandbox.web import control


def install(settings: Settings) -> None:  # noqa: ARG001 - every part is installed alike
    """Take orders: `{"account": "222222222222", "region": "eu-west-1", "rule": "strongroom-forwarder"}`."""
    control.register("POST", "/schedules/strike", _strike)


def _strike(request: dict[str, Any]) -> dict[str, Any]:
    account, region, rule = (str(request[name]) for name in ("account", "region", "rule"))
    if not seams.strike(account, region, rule):
        raise control.ControlError(f"no rule {rule} with a rate in account {account}, {region}", status=404)
    return {"struck": rule}
