"""The front door: the control routes, the stand-ins, and behind everything else AWS."""

import importlib
from collections.abc import Sequence
from typing import Final

from sandbox.model import door
from sandbox.organization import regions
from sandbox.seams import host as seams
from sandbox.settings import Settings
from sandbox.trail import tap as trail
from sandbox.web.exchange import App, Receive, Scope, Send

# In this order, because each may lean on what the ones before it have put in place.
PARTS: Final = (
    "sandbox.web.control",
    "sandbox.web.lag",
    "sandbox.organization.service",
    "sandbox.authority.installation",
    "sandbox.sharing.service",
    "sandbox.backup_service",
    "sandbox.trail.tap",
    "sandbox.trail.forwarders",
    "sandbox.trail.clock",
    "sandbox.cloudformation.core_types",
    "sandbox.cloudformation.strictness",
    "sandbox.cloudformation.organization_types",
    "sandbox.cloudformation.audit_types",
    "sandbox.model.pages",
    "sandbox.seams.keys.managed_keys",
    "sandbox.seams.databases",
    "sandbox.seams.snapshots",
    "sandbox.seams.storage",
    "sandbox.seams.tagging.listing",
    "sandbox.seams.tagging.empty_lists",
    "sandbox.seams.tagging.tables",
    "sandbox.file_systems.service",
    "sandbox.warehouses.service",
    "sandbox.warehouses.serverless",
    "sandbox.time_series.service",
    "sandbox.seams.functions.workers",
    "sandbox.seams.sts",
    "sandbox.seams.api_gateway",
    "sandbox.seams.machines.step_functions",
    "sandbox.seams.machines.executions",
    "sandbox.cloudformation.stack_sets.service",
    "sandbox.standins.slack.web_api",
    "sandbox.standins.jira.rest_api",
    "sandbox.standins.servicenow.table_api",
    "sandbox.standins.identity.provider",
)

MOUNTS: Final = {
    "/_sandbox": "sandbox.web.control",
    "/_slack": "sandbox.standins.slack.web_api",
    "/_jira": "sandbox.standins.jira.rest_api",
    "/_servicenow": "sandbox.standins.servicenow.table_api",
    "/_idp": "sandbox.standins.identity.provider",
}


def build(settings: Settings, parts: Sequence[str] = PARTS) -> App:
    """The sandbox, whole or with some parts only, as one ASGI application; needs the environment of `lifecycle`."""
    aws = seams.prepare(settings)
    for name in parts:
        importlib.import_module(name).install(settings)
    mounts = {prefix: _app_of(name) for prefix, name in MOUNTS.items() if name in parts}
    return _front_door(mounts, trail.recording(regions.shut_where_off(door.held_to_the_model(aws))))


def stop(parts: Sequence[str] = PARTS) -> None:
    """End what the parts have running in the background, the last one first."""
    for name in reversed(parts):
        end = getattr(importlib.import_module(name), "stop", None)
        if end is not None:
            end()


def _app_of(name: str) -> App:
    app: App = importlib.import_module(name).app
    return app


def _front_door(mounts: dict[str, App], aws: App) -> App:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        path = scope.get("path", "")
        for prefix, mounted in mounts.items():
            if scope["type"] == "http" and (path == prefix or path.startswith(prefix + "/")):
                inner = {**scope, "path": path.removeprefix(prefix) or "/", "root_path": prefix}
                await mounted(inner, receive, send)
                return
        await aws(scope, receive, send)

    return app
