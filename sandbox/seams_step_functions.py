"""Every private touch of MiniStack's Step Functions.

AWS takes definitions in YAML and evaluates `TimeoutSeconds` of a JSONata task; MiniStack reads JSON only, and takes
what is written as a timeout for the number itself.
"""
# ruff: noqa: SLF001

import json
from typing import Any

import yaml

from sandbox.settings import Settings


def install(_: Settings | None = None) -> None:
    """Let definitions be YAML, and timeouts be evaluated before their task runs."""
    from ministack.services import stepfunctions
    from ministack.services.cloudformation import provisioners

    if getattr(stepfunctions._execute_task, "is_ours", False):
        return
    execute, resolve = stepfunctions._execute_task, provisioners._sfn_definition

    def execute_task(state: dict[str, Any], given: Any, execution: Any, context: Any) -> Any:
        if isinstance(state.get("TimeoutSeconds"), str):
            seconds = stepfunctions._jsonata_state_field(state, "TimeoutSeconds", "number", given, context)
            state = state | {"TimeoutSeconds": seconds}
        return execute(state, given, execution, context)

    def definition(properties: dict[str, Any]) -> str:
        return json.dumps(yaml.safe_load(resolve(properties)))

    execute_task.is_ours = True  # type: ignore[attr-defined]
    stepfunctions._execute_task = execute_task
    provisioners._sfn_definition = definition
