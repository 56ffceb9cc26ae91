"""StackSets as a part of the sandbox: started with no StackSet, stopped when nothing is under way."""

from typing import Any

from sandbox.cloudformation.stack_sets import answers, automatic, habits, operations, records, resource_type
from sandbox.settings import Settings
from sandbox.web import control


def install(settings: Settings) -> None:
    """Start with no StackSet, and follow the accounts that move."""
    stop()
    habits.install(settings)
    operations.start()
    automatic.start(settings.stack_set_seconds)
    answers.start()
    resource_type.register()
    control.register("GET", "/stack-sets", _described)


def stop() -> None:
    """Finish what is being deployed and forget all."""
    for part in (automatic, answers, operations):
        part.stop()
    records.forget()


def _described(_: dict[str, Any]) -> dict[str, Any]:
    return {
        each.name: [
            {"account": one.account, "region": one.region, "stack_id": one.stack_id, "status": one.status}
            for one in records.instances(each.name)
        ]
        for each in records.every()
    }
