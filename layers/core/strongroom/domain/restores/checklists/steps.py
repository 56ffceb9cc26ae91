"""The steps of a restore that no machine takes, as its requester and its approvers signed them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from strongroom.domain.restores.kinds.finishing import BEFORE, SENTENCES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


def steps_by_hand(sentences: Iterable[str]) -> tuple[str, ...]:
    """Those of a request's sentences that no machine acts on, each once, in their order."""
    of_machine = frozenset(SENTENCES.values())
    return tuple(dict.fromkeys(each for each in sentences if each not in of_machine))


def signed_steps(content: Mapping[str, Any]) -> tuple[str, ...]:
    """The same of a request's record, as it was signed; none of one that tells of no steps."""
    sentences = content.get("steps", [])
    return steps_by_hand(filter(_is_text, sentences)) if isinstance(sentences, list) else ()


def is_before(step: str) -> bool:
    """Whether it is taken before the act."""
    return step.startswith(BEFORE)


def told_to_do(step: str) -> str:
    """A step as people read it among what follows from a restore."""
    return step if is_before(step) else f"Afterwards: {step}"


def _is_text(content: Any) -> bool:
    return isinstance(content, str)
