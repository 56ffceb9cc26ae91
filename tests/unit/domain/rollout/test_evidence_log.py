"""A ceremony without its log is told before anybody waits for a restore."""

from copy import replace

import pytest

from strongroom.domain.rollout.desired import Desired
from strongroom.domain.rollout.evidence_log import judge_evidence_log
from strongroom.domain.rollout.live import LiveOrganization
from strongroom.domain.stacks.evidence_log import LOG_STACK
from tests.builders.places import AUDIT_ACCOUNT


def without_log(live: LiveOrganization, **stack: str) -> LiveOrganization:
    """The organisation without the log's stack, or with one that is changed."""
    others = {name: each for name, each in live.stacks.items() if name != LOG_STACK}
    changed = {LOG_STACK: replace(live.stacks[LOG_STACK], **stack)} if stack else {}  # type: ignore[arg-type]
    return replace(live, stacks=others | changed)


def test_a_log_that_is_deployed_as_rendered_is_not_mentioned(wanted: Desired, live: LiveOrganization) -> None:
    assert list(judge_evidence_log(wanted, live)) == []


@pytest.mark.parametrize("stack", [{}, {"status": "REVIEW_IN_PROGRESS"}], ids=["absent", "in-name-only"])
def test_a_log_that_is_missing_is_told_with_its_place(
    stack: dict[str, str], wanted: Desired, live: LiveOrganization
) -> None:
    [found] = judge_evidence_log(wanted, without_log(live, **stack))
    assert (found.code, found.path) == ("evidence-log-missing", LOG_STACK)
    assert AUDIT_ACCOUNT in found.message


def test_a_log_that_trusts_another_control_plane_is_told(wanted: Desired, live: LiveOrganization) -> None:
    told = replace(live.stacks[LOG_STACK], parameters={"BackupAccount": "000000000000"})
    [found] = judge_evidence_log(wanted, replace(live, stacks={**live.stacks, LOG_STACK: told}))
    assert found.code == "evidence-log-differs"
    assert "BackupAccount is 000000000000, not 999999999999" in found.message


def test_without_a_ceremony_there_is_no_log_to_miss(wanted: Desired, live: LiveOrganization) -> None:
    no_ceremony = replace(wanted, intent=replace(wanted.intent, restores=None))
    assert no_ceremony.evidence_log is None
    assert list(judge_evidence_log(no_ceremony, without_log(live))) == []
