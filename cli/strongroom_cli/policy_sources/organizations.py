"""A backup policy as AWS Organizations answers with it."""

from collections.abc import Mapping
from typing import Any, Final

from strongroom.domain.backup_policy.documents import PolicyText, PolicyUnreadableError, parse_policy
from strongroom_cli.policy_sources.found import Form, Found, FoundPolicy, NoPolicyError, OneLine, UnreadableError
from strongroom_cli.policy_sources.json_lines import JsonLines

_TYPE: Final = "BACKUP_POLICY"
_HOLDERS: Final = ("Policy", "EffectivePolicy")


def is_answer(document: Any) -> bool:
    """Whether a document is what `describe-policy`, `create-policy` or `describe-effective-policy` prints."""
    if not isinstance(document, Mapping):
        return False
    is_held = any(isinstance(document.get(key), Mapping) for key in _HOLDERS)
    return is_held or "PolicySummary" in document or "PolicyContent" in document


def policy_in_answer(document: Mapping[str, Any], *, text: str) -> Found:
    """The one policy of an answer; NoPolicyError where it is of another type."""
    name = next((key for key in _HOLDERS if isinstance(document.get(key), Mapping)), None)
    answer: Mapping[str, Any] = document if name is None else document[name]
    held = _effective(answer) if "PolicyContent" in answer else _described(answer)
    key, form, kind, resource = held
    if kind not in {None, _TYPE}:
        raise NoPolicyError(f"this is a policy of the type {kind}; a {_TYPE} is wanted")
    if not isinstance(answer.get(key), str):
        raise NoPolicyError(f"there is no text at {key}, where Organizations puts the policy")
    [line] = JsonLines(text).of([(key,) if name is None else (name, key)])
    policy = FoundPolicy(text=_parsed(answer[key], key), form=form, lines=OneLine(line), resource=str(resource or ""))
    return Found(policies=(policy,))


def _effective(answer: Mapping[str, Any]) -> tuple[str, Form, Any, Any]:
    return "PolicyContent", Form.EFFECTIVE, answer.get("PolicyType"), answer.get("TargetId")


def _described(answer: Mapping[str, Any]) -> tuple[str, Form, Any, Any]:
    summary = answer.get("PolicySummary")
    said: Mapping[str, Any] = summary if isinstance(summary, Mapping) else {}
    return "Content", Form.HELD, said.get("Type"), said.get("Name")


def _parsed(content: str, key: str) -> PolicyText:
    try:
        return parse_policy(content)
    except PolicyUnreadableError as failure:
        raise UnreadableError(f"in {key}, {failure}") from failure
