"""What has become of a signature: whether it counts, as somebody else sees it, and whether the log has it."""

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from strongroom.domain.canonical import digest_of
from strongroom.domain.errors import MalformedRecordError, NotWitnessedYetError
from strongroom.domain.evidence.object_keys import proof_key
from strongroom.domain.evidence.trust import LogTrust
from strongroom.domain.evidence.witnessing import demand_witnessed
from strongroom.domain.proofs.proof import proof_text, signed_of
from strongroom_cli.api_client import ApiClient, ApiError

_LOOK_AGAIN: Final = 5.0
_MOST_LOOKS: Final = 12  # one minute


@dataclass(frozen=True, slots=True, kw_only=True)
class Logged:
    """Whether the log shows what was signed; None where nobody can tell at the moment.

    `seen_at` is when the log's witness saw it there, `why_not` why that is not known, or not so.
    """

    is_there: bool | None
    seen_at: datetime | None = None
    why_not: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What is known of something that was signed.

    `counts` is None where nobody can tell at the moment, `shown` the request as it was last shown, and `logged` None
    where the intent names no log.
    """

    counts: bool | None
    shown: Mapping[str, Any]
    logged: Logged | None

    @property
    def is_whole(self) -> bool:
        """Whether it counts, and the log, where there is one, has it."""
        return bool(self.counts) and (self.logged is None or bool(self.logged.is_there))


def fetch_receipt(
    api: ApiClient, request_id: str, proof: str, *, signed: Mapping[str, Any], log: LogTrust | None
) -> Receipt:
    """Look until it counts and the log has it; after a minute for each, what is known by then.

    `proof` is what the API calls it, `signed` what was sent there. What was once seen without it is not taken for
    "nobody can tell" by a later look that fails.
    """
    counts: bool | None = None
    shown: Mapping[str, Any] = {}
    for found in _looks(lambda: api.get("restores", request_id)):
        if isinstance(found, ApiError):
            continue
        shown = found
        if shown["counted"] is not None:
            counts = proof in shown["counted"]
        if counts:
            break
    looks = _looks(lambda: api.post("approvals", request_id, "receipt", body={"proof": proof}))
    logged = _look_into_log(looks, request_id, signed=signed, log=log) if log else None
    return Receipt(counts=counts, shown=shown, logged=logged)


def _look_into_log(
    looks: Iterator[Mapping[str, Any] | ApiError], request_id: str, *, signed: Mapping[str, Any], log: LogTrust
) -> Logged:
    """Whether the log has it, by what the log signs of the very bytes that were sent."""
    last = Logged(is_there=None)
    for found in looks:
        if isinstance(found, ApiError):
            last = last if last.is_there is False else Logged(is_there=None, why_not=str(found))
        elif found["logged"]:
            return _judge(found, request_id, signed=signed, log=log)
        else:
            last = Logged(is_there=False, why_not="the log does not show it")
    return last


def _judge(told: Mapping[str, Any], request_id: str, *, signed: Mapping[str, Any], log: LogTrust) -> Logged:
    """The text as it must lie there: what was sent, and the public key that whoever took it says has verified it."""
    from strongroom.adapters.identity.signatures import CryptographySignatures

    try:
        sent = {"id_token": {"token": signed["id_token"]["token"], "jwk": told["jwk"]}}
        text = proof_text(str(signed["statement"]), signed=signed_of(sent))
        key = proof_key(request_id, digest_of(text))
        shown = {key: str(told["logged"])}
        seen_at = demand_witnessed(key, text, shown, trust=log, signatures=CryptographySignatures())
    except (MalformedRecordError, NotWitnessedYetError) as error:
        return Logged(is_there=False, why_not=str(error))
    return Logged(is_there=True, seen_at=seen_at)


def _looks(look: Callable[[], Mapping[str, Any]]) -> Iterator[Mapping[str, Any] | ApiError]:
    """What each look finds; none after one that another look would not mend."""
    for number in range(_MOST_LOOKS):
        time.sleep(_LOOK_AGAIN if number else 0)
        try:
            yield look()
        except ApiError as error:
            yield error
            if not error.is_passing:
                return
