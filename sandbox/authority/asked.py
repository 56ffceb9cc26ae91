"""The distinct questions that were asked while the sandbox ran, each with the policies that were in force."""

from typing import Any, Final

from sandbox.seams.iam import questions as seams
from sandbox.seams.iam.questions import Asked

# These differ from session to session, and no policy of ours asks for them.
_FLEETING: Final = frozenset({"sts:rolesessionname", "sts:externalid"})

_heard: Final[dict[tuple[Any, ...], Asked]] = {}


def begin() -> None:
    """Forget what an earlier sandbox heard, and listen."""
    _heard.clear()
    seams.listen(_hear)


def questions() -> tuple[Asked, ...]:
    """What was asked so far."""
    return tuple(_heard.values())


def _hear(asked: Asked, decision: str) -> None:
    facts = {**asked.context.service_context, **asked.context.request_tags}
    known = frozenset((key, repr(value)) for key, value in facts.items() if key not in _FLEETING)
    whole = (asked.own is None, asked.is_trust, asked.service)
    _heard.setdefault((asked.asker, asked.action, asked.resource, decision, whole, known), asked)
