"""What we touch inside MiniStack's STS is still there, and lends a role as AWS does once it is touched."""

import inspect
from collections.abc import Iterator
from typing import Any

import pytest
from ministack.core import iam_evaluator
from ministack.services import sts

from sandbox.seams import host as seams
from sandbox.seams import sts as seams_sts

CALLER = "arn:aws:sts::999999999999:assumed-role/starter/strongroom"
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


def _lends(trust: dict[str, Any], **request: Any) -> bool:
    context = iam_evaluator.EvalContext(
        principal_arn=CALLER,
        principal_type="AssumedRole",
        principal_account="999999999999",
        action="sts:AssumeRole",
        resource_arn=ROLE,
        region="eu-west-1",
        **request,
    )
    return bool(iam_evaluator.evaluate_trust_policy(trust, CALLER, context))


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


def test_nobody_named_is_no_source_identity() -> None:
    assert not _lends(_trust(("sts:AssumeRole", NAMED)))


def test_a_session_remembers_for_whom_it_was_opened(asked_for: str) -> None:
    sts.register_session("ASIATEST", {})
    assert seams_sts.source_identity("ASIATEST") == asked_for
    del sts._sessions["ASIATEST"]  # noqa: SLF001
    assert seams_sts.source_identity("ASIATEST") == ""
