"""Who takes a table out of a snapshot of AWS Backup: the role for such calls, where a profile lets this very call."""

from copy import replace
from typing import Final

import pytest

from strongroom.domain.guardrails.rendering import guardrail_targets, render_guardrails
from strongroom.domain.intent.model import Intent
from tests.builders.deciding.called import TABLE_CALL
from tests.builders.intents import with_restores
from tests.builders.places import PAYMENTS
from tests.builders.restores import PROFILE
from tests.guardrails.scp_engines import refusing_sids
from tests.guardrails.scp_requests import ALLOWED, Account, Case

_PAYMENTS: Final = Account(PAYMENTS)
_OF_AWS_BACKUP: Final = _PAYMENTS.arn("redshift", "snapshot:night/awsbackup:job-1")
_OF_A_TEAM: Final = _PAYMENTS.arn("redshift", "snapshot:night/before-the-change")
_OURS: Final = "strongroom/strongroom-"


def is_refused(intent: Intent, role: str, *, calls: tuple[str, ...], snapshot: str = _OF_AWS_BACKUP) -> bool:
    """Whether a guardrail of the account's unit refuses the call, where its profile lets these calls."""
    profiled = with_restores(intent, profiles=(replace(PROFILE, native=calls),))
    unit, attached = profiled.targets[0].id(profiled), guardrail_targets(profiled)
    documents = [document for name, document in render_guardrails(profiled).items() if unit in attached[name]]
    statements = [each for document in documents for each in document["Statement"]]
    return bool(refusing_sids(statements, Case(ALLOWED, _PAYMENTS.role(role), TABLE_CALL, snapshot, {})))


def test_the_role_for_such_calls_takes_one_where_a_profile_lets_it(intent: Intent) -> None:
    assert not is_refused(intent, f"{_OURS}restore-native", calls=(TABLE_CALL,))


@pytest.mark.parametrize("calls", [(), ("ec2:CreateVolume",)], ids=["no call", "another call"])
def test_it_takes_none_where_no_profile_lets_this_very_call(intent: Intent, calls: tuple[str, ...]) -> None:
    assert is_refused(intent, f"{_OURS}restore-native", calls=calls)


@pytest.mark.parametrize(
    "role", ["Developer", "Admin", *(f"{_OURS}{name}" for name in ("restore", "restore-job", "restore-raw", "scanner"))]
)
def test_attack_19_nobody_else_does_where_a_profile_lets_it(intent: Intent, role: str) -> None:
    assert is_refused(intent, role, calls=(TABLE_CALL,))


def test_a_teams_own_snapshot_is_the_teams(intent: Intent) -> None:
    assert not is_refused(intent, "Developer", calls=(TABLE_CALL,), snapshot=_OF_A_TEAM)
