"""Plans as somebody may have written them by hand: what is lost is told, and nothing in them is taken for granted."""

from typing import Any

import pytest

from strongroom.domain.rollout.losses.lost_backups import lost_backups


def rule(days: str | None = "35", schedule: str = "cron(0 2 ? * * *)") -> dict[str, Any]:
    kept = {} if days is None else {"delete_after_days": {"@@assign": days}}
    return {"schedule_expression": {"@@assign": schedule}, "lifecycle": kept}


def plan(**rules: dict[str, Any]) -> dict[str, Any]:
    return {"@@operators_allowed_for_child_policies": ["@@none"], "rules": {"@@operators": [], **rules}}


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        pytest.param(plan(nightly=rule(), hourly=rule()), plan(nightly=rule()), ["lose its rule hourly"], id="a rule"),
        pytest.param(
            plan(nightly=rule(None)),
            plan(nightly=rule("35")),
            ["keep backups for 35 days in place of unlimited"],
            id="an end where there was none",
        ),
        pytest.param(
            plan(nightly=rule()),
            plan(nightly=rule(schedule="never")),
            ["run less often: never in place of cron(0 2 ? * * *)"],
            id="a schedule that never fires",
        ),
        pytest.param(plan(nightly=rule()), plan(nightly=rule(None)), [], id="no end any more"),
        pytest.param(plan(nightly=rule(schedule="never")), plan(nightly=rule()), [], id="no schedule before"),
        pytest.param({}, plan(nightly=rule()), [], id="an empty plan"),
        pytest.param({"rules": "none", "regions": {"@@assign": 1}}, plan(), [], id="no plan at all"),
    ],
)
def test_what_a_plan_gives_up_is_told(before: dict[str, Any], after: dict[str, Any], said: list[str]) -> None:
    assert list(lost_backups(before, after)) == said
