"""Quotas, policies of others, the resource policy and the trail."""

from typing import Any

import pytest

from strongroom.domain.doctor.diagnosis import Outcome
from strongroom.domain.doctor.found import ConcurrencyFound
from strongroom.domain.doctor.surroundings import (
    judge_concurrency,
    judge_others,
    judge_resource_policy,
    judge_slots,
    judge_trails,
)
from strongroom.domain.rollout.live import LiveAttachment
from tests.builders.doctor import a_trail

OURS = frozenset({"strongroom-a"})


def scps(*names: str) -> list[LiveAttachment]:
    return [LiveAttachment(name=name, type="SERVICE_CONTROL_POLICY") for name in names]


@pytest.mark.parametrize(
    ("limit", "asked", "outcome"),
    [(10, 31, Outcome.FAILS), (31, 31, Outcome.HOLDS), (10, 0, Outcome.UNSEEN)],
    ids=["a new account", "just enough", "nothing is deployed"],
)
def test_the_account_runs_as_many_functions_as_are_asked_for(limit: int, asked: int, outcome: Outcome) -> None:
    found = judge_concurrency(ConcurrencyFound(limit=limit, asked=asked), where="x")
    assert (found.outcome, str(limit) in found.evidence) == (outcome, True)


@pytest.mark.parametrize(
    ("attached", "at_most", "outcome"),
    [
        (scps("strongroom-a", "FullAWSAccess"), 5, Outcome.HOLDS),
        (scps("strongroom-a", "FullAWSAccess"), None, Outcome.HOLDS),
        (scps("FullAWSAccess"), 5, Outcome.FAILS),
        (scps("strongroom-a", *"bcdef"), 5, Outcome.FAILS),
    ],
    ids=["room", "an unknown quota", "ours is not attached", "more than the quota"],
)
def test_ours_are_attached_and_fit(attached: list[LiveAttachment], at_most: int | None, outcome: Outcome) -> None:
    assert judge_slots(attached, wanted=OURS, scps_at_most=at_most, target="ou-1").outcome is outcome


def test_somebody_elses_policy_is_named_and_aws_own_is_not() -> None:
    assert judge_others(scps("strongroom-a", "FullAWSAccess"), ours=OURS, target="ou-1").outcome is Outcome.HOLDS
    found = judge_others(scps("strongroom-a", "aws-guardrails-x"), ours=OURS, target="ou-1")
    assert (found.outcome, found.evidence) == (Outcome.FAILS, "of others: aws-guardrails-x")


def test_a_resource_policy_grants_or_names_what_it_does_not() -> None:
    assert judge_resource_policy(exists=True, missing_actions=[], where="o-1").outcome is Outcome.HOLDS
    assert "ListRoots" in judge_resource_policy(exists=True, missing_actions=["ListRoots"], where="o-1").evidence
    assert "no resource policy" in judge_resource_policy(exists=False, missing_actions=[], where="o-1").evidence


@pytest.mark.parametrize(
    ("changed", "evidence"),
    [
        ({"is_of_organization": False}, "one account only"),
        ({"is_of_every_region": False}, "one Region only"),
        ({"is_logging": False}, "does not log"),
        ({"logs_reads_and_writes": False}, "not log all management events"),
        ({"excluded": frozenset({"kms.amazonaws.com"})}, "nobody sees a key's deletion"),
        ({"excluded": frozenset({"rdsdata.amazonaws.com"})}, "leaves out the events of rdsdata.amazonaws.com"),
    ],
    ids=lambda value: ", ".join(value) if isinstance(value, dict) else "",
)
def test_a_trail_that_sees_less_is_named(changed: dict[str, Any], evidence: str) -> None:
    found = judge_trails([a_trail(**changed)], where="x")
    assert (found.outcome, evidence in found.evidence, found.is_alarming) == (Outcome.FAILS, True, True)


def test_one_trail_that_sees_everything_is_enough() -> None:
    assert judge_trails([a_trail(is_logging=False), a_trail()], where="x").outcome is Outcome.HOLDS
    assert judge_trails([], where="x").evidence == "there is no trail"
