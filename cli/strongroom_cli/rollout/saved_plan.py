"""A plan in a file: what was shown, the intent and the options it was made with, for `strongroom apply` to hold to."""

import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import msgspec

from strongroom.domain.errors import MalformedError, RefusedError
from strongroom.domain.intent.model import Intent
from strongroom.domain.rollout.carried import RULES_LOOSENED
from strongroom.domain.rollout.irreversible import LOOSENING
from strongroom.domain.rollout.steps import RolloutPlan
from strongroom.domain.values import asdict
from strongroom_cli.errors import as_told
from strongroom_cli.rollout.report import as_json, steps_told

_MARK: Final = '{"strongroom_plan":'
_FORM: Final = 1
_OWNER_ONLY: Final = 0o600  # people and addresses of the intent lie in it


class SavedPlanError(MalformedError):
    """The file is no plan that this release can apply."""


class PlanStaleError(RefusedError):
    """The organisation is not any more what it was when the plan was saved."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What a plan depends on besides the intent and the organisation; `rules_evidence` is the file's text."""

    through: str
    template_bucket: str | None = None
    confirm_retention: int | None = None
    accept_loosening: bool = False
    rules_evidence: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedPlan:
    """What was read back; `steps` and `findings` as they were told."""

    intent: Intent
    options: Options
    steps: list[dict[str, str]]
    findings: list[dict[str, Any]]


def is_saved_plan(path: Path) -> bool:
    """Whether the file is a saved plan, and no intent."""
    try:
        with path.open("rb") as file:
            return file.read(len(_MARK)) == _MARK.encode()
    except OSError:
        return False  # whoever reads it as an intent says what is wrong


def save_plan(plan: RolloutPlan, path: Path, *, intent: Intent, options: Options) -> None:
    """Write the plan where its owner only reads it."""
    content = {
        "strongroom_plan": _FORM,
        "options": asdict(options),
        "intent": msgspec.to_builtins(intent),  # in the order of the file, in which policies are rendered
        **as_json(plan),
    }
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, _OWNER_ONLY)
    os.fchmod(descriptor, _OWNER_ONLY)  # also where the file was there
    with open(descriptor, "w", encoding="utf-8") as file:  # noqa: PTH123 - only this takes a descriptor
        json.dump(content, file, separators=(",", ":"))


def read_plan(path: Path) -> SavedPlan:
    """The plan in the file; SavedPlanError where it is of another form."""
    try:
        content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        if content["strongroom_plan"] != _FORM:
            raise SavedPlanError(f"{path} was saved by another release: plan again")
        return SavedPlan(
            intent=msgspec.convert(content["intent"], Intent),
            options=msgspec.convert(content["options"], Options),
            steps=msgspec.convert(content["steps"], list[dict[str, str]]),
            findings=msgspec.convert(content["findings"], list[dict[str, Any]]),
        )
    except (ValueError, KeyError, TypeError, msgspec.ValidationError) as error:
        raise SavedPlanError(f"{path} is no plan that this release can apply: plan again") from error


def ensure_fresh(saved: SavedPlan, now: RolloutPlan) -> None:
    """PlanStaleError unless steps, and losses that were accepted, are still the ones that were shown."""
    told, lost = steps_told(now), _losses(as_told(finding) for finding in now.findings)
    if (told, lost) == (saved.steps, _losses(saved.findings)):
        return
    other = [step["id"] for step in (*told, *saved.steps) if step not in told or step not in saved.steps]
    moved = ", ".join(dict.fromkeys(other)) or "what is lost, or the order"
    raise PlanStaleError(f"the organisation has moved since this plan was saved ({moved}): plan again")


def _losses(findings: Iterable[Mapping[str, Any]]) -> list[str]:
    return [finding["message"] for finding in findings if finding["code"] in (*LOOSENING, RULES_LOOSENED)]
