"""A statement is needed when an answer that was given hangs on it, and on nothing else."""

from typing import Any

import pytest

from sandbox.authority.needs import Part, Statement, needed_actions
from sandbox.seams.iam.questions import Asked

WORKER, QUEUE, KEY = "222222222222/worker", "arn:aws:sqs:eu-west-1:222222222222:q", "arn:aws:kms:eu-west-1:2:key/k"


def _written(*actions: str, effect: str = "Allow") -> dict[str, Any]:
    return {"Effect": effect, "Action": list(actions), "Resource": "*"}


def _own(*actions: str, effect: str = "Allow", holder: str = WORKER) -> Statement:
    return Statement("own", Part.OWN, frozenset({holder}), _written(*actions, effect=effect), (effect, *actions))


def _attached(*actions: str, effect: str = "Allow") -> Statement:
    return Statement("attached", Part.RESOURCE, frozenset({"arn:aws:sqs:*"}), _written(*actions, effect=effect))


def _asked(*own: Statement, resource: tuple[Statement, ...] = (), action: str = "sqs:SendMessage") -> Asked:
    document = {"Statement": [each.written for each in resource]} if resource else None
    return Asked(WORKER, action, QUEUE, None, own=(tuple(each.parsed for each in own),), document=document)


def _decide(asked: Asked) -> str:
    """A small evaluator: a denial wins, then any permission, wherever it stands."""
    own = [(effect, actions) for policy in asked.own or () for effect, *actions in policy]
    document = (asked.document or {}).get("Statement", [])
    spoken = [*own, *((each["Effect"], each["Action"]) for each in document)]
    said = {effect for effect, actions in spoken if asked.action in actions}
    return "Deny" if "Deny" in said else "Allow" if "Allow" in said else "ImplicitDeny"


def _needed(statement: Statement, *questions: Asked) -> set[str]:
    return needed_actions(statement, questions, decide=_decide, names=lambda action, pattern: action == pattern)


def test_what_alone_allows_is_needed_for_the_actions_that_were_asked() -> None:
    statement = _own("sqs:SendMessage", "sqs:PurgeQueue")
    assert _needed(statement, _asked(statement)) == {"sqs:SendMessage"}


def test_what_another_statement_allows_too_is_not_needed() -> None:
    statement = _own("sqs:SendMessage")
    assert _needed(statement, _asked(statement, _own("sqs:SendMessage", "sqs:PurgeQueue"))) == set()
    assert _needed(statement, _asked(statement, resource=(_attached("sqs:SendMessage"),))) == set()


def test_what_a_denial_refuses_anyway_is_not_needed_and_the_denial_is() -> None:
    allowed, denied = _own("sqs:SendMessage"), _attached("sqs:SendMessage", effect="Deny")
    asked = _asked(allowed, resource=(denied,))
    assert _needed(allowed, asked) == set()
    assert _needed(denied, asked) == {"sqs:SendMessage"}


def test_a_denial_of_what_nobody_allows_refuses_still() -> None:
    denied = _attached("sqs:SendMessage", effect="Deny")
    assert _needed(denied, _asked(resource=(denied,))) == {"sqs:SendMessage"}


@pytest.mark.parametrize(
    "statement",
    [
        pytest.param(_own("sqs:SendMessage", holder="222222222222/idler"), id="of-another-role"),
        pytest.param(
            Statement("key", Part.RESOURCE, frozenset({KEY}), _written("sqs:SendMessage")), id="of-another-resource"
        ),
    ],
)
def test_a_statement_is_not_needed_by_questions_to_others(statement: Statement) -> None:
    twin = _own("sqs:SendMessage")
    assert _needed(twin, _asked(twin)) == {"sqs:SendMessage"}
    assert _needed(statement, _asked(twin)) == set()
