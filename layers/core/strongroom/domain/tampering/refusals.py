"""Refusals: which statement of a guardrail refused a call, as far as CloudTrail's record tells.

The guardrails are the table: whatever they deny is told, without a row of its own. Source: IAM User Guide,
"Troubleshoot access denied error messages"; most services write such messages, and EC2 encodes its own.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from fnmatch import fnmatchcase
from typing import Any, Final

from strongroom.domain.calls import ApiCall
from strongroom.domain.guardrails.denials import Denial
from strongroom.domain.guardrails.rendering import PROTECT_CONTROL_PLANE, list_denials
from strongroom.domain.intent.model import Intent

_BY_GUARDRAIL: Final = "with an explicit deny in a service control policy"
_BY_ANOTHER: Final = ("with an explicit deny", "because no ")
_ACTION: Final = re.compile(r"not authorized to perform: ([\w-]+:\w+)")
_RESOURCE: Final = re.compile(r"on resource: \"?(arn:[^\s\"]+)")
# Lambda's records carry the date of the API: UpdateFunctionCode20150331v2.
_VERSION: Final = re.compile(r"20\d{6}(v\d+)?$")
# A service's event source, where IAM's prefix is another.
_SOURCES: Final = {"cloudwatch": "monitoring"}
_PREFIXES: Final = {source: prefix for prefix, source in _SOURCES.items()}
# Reading blocks of snapshots is a data event, which no trail records unasked.
_UNRECORDED: Final = {"ebs"}


def refusing_denial(call: ApiCall, intent: Intent) -> Denial | None:
    """The statement that refused the call; None where it was not denied, or another policy's word is recorded."""
    if not call.is_denied:
        return None
    message = call.error_message or ""
    is_certain = _BY_GUARDRAIL in message
    if not is_certain and any(words in message for words in _BY_ANOTHER):
        return None
    return next((each for each in _denials(call, intent) if _refuses(each, call, is_certain=is_certain)), None)


def guarded_sources(denials: Iterable[Denial]) -> tuple[str, ...]:
    """The services whose refusals are worth hearing, as their events call them, sorted."""
    named = (action for denial in denials if not denial.not_actions for action in denial.actions)
    prefixes = {action.partition(":")[0] for action in named} - _UNRECORDED
    return tuple(sorted(_SOURCES.get(prefix, prefix) for prefix in prefixes))


def refused_resource(call: ApiCall) -> str | None:
    """What the refusal was about, where it says so."""
    named = _RESOURCE.search(call.error_message or "")
    return named[1] if named else None


def _denials(call: ApiCall, intent: Intent) -> Iterator[Denial]:
    is_home = call.account in intent.guarded_accounts
    for name, denials in list_denials(intent).items():
        if (name == PROTECT_CONTROL_PLANE) is is_home:
            yield from denials


def _refuses(denial: Denial, call: ApiCall, *, is_certain: bool) -> bool:
    actions = _actions(call)
    if denial.binds and call.caller not in denial.binds:
        return False
    asked = [action for action in actions if not any(fnmatchcase(action, each) for each in denial.not_actions)]
    if not any(fnmatchcase(action, pattern) for action in asked for pattern in denial.actions):
        return False
    # Whether a condition held, only AWS can say.
    return (is_certain or not denial.when) and _concerns(denial, call, is_certain=is_certain)


def _actions(call: ApiCall) -> tuple[str, ...]:
    """The call as IAM names it: by the record, and by the refusal, which may be about a permission besides."""
    service, _, name = call.action.partition(":")
    recorded = f"{_PREFIXES.get(service, service)}:{_VERSION.sub('', name)}"
    return recorded, *_ACTION.findall(call.error_message or "")


def _concerns(denial: Denial, call: ApiCall, *, is_certain: bool) -> bool:
    if "*" in denial.resources:
        return True
    if (named := refused_resource(call)) is not None:
        return any(fnmatchcase(named, pattern) for pattern in denial.resources)
    names = {_name(pattern) for pattern in denial.resources} - {"*"}
    return is_certain or any(fnmatchcase(_name(text), name) for text in _texts(call.request) for name in names)


def _name(arn: str) -> str:
    return re.split("[:/]", arn)[-1]


def _texts(value: Any) -> Iterator[str]:
    match value:
        case str():
            yield value
        case Mapping():
            for each in value.values():
                yield from _texts(each)
        case list():
            for each in value:
                yield from _texts(each)
