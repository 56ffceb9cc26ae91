"""Who may create something that is not backed up: with a reason, where the target lets it."""

from copy import replace
from typing import Any, Final

import pytest

from strongroom.domain.guardrails.rendering import guardrail_targets, render_guardrails
from strongroom.domain.intent.model import Intent, OptOut
from tests.builders.places import PAYMENTS
from tests.guardrails.scp_engines import refusing_sids
from tests.guardrails.scp_requests import ALLOWED, Account, Case, tags

_PAYMENTS: Final = Account(PAYMENTS)
_TABLE: Final = _PAYMENTS.arn("dynamodb", "table/orders")
_REASON: Final = {"BackupReason": "scratch data"}
_TAGGED: Final = {"aws:ResourceTag/Backup": "daily-prod"}
_HAS_REASON: Final = {"aws:ResourceTag/BackupReason": "scratch data"}


@pytest.fixture
def may_opt_out(intent: Intent) -> Intent:
    """The example, whose target lets resources opt out and whose tables must be tagged when they are created."""
    (target, *others) = intent.targets
    return replace(
        intent,
        opt_out=OptOut(value="none", reason_key="BackupReason"),
        targets=(replace(target, opt_out=True), *others),
        guardrails=replace(intent.guardrails, tag_required_on=("dynamodb:CreateTable",)),
    )


def refused_by(intent: Intent, action: str, *said: dict[str, Any], role: str = "Developer") -> set[str]:
    """The statements of the account's unit that refuse a request with this context."""
    unit, attached = intent.targets[0].id(intent), guardrail_targets(intent)
    documents = [document for name, document in render_guardrails(intent).items() if unit in attached[name]]
    statements = [each for document in documents for each in document["Statement"]]
    context = {key: value for each in said for key, value in each.items()}
    return set(refusing_sids(statements, Case(ALLOWED, _PAYMENTS.role(role), action, _TABLE, context)))


@pytest.mark.parametrize(
    ("said", "refused"),
    [
        pytest.param([], {"RequireTag"}, id="nothing"),
        pytest.param([tags(Backup="none")], {"OptOutWithReason"}, id="none"),
        pytest.param([tags(Backup="none", **_REASON)], set(), id="none and a reason"),
        pytest.param([tags(Backup="nothing", **_REASON)], {"RequireKnownTier"}, id="another value and a reason"),
        pytest.param([tags(Backup="daily-prod")], set(), id="a tier"),
    ],
)
def test_a_creation_opts_out_with_a_reason(may_opt_out: Intent, said: list[dict[str, Any]], refused: set[str]) -> None:
    assert refused_by(may_opt_out, "dynamodb:CreateTable", *said) == refused


@pytest.mark.parametrize(
    ("said", "refused"),
    [
        pytest.param([tags(Backup="none"), _TAGGED], {"OptOutWithReason"}, id="none"),
        pytest.param([tags(Backup="none", **_REASON), _TAGGED], set(), id="none and a reason"),
        pytest.param([tags(Backup="none"), _TAGGED, _HAS_REASON], set(), id="none, where the reason is there already"),
    ],
)
def test_a_tier_is_left_with_a_reason(may_opt_out: Intent, said: list[dict[str, Any]], refused: set[str]) -> None:
    assert refused_by(may_opt_out, "dynamodb:TagResource", *said) == refused


def test_where_no_target_lets_it_nothing_opts_out(may_opt_out: Intent) -> None:
    strict = replace(may_opt_out, targets=tuple(replace(target, opt_out=False) for target in may_opt_out.targets))
    assert "RequireKnownTier" in refused_by(strict, "dynamodb:CreateTable", tags(Backup="none", **_REASON))


def test_what_takes_everything_is_left_with_a_reason_and_entered_again_by_its_name(may_opt_out: Intent) -> None:
    tier = replace(may_opt_out.tiers["daily-prod"], everything=True, unless={"Backup": "none"})
    target = replace(may_opt_out.targets[0], tiers=("all",), default_tier="all")
    whole = replace(may_opt_out, tiers={"all": tier}, targets=(target,))
    for said, refused in (
        ([], set()),
        ([tags(Backup="none")], {"OptOutWithReason"}),
        ([tags(Backup="none", **_REASON)], set()),
        ([tags(Backup="all")], set()),
    ):
        assert refused_by(whole, "dynamodb:CreateTable", *said) == refused
    again = refused_by(
        whole,
        "dynamodb:TagResource",
        tags(Backup="all"),
        {"aws:ResourceTag/Backup": "none"},
        role="strongroom/strongroom-tagging",
    )
    assert again == set()
