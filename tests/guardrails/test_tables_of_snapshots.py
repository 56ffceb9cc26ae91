"""Who takes a table out of a snapshot of AWS Backup: the role for such calls, where a profile lets this very call."""

from collections.abc import Mapping
from copy import replace
from typing import Final, NamedTuple

import pytest

from strongroom.domain.guardrails.rendering import guardrail_targets, render_guardrails
from strongroom.domain.intent.model import Intent
from tests.builders.deciding.called import NAMESPACE_CALL, NAMESPACE_TABLE_CALL, TABLE_CALL
from tests.builders.intents import with_restores
from tests.builders.places import PAYMENTS
from tests.builders.restores import PROFILE
from tests.guardrails.scp_engines import refusing_sids
from tests.guardrails.scp_requests import ALLOWED, Account, Case

_PAYMENTS: Final = Account(PAYMENTS)
_OF_A_NAMESPACE: Final = _PAYMENTS.arn("redshift-serverless", "snapshot/8f1ab3c4-0000-4000-8000-000000000003")
_MARKED: Final = {"aws:ResourceTag/aws:backup:source-resource": "arn:aws:redshift-serverless:eu-west-1:1:namespace/1"}
_OF_AWS_BACKUP: Final = _PAYMENTS.arn("redshift", "snapshot:night/awsbackup:job-1")
_OF_A_TEAM: Final = _PAYMENTS.arn("redshift", "snapshot:night/before-the-change")
_OURS: Final = "strongroom/strongroom-"


class Asked(NamedTuple):
    """A call out of a snapshot, as IAM is asked."""

    call: str
    snapshot: str
    context: Mapping[str, str]


_OF_A_CLUSTERS: Final = Asked(TABLE_CALL, _OF_AWS_BACKUP, {})
_OF_A_NAMESPACES: Final = Asked(NAMESPACE_TABLE_CALL, _OF_A_NAMESPACE, _MARKED)


def is_refused(intent: Intent, role: str, *, calls: tuple[str, ...], asked: Asked = _OF_A_CLUSTERS) -> bool:
    """Whether a guardrail of the account's unit refuses the call, where its profile lets these calls."""
    profiled = with_restores(intent, profiles=(replace(PROFILE, native=calls),))
    unit, attached = profiled.targets[0].id(profiled), guardrail_targets(profiled)
    documents = [document for name, document in render_guardrails(profiled).items() if unit in attached[name]]
    statements = [each for document in documents for each in document["Statement"]]
    return bool(refusing_sids(statements, Case(ALLOWED, _PAYMENTS.role(role), *asked)))


_OVER_A_NAMESPACE: Final = Asked(NAMESPACE_CALL, _OF_A_NAMESPACE, _MARKED)
_EACH: Final = (_OF_A_CLUSTERS, _OF_A_NAMESPACES, _OVER_A_NAMESPACE)
_ALL: Final = pytest.mark.parametrize("asked", _EACH, ids=lambda asked: asked.call)


@_ALL
def test_the_role_for_such_calls_takes_one_where_a_profile_lets_it(intent: Intent, asked: Asked) -> None:
    assert not is_refused(intent, f"{_OURS}restore-native", calls=(asked.call,), asked=asked)


@pytest.mark.parametrize("calls", [(), ("ec2:CreateVolume",)], ids=["no call", "another call"])
def test_it_takes_none_where_no_profile_lets_this_very_call(intent: Intent, calls: tuple[str, ...]) -> None:
    assert is_refused(intent, f"{_OURS}restore-native", calls=calls)


@pytest.mark.parametrize(
    "role", ["Developer", "Admin", *(f"{_OURS}{name}" for name in ("restore", "restore-job", "restore-raw", "scanner"))]
)
@_ALL
def test_attack_19_nobody_else_does_where_a_profile_lets_it(intent: Intent, role: str, asked: Asked) -> None:
    assert is_refused(intent, role, calls=(asked.call,), asked=asked) is not _is_a_restorer(role, asked)


def _is_a_restorer(role: str, asked: Asked) -> bool:
    """What AWS Backup restores under is not refused what it may need for it; it has no right to it by its policy."""
    return asked is not _OF_A_CLUSTERS and role == f"{_OURS}restore-job"


@pytest.mark.parametrize(
    "asked",
    [_OF_A_CLUSTERS._replace(snapshot=_OF_A_TEAM), *(each._replace(context={}) for each in _EACH[1:])],
    ids=lambda asked: asked.call,
)
def test_a_teams_own_snapshot_is_the_teams(intent: Intent, asked: Asked) -> None:
    assert not is_refused(intent, "Developer", calls=(asked.call,), asked=asked)
