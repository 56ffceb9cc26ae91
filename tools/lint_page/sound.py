"""A sound policy, and examples that change one place of it."""

import json
from dataclasses import dataclass
from typing import Any, Final

from strongroom.domain.backup_policy.linting.reading import VaultRange

ROLE: Final = "arn:aws:iam::$account:role/backup"
CENTRAL: Final = "arn:aws:backup:eu-west-1:111122223333:backup-vault:central"
SOUND: Final[dict[str, Any]] = {
    "plans": {
        "daily": {
            "regions": {"@@assign": ["eu-west-1"]},
            "rules": {
                "nightly": {
                    "schedule_expression": {"@@assign": "cron(0 2 ? * * *)"},
                    "start_backup_window_minutes": {"@@assign": "60"},
                    "complete_backup_window_minutes": {"@@assign": "240"},
                    "target_backup_vault_name": {"@@assign": "local-vault"},
                    "lifecycle": {"delete_after_days": {"@@assign": "35"}},
                    "copy_actions": {
                        CENTRAL: {
                            "target_backup_vault_arn": {"@@assign": CENTRAL},
                            "lifecycle": {"delete_after_days": {"@@assign": "365"}},
                        }
                    },
                }
            },
            "selections": {
                "tags": {
                    "by-tag": {
                        "iam_role_arn": {"@@assign": ROLE},
                        "tag_key": {"@@assign": "Backup"},
                        "tag_value": {"@@assign": ["daily"]},
                    }
                }
            },
        }
    }
}

type Steps = tuple[str, ...]

PLAN: Final = ("plans", "daily")
RULES: Final = (*PLAN, "rules")
RULE: Final = (*RULES, "nightly")
COPIES: Final = (*RULE, "copy_actions")
COPY: Final = (*COPIES, CENTRAL)
SELECTIONS: Final = (*PLAN, "selections")
BY_TAG: Final = (*SELECTIONS, "tags", "by-tag")

_PLACE_HELD: Final = "\x00"


@dataclass(frozen=True, slots=True)
class Example:
    """A place of the sound policy, what is wrong there and what would be right, both as they are written.

    `lock` is given as `--vault-lock`; `blanks` follow the document.
    """

    place: Steps
    wrong: str
    right: str
    lock: VaultRange | None = None
    blanks: int = 0

    def documents(self) -> tuple[str, str]:
        """The sound policy with what is wrong, and with what is right."""
        return self._written(self.wrong) + " " * self.blanks, self._written(self.right)

    def _written(self, excerpt: str) -> str:
        return json.dumps(_with(SOUND, self.place, _PLACE_HELD)).replace(json.dumps(_PLACE_HELD), excerpt)


def _with(node: Any, steps: Steps, value: Any) -> Any:
    if not steps:
        return value
    return {**node, steps[0]: _with(node.get(steps[0], {}), steps[1:], value)}


def setting(steps: Steps, wrong: Any, right: Any) -> Example:
    """A setting that assigns something wrong."""
    return written(steps, {"@@assign": wrong}, {"@@assign": right})


def written(steps: Steps, wrong: Any, right: Any, *, lock: VaultRange | None = None) -> Example:
    """A place that holds something wrong."""
    return Example(steps, json.dumps(wrong), json.dumps(right), lock)


def assigned(values: Any) -> Any:
    """The same values, each assigned."""
    return {name: assigned(each) for name, each in values.items()} if isinstance(values, dict) else {"@@assign": values}


def locked(node: Any) -> Any:
    """The same policy with every object and setting closed to child policies."""
    if not isinstance(node, dict):
        return node
    return {**{name: locked(each) for name, each in node.items()}, "@@operators_allowed_for_child_policies": ["@@none"]}


def rule(schedule: str, days: str, **changes: Any) -> Any:
    """A rule of its own hour and retention."""
    plain = {
        "schedule_expression": schedule,
        "start_backup_window_minutes": "60",
        "target_backup_vault_name": "local-vault",
        "lifecycle": {"delete_after_days": days},
    }
    return {**assigned(plain), **changes}


def copy(arn: str, days: str = "365") -> Any:
    """A copy action."""
    return {arn: assigned({"target_backup_vault_arn": arn, "lifecycle": {"delete_after_days": days}})}


def by_type(*patterns: str) -> Any:
    """Selections of resource types."""
    return {"resources": {"by-type": assigned({"iam_role_arn": ROLE, "resource_types": list(patterns)})}}


def by_tags(*values: str) -> Any:
    """A selection by tag for each value."""
    return {"tags": {v: assigned({"iam_role_arn": ROLE, "tag_key": "Backup", "tag_value": [v]}) for v in values}}


def condition(operator: str, value: str) -> Any:
    """A condition on the tag Stage."""
    stage = {"stage": assigned({"condition_key": "aws:ResourceTag/Stage", "condition_value": value})}
    return {operator: stage}
