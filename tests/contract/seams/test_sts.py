"""What we touch inside MiniStack's STS is still there, and lends a role as AWS does once it is touched."""

import inspect
import time
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from ministack.core import iam_evaluator
from ministack.services import iam, sts

from sandbox.seams import host as seams
from sandbox.seams import sts as seams_sts
from sandbox.seams.iam import mfa
from tests.contract.iam.iam_documents import documents_of

CALLER = "arn:aws:sts::999999999999:assumed-role/starter/strongroom"
TAGGER = "arn:aws:iam::999999999999:role/strongroom/strongroom-tag-restored"
ROLE = "arn:aws:iam::222222222222:role/strongroom/strongroom-restore"


@pytest.fixture(autouse=True)
def installed() -> Iterator[None]:
    """The replaced parts, put back afterwards."""
    seams_sts.install()
    yield
    seams.restore()


@pytest.fixture
def asked_for() -> Iterator[str]:
    """A request that names a person."""
    token = seams_sts._asked_for.set("idp=7Comar")  # noqa: SLF001
    yield "idp=7Comar"
    seams_sts._asked_for.reset(token)  # noqa: SLF001


def test_what_is_replaced_still_takes_what_it_took() -> None:
    seams.restore()
    assert list(inspect.signature(sts.register_session).parameters) == ["access_key", "session"]
    assert list(inspect.signature(iam_evaluator.evaluate_trust_policy).parameters) == ["trust_doc", "caller_arn", "ctx"]
    asked = list(inspect.signature(sts.handle_request).parameters)
    assert asked == ["method", "path", "headers", "body", "query_params"]
    assert "evaluate_trust_policy(trust_doc, caller_arn, trust_context)" in inspect.getsource(sts.handle_request)


class _LookedAt(dict[str, Any]):
    """A session: while somebody looks whether it is over, another one begins."""

    def get(self, key: str, default: Any = None) -> Any:
        sts._sessions["another"] = {}  # noqa: SLF001
        return super().get(key, default)


def test_a_session_that_begins_while_others_are_looked_at_is_in_nobodys_way(monkeypatch: pytest.MonkeyPatch) -> None:
    over = _LookedAt(Expiration=time.time() - 1)
    monkeypatch.setattr(sts, "_sessions", {"over": over, "open": {}, "later": {"Expiration": time.time() + 60}})
    sts.register_session("new", {})
    assert set(sts._sessions) == {"open", "later", "another", "new"}  # noqa: SLF001


def _trust(*statements: tuple[str, dict[str, Any]]) -> dict[str, Any]:
    return {
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"AWS": "arn:aws:iam::999999999999:root"},
                "Action": action,
                "Condition": condition,
            }
            for action, condition in statements
        ]
    }


NAMED = {"StringLike": {"sts:SourceIdentity": "?*"}}
TICKETED = {"StringLike": {"aws:RequestTag/ticket": "?*"}}
BOTH = {"StringLike": {"sts:SourceIdentity": "?*", "aws:RequestTag/ticket": "?*"}}


def _lends(trust: Any, *, caller: str = CALLER, **request: Any) -> bool:
    context = iam_evaluator.EvalContext(
        principal_arn=caller,
        principal_type="AssumedRole",
        principal_account="999999999999",
        action="sts:AssumeRole",
        resource_arn=ROLE,
        region="eu-west-1",
        **request,
    )
    return bool(iam_evaluator.evaluate_trust_policy(trust, caller, context))


@pytest.mark.parametrize(
    ("trust", "lent"),
    [
        pytest.param(_trust(("sts:AssumeRole", BOTH), ("sts:SetSourceIdentity", {})), True, id="one for each action"),
        pytest.param(_trust(("sts:AssumeRole", BOTH)), False, id="the person may not be named"),
        pytest.param(_trust(("sts:*", BOTH)), False, id="naming has no tags to look at"),
        pytest.param(_trust(("sts:AssumeRole", TICKETED), ("sts:SetSourceIdentity", NAMED)), True, id="named"),
    ],
)
def test_each_action_is_judged_by_its_own_condition_keys(trust: dict[str, Any], lent: bool, asked_for: str) -> None:  # noqa: FBT001
    assert asked_for
    assert _lends(trust, request_tags={"ticket": "CHG-1"}, tag_keys=["ticket"]) is lent


