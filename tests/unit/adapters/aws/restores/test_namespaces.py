"""A namespace that Redshift Serverless's own call overwrites, against a client that answers as boto3 does."""

import json
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final

import pytest

from strongroom.adapters.aws import clients
from strongroom.adapters.aws.restores.namespace_tables import MemberNamespaceSnapshots
from strongroom.adapters.aws.restores.namespaces import MemberNamespaces, MemberNamespaceStarter
from strongroom.domain.errors import (
    ApprovalVoidError,
    NotFoundError,
    RestoreFailedError,
    StrongroomError,
    TemporarilyUnavailableError,
    ThrottledError,
)
from strongroom.domain.restores.jobs import JobState, JobVerdict, RestoreJob, described_facts, judge_restore
from strongroom.domain.restores.requests import RestoreRequest
from strongroom.domain.restores.source_identity import Behalf
from tests.builders.deciding.called import (
    NAMESPACE,
    NAMESPACE_CALL,
    NAMESPACE_POINT,
    WRITTEN_NAMESPACE,
    a_called_request,
    a_namespace_request,
    a_namespace_table_request,
)
from tests.builders.places import HOME, PAYMENTS
from tests.builders.restores import NOW, a_request
from tests.fakes.restores.own_calls import Accounts, Others, refused

CALLED: Final = "2d1f5f3e-0000-4000-8000-000000000001"
ASKED: Final = "2026-11-26T14:00:00Z"


@dataclass
class Serverless:
    """What was asked for, and what there is."""

    namespace: dict[str, Any] = field(default_factory=dict)
    workgroup: dict[str, Any] = field(default_factory=dict)
    snapshot: dict[str, Any] = field(default_factory=dict)
    calls: list[dict[str, Any]] = field(default_factory=list)
    refusal: str = ""
    refuses: str = "RestoreFromSnapshot"

    def restore_from_snapshot(self, **parameters: Any) -> dict[str, Any]:
        self.calls.append(parameters)
        self._refuse("RestoreFromSnapshot")
        return {"namespace": {"status": "MODIFYING"}, "ResponseMetadata": {"RequestId": CALLED}}

    def get_snapshot(self, snapshotArn: str) -> dict[str, Any]:  # noqa: N803
        self._refuse("GetSnapshot")
        usual = {"snapshotArn": snapshotArn, "snapshotName": "awsbackup-1", "namespaceArn": NAMESPACE}
        return {"snapshot": usual | self.snapshot}

    def get_namespace(self, namespaceName: str) -> dict[str, Any]:  # noqa: N803
        usual = {"namespaceName": namespaceName, "namespaceArn": NAMESPACE, "status": "AVAILABLE"}
        return {"namespace": usual | self.namespace}

    def get_workgroup(self, workgroupName: str) -> dict[str, Any]:  # noqa: N803
        return {"workgroup": {"workgroupName": workgroupName, "namespaceName": "shop"} | self.workgroup}

    def _refuse(self, operation: str) -> None:
        if self.refusal and self.refuses == operation:
            raise refused(self.refusal, operation)


def start(places: Accounts[Serverless], request: RestoreRequest | None = None, *, point: str = NAMESPACE_POINT) -> str:
    snapshots = MemberNamespaceSnapshots(places)
    starter = MemberNamespaceStarter(
        places, snapshots=snapshots, now=lambda: NOW + timedelta(milliseconds=700), otherwise=Others()
    )
    return starter.start_job(request or a_namespace_request(), recovery_point=point)


def described(serverless: Serverless | None = None) -> RestoreJob:
    namespaces = MemberNamespaces(Accounts(serverless or Serverless()), otherwise=Others())
    return namespaces.describe(f"{ASKED}/{CALLED}", request=a_namespace_request())


def judged(serverless: Serverless | None = None) -> JobVerdict:
    return judge_restore(described(serverless), request=a_namespace_request(), recovery_point=NAMESPACE_POINT)


def test_it_is_asked_for_with_what_was_approved_and_with_what_names_the_snapshot() -> None:
    places = Accounts(Serverless())
    made = start(places)
    assert places.given.calls == [{**WRITTEN_NAMESPACE, "snapshotName": "awsbackup-1"}]
    assert places.asked[-1] == ("redshift-serverless", PAYMENTS, HOME)
    assert places.behalf == Behalf(subject="idp|omar", ticket=a_request().ticket, request_id="r-abcdefgh2345")
    asked_at, _, called = made.partition("/")
    assert (asked_at, called) == (f"{NOW:%Y-%m-%dT%H:%M:%S}Z", CALLED)


def test_attack_20_the_session_may_make_this_call_out_of_this_snapshot_with_keys_of_the_account() -> None:
    places = Accounts(Serverless())
    start(places)
    calling, keys = json.loads(places.policy)["Statement"]
    assert calling == {"Effect": "Allow", "Action": [NAMESPACE_CALL], "Resource": [NAMESPACE_POINT]}
    assert keys["Resource"] == [f"arn:aws:kms:{HOME}:{PAYMENTS}:key/*"]
    assert keys["Condition"] == {"StringLike": {"kms:ViaService": "redshift-serverless.*"}}


@pytest.mark.parametrize("told", [NAMESPACE[:-1] + "2", ""])
def test_attack_20_a_snapshot_of_another_namespace_or_of_none_that_is_told_overwrites_nothing(told: str) -> None:
    places = Accounts(Serverless(snapshot={"namespaceArn": told}))
    with pytest.raises(ApprovalVoidError, match=told or "no namespace that is told"):
        start(places)
    assert (places.given.calls, places.policy) == ([], "")


