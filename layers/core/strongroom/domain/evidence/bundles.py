"""Everything that proves one ceremony, in one file: `strongroom-evidence/2`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct, field

from strongroom.domain.canonical import canonical_text, read_canonical
from strongroom.domain.errors import MalformedRecordError
from strongroom.domain.written import record_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from strongroom.domain.evidence.entries import ChainEntry

FORMAT: Final = "strongroom-evidence/2"
# Two hundred proofs and their log proofs are 700 kB; what is longer need not be read at all.
MOST_BYTES: Final = 8 * 2**20
MOST_ENTRIES: Final = 10_000
_KEYS: Final = ("chain", "format", "log", "proofs", "request")
# Of an urgent restore, what was signed about it after its end.
_REVIEWS: Final = "reviews"
# Of steps by hand, what was signed about them, each with the log's proof of it.
_STATED: Final = "stated"
_LISTS: Final = (_REVIEWS, _STATED)


class Bundle(Struct, frozen=True, kw_only=True):
    """The parts of a bundle, none of them judged yet: `request` is the request with its requester's proof."""

    request: Mapping[str, Any]
    proofs: tuple[Any, ...]
    chain: tuple[Any, ...]
    log: Mapping[str, Any]
    reviews: tuple[Any, ...] = ()
    stated: tuple[Any, ...] = ()


class LogProofs(Struct, frozen=True, kw_only=True):
    """The texts of `c2sp.org/tlog-proof`: of the last intent, of the close, and of each proof by its digest."""

    closed: str
    intent: str | None = None
    proofs: Mapping[str, str] = field(default_factory=dict)


def read_bundle(text: str) -> Bundle:
    """The bundle of a canonical text; MalformedRecordError for what is no bundle at all."""
    content = record_of(read_canonical(text), needed=_KEYS, known=_LISTS)
    if content["format"] != FORMAT:
        raise MalformedRecordError(f"the bundle is not of the format {FORMAT}")
    for name, kind in (("request", dict), ("proofs", list), ("chain", list), ("log", dict)):
        if not isinstance(content[name], kind):
            raise MalformedRecordError(f"{name} is not what a bundle has there")
    for name in _LISTS:
        if not isinstance(content.get(name, []), list):
            raise MalformedRecordError(f"{name} is not what a bundle has there")
    if len(content["chain"]) > MOST_ENTRIES:
        raise MalformedRecordError(f"its chain has more than {MOST_ENTRIES} entries, and none has")
    return Bundle(
        request=content["request"],
        proofs=tuple(content["proofs"]),
        chain=tuple(content["chain"]),
        log=content["log"],
        reviews=tuple(content.get(_REVIEWS, ())),
        stated=tuple(content.get(_STATED, ())),
    )


def bundle_text(
    request: str,
    *,
    opened_by: str,
    proofs: Iterable[str],
    chain: Iterable[ChainEntry],
    log: LogProofs,
    reviews: Sequence[str] = (),
    stated: Mapping[str, str] | None = None,
) -> str:
    """The bundle's canonical text, of the canonical texts of its parts; `opened_by` is the requester's proof.

    `stated` are the log's proofs by the text of what was signed about a step.
    """
    logged = {"closed": log.closed, "proofs": dict(log.proofs)}
    return canonical_text(
        {
            "format": FORMAT,
            "request": {"request": request, **read_canonical(opened_by)},
            "proofs": [read_canonical(proof) for proof in proofs],
            "chain": [read_canonical(entry.text) for entry in chain],
            "log": logged if log.intent is None else {**logged, "intent": log.intent},
            **({_REVIEWS: [read_canonical(review) for review in reviews]} if reviews else {}),
            **({_STATED: [_with_log(text, log) for text, log in stated.items()]} if stated else {}),
        }
    )


def _with_log(text: str, logged: str) -> dict[str, Any]:
    return {"logged": logged, "stated": read_canonical(text)}