@pytest.mark.parametrize(
    ("tags", "person", "lent"),
    [
        pytest.param({}, "", True, id="to tag"),
        pytest.param({"ticket": "CHG-1"}, "idp=7Comar", True, id="to finish"),
        pytest.param({"ticket": "CHG-1"}, "", False, id="for nobody"),
        pytest.param({"ticket": ""}, "idp=7Comar", False, id="without a ticket"),
        pytest.param({"Ticket": "CHG-1"}, "idp=7Comar", False, id="for another spelling"),
        pytest.param({"ticket": "CHG-1", "role": "admin"}, "idp=7Comar", False, id="with more tags"),
        pytest.param({"role": "admin"}, "", False, id="with other tags"),
    ],
)
def test_the_role_for_what_follows_a_restore_is_lent_to_tag_or_for_a_person_and_a_ticket(
    tags: dict[str, str],
    person: str,
    lent: bool,  # noqa: FBT001
) -> None:
    (document,) = (
        each.document
        for each in documents_of("stacks/member.yaml", {"BackupAccount": "999999999999"})
        if "RestoreAfterRole.AssumeRole" in each.name
    )
    token = seams_sts._asked_for.set(person)  # noqa: SLF001
    found = _lends(document, request_tags=tags, tag_keys=list(tags), caller=TAGGER)
    seams_sts._asked_for.reset(token)  # noqa: SLF001
    assert found is lent


def test_nobody_named_is_no_source_identity() -> None:
    assert not _lends(_trust(("sts:AssumeRole", NAMED)))


def test_a_session_remembers_for_whom_it_was_opened(asked_for: str) -> None:
    sts.register_session("ASIATEST", {})
    assert seams_sts.source_identity("ASIATEST") == asked_for
    credential = SimpleNamespace(
        access_key_id="ASIATEST", principal_id="AIDA", principal_type="Root", principal_arn=CALLER, account_id="9" * 12
    )
    assert iam_evaluator._principal_keys(credential)["aws:sourceidentity"] == asked_for  # noqa: SLF001
    del sts._sessions["ASIATEST"]  # noqa: SLF001
    assert seams_sts.source_identity("ASIATEST") == ""


CODED = {"Bool": {"aws:MultiFactorAuthPresent": "true"}, "NumericLessThan": {"aws:MultiFactorAuthAge": 300}}


def test_a_call_that_brings_a_code_is_let_in_by_a_trust_that_wants_one() -> None:
    trust = _trust(("sts:AssumeRole", CODED))
    assert not _lends(trust)
    token = seams_sts._mfa.set(mfa.SHOWN_NOW)  # noqa: SLF001
    assert _lends(trust)
    seams_sts._mfa.reset(token)  # noqa: SLF001


@pytest.mark.parametrize(
    ("session", "lent"),
    [
        pytest.param({mfa.OPENED_AT: 200}, True, id="a session that was opened with a code"),
        pytest.param({mfa.OPENED_AT: 301}, False, id="one that was opened too long ago"),
        pytest.param({}, False, id="any other session"),
    ],
)
def test_a_trust_that_wants_a_fresh_code_lends_to_a_session_that_was_opened_with_one(
    session: dict[str, float],
    lent: bool,  # noqa: FBT001
) -> None:
    sts._sessions["ASIATEST"] = {name: time.time() - ago for name, ago in session.items()}  # noqa: SLF001
    credential = SimpleNamespace(
        access_key_id="ASIATEST", principal_id="AIDA", principal_type="Root", principal_arn=CALLER, account_id="9" * 12
    )
    for_policies, for_trusts = (module._principal_keys(credential) for module in (iam_evaluator, sts))  # noqa: SLF001
    assert for_policies == for_trusts
    del sts._sessions["ASIATEST"]  # noqa: SLF001
    assert _lends(_trust(("sts:AssumeRole", CODED)), principal_keys=for_trusts) is lent


@pytest.mark.parametrize(
    ("kind", "remembers"),
    [pytest.param("User", True, id="of a user"), pytest.param("AssumedRole", False, id="of a role")],
)
def test_a_session_of_a_user_carries_the_code_and_one_of_a_role_does_not(
    kind: str,
    remembers: bool,  # noqa: FBT001
) -> None:
    token = seams_sts._mfa.set(mfa.SHOWN_NOW)  # noqa: SLF001
    sts.register_session("ASIATEST", {"PrincipalType": kind})
    seams_sts._mfa.reset(token)  # noqa: SLF001
    assert (mfa.OPENED_AT in sts._sessions.pop("ASIATEST")) is remembers  # noqa: SLF001


def test_the_devices_of_users_are_still_kept_as_they_were() -> None:
    seams.restore()
    assert list(inspect.signature(iam._virtual_mfa_xml).parameters) == ["serial", "include_user"]  # noqa: SLF001
    made = inspect.getsource(iam._create_virtual_mfa_device)  # noqa: SLF001
    assert all(f'"{name}"' in made for name in ("User", "Base32StringSeed"))
    asked = inspect.getsource(sts._caller_identity)  # noqa: SLF001
    assert all(f'"{name}"' in asked for name in ("isTemporary", "principalName", "principalType"))