@pytest.mark.parametrize("wild", ["*", "?"])
def test_attack_20_what_a_policy_would_read_as_more_is_never_called(wild: str) -> None:
    places = Accounts(Serverless())
    with pytest.raises(ApprovalVoidError, match="would mean others as well"):
        start(places, point=NAMESPACE_POINT + wild)
    assert (places.asked, places.given.calls) == ([], [])


@pytest.mark.parametrize("code", ["ValidationException", "ConflictException", "ServiceQuotaExceededException"])
def test_what_is_refused_was_asked_for_once(code: str) -> None:
    places = Accounts(Serverless(refusal=code))
    with pytest.raises(StrongroomError, match=code):
        start(places)
    assert len(places.given.calls) == 1


@pytest.mark.parametrize("code", ["ThrottlingException", "TooManyRequestsException"])
@pytest.mark.parametrize(("refuses", "calls"), [("RestoreFromSnapshot", 1), ("GetSnapshot", 0)])
def test_what_is_refused_as_one_too_many_was_answered_and_overwrote_nothing(
    refuses: str, calls: int, code: str
) -> None:
    places = Accounts(Serverless(refusal=code, refuses=refuses))
    with pytest.raises(ThrottledError, match=code):
        start(places)
    assert len(places.given.calls) == calls


@dataclass
class Bank:
    """STS, which lends no more roles for the moment."""

    asked: int = 0

    def assume_role(self, **_: Any) -> None:
        self.asked += 1
        raise refused("Throttling", "AssumeRole")


def test_a_role_that_is_refused_as_one_too_many_has_overwritten_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    bank, places = Bank(), Accounts(Serverless())
    monkeypatch.setattr(clients, "client", lambda *_, **__: bank)
    starter = MemberNamespaceStarter(
        clients.AttributedMemberClients(lambda account: f"arn:aws:iam::{account}:role/native", attempts=1),
        snapshots=MemberNamespaceSnapshots(places),
        now=lambda: NOW,
        otherwise=Others(),
    )
    with pytest.raises(ThrottledError, match="role/native cannot be assumed"):
        starter.start_job(a_namespace_request(), recovery_point=NAMESPACE_POINT)
    assert (bank.asked, places.given.calls) == (1, [])


def test_after_an_error_of_the_service_it_may_have_been_overwritten() -> None:
    with pytest.raises(TemporarilyUnavailableError) as told:
        start(Accounts(Serverless(refusal="InternalServerException")))
    assert told.type is TemporarilyUnavailableError


def test_what_is_refused_for_good_ends_the_request() -> None:
    with pytest.raises(RestoreFailedError, match="ValidationException"):
        start(Accounts(Serverless(refusal="ValidationException")))


@pytest.mark.parametrize(
    "request_", [a_request(), a_called_request(), a_namespace_table_request()], ids=["a job", "files", "a table"]
)
def test_every_other_request_goes_elsewhere(request_: RestoreRequest) -> None:
    places = Accounts(Serverless())
    namespaces = MemberNamespaces(places, otherwise=Others())
    assert start(places, request_) == f"job of {request_.id} out of {NAMESPACE_POINT}"
    assert namespaces.describe("j", request=request_).id == "j"
    assert namespaces.started(request_, recovery_point="p", since=NOW) == (request_.id, "p", str(NOW))
    assert places.asked == []


def test_the_namespace_is_told_as_a_job_of_when_it_was_asked_for_and_names_no_backup() -> None:
    job = described()
    assert (job.created_at.isoformat(), job.recovery_point, job.role) == ("2026-11-26T14:00:00+00:00", "", "")
    assert (job.status, job.created, job.metadata) == ("COMPLETED", NAMESPACE, WRITTEN_NAMESPACE)
    assert (job.request, job.account) == (a_namespace_request().id, PAYMENTS)
    facts = described_facts(job, request=a_namespace_request())
    assert (facts["Request"], facts["CreationDate"], facts["Metadata"]) == (job.request, ASKED, WRITTEN_NAMESPACE)


def test_what_is_available_again_is_restored_and_says_what_nothing_proves() -> None:
    verdict = judged()
    assert (verdict.state, verdict.made) == (JobState.COMPLETED, NAMESPACE)
    assert "look at its data" in verdict.reason


@pytest.mark.parametrize(
    ("status", "state"), [("MODIFYING", JobState.RUNNING), ("DELETING", JobState.FAILED), ("NEW", JobState.FAILED)]
)
def test_what_is_not_available_is_waited_for_or_has_failed(status: str, state: JobState) -> None:
    assert judged(Serverless(namespace={"status": status})).state is state


def test_attack_20_another_namespace_that_has_the_name_by_now_is_none_that_was_restored() -> None:
    with pytest.raises(NotFoundError, match=f"{NAMESPACE} is not there any more"):
        described(Serverless(namespace={"namespaceArn": NAMESPACE[:-1] + "2"}))


def test_a_workgroup_of_another_namespace_is_not_the_approved_one() -> None:
    assert judged(Serverless(workgroup={"namespaceName": "other"})).state is JobState.FAILED


def test_that_it_may_have_been_asked_for_before_nothing_tells() -> None:
    namespaces = MemberNamespaces(Accounts(Serverless()), otherwise=Others())
    assert namespaces.started(a_namespace_request(), recovery_point=NAMESPACE_POINT, since=NOW) == ()
