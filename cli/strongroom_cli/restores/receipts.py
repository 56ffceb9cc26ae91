"""What has become of a signature: whether it is among those that count, as somebody else sees it."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from strongroom_cli.api_client import ApiClient, ApiError

_LOOK_AGAIN: Final = 5.0
_MOST_LOOKS: Final = 12  # one minute


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What is known of something that was signed.

    `counts` is None where nobody can tell at the moment. `shown` is the request as it was last shown.
    """

    counts: bool | None
    shown: Mapping[str, Any]


def fetch_receipt(api: ApiClient, request_id: str, proof: str) -> Receipt:
    """Look until it is known that the proof, named by its SHA-256, counts; after a minute, what is known by then.

    What is once seen without it is not taken for "nobody can tell" by a later look that fails.
    """
    counts: bool | None = None
    shown: Mapping[str, Any] = {}
    for look in range(_MOST_LOOKS):
        time.sleep(_LOOK_AGAIN if look else 0)
        try:
            shown = api.get("restores", request_id)
        except ApiError as error:
            if error.is_passing:
                continue
            break
        if shown["counted"] is not None:
            counts = proof in shown["counted"]
        if counts:
            break
    return Receipt(counts=counts, shown=shown)
