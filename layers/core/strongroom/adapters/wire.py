"""How others than AWS are asked: one answer, whole, in time and from where it was asked for.

Nothing of an answer is put into an error, and nothing of what was asked.
"""

from __future__ import annotations

import json
import time
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Protocol

from strongroom.domain.errors import TemporarilyUnavailableError

if TYPE_CHECKING:
    from collections.abc import Mapping

    import urllib3

ACTIONS: tuple[str, ...] = ()

_OPERATION: Final = timedelta(seconds=5)
_MOST_BYTES: Final = 4 * 1024 * 1024
_CHUNK: Final = 64 * 1024


class HttpAnswer(NamedTuple):
    """The status, the type of the content, and the content."""

    status: int
    content_type: str
    content: bytes


class Http(Protocol):
    """The one call that somebody is asked with."""

    def request(self, method: str, url: str, *, headers: Mapping[str, str], body: bytes | None) -> HttpAnswer:
        """What the address answers; TemporarilyUnavailableError where it does not, too late, or too much."""


class Wire:
    """HTTP as it is: no redirect is followed, nothing is tried twice, and neither a drip nor a flood is waited for.

    Compressed content is not asked for, and none is unpacked.
    """

    def __init__(self, whom: str, *, within: timedelta) -> None:
        """`whom` is named in errors; after `within` nobody waits any more, whatever has come by then."""
        self._whom = whom
        self.within = within

    def request(self, method: str, url: str, *, headers: Mapping[str, str], body: bytes | None) -> HttpAnswer:
        """What the address answers; TemporarilyUnavailableError where it does not, too late, or too much."""
        from concurrent.futures import ThreadPoolExecutor

        # Timeouts of sockets begin anew with each byte, and looking up a name has none.
        asking = ThreadPoolExecutor(max_workers=1)
        try:
            asked = asking.submit(self._request, method, url, headers=headers, body=body)
            return asked.result(self.within.total_seconds())
        except TimeoutError:
            raise self._too_late() from None
        finally:
            asking.shutdown(wait=False)

    def _request(self, method: str, url: str, *, headers: Mapping[str, str], body: bytes | None) -> HttpAnswer:
        import urllib3

        ends = time.monotonic() + self.within.total_seconds()
        seconds = min(_OPERATION, self.within).total_seconds()
        timeout = urllib3.Timeout(connect=seconds, read=seconds)
        try:
            with (
                # Without retries no redirect is followed either.
                urllib3.PoolManager(retries=False, timeout=timeout) as pool,
                pool.request(method, url, headers=dict(headers), body=body, preload_content=False) as answer,
            ):
                content = self._whole(answer, ends=ends)
                return HttpAnswer(answer.status, answer.headers.get("Content-Type", ""), content)
        except urllib3.exceptions.HTTPError as error:
            raise TemporarilyUnavailableError(f"{self._whom} cannot be reached: {_how(error)}") from None
        except ValueError:
            # The error holds the header, and that the token.
            raise TemporarilyUnavailableError(f"{self._whom} cannot be asked: its token or address is none") from None

    def _whole(self, answer: Any, *, ends: float) -> bytes:
        content = b""
        while chunk := answer.read1(_CHUNK, decode_content=False):
            content += chunk
            if len(content) > _MOST_BYTES:
                raise TemporarilyUnavailableError(f"{self._whom} answered with more than {_MOST_BYTES} bytes")
            if time.monotonic() > ends:
                raise self._too_late()
        return content

    def _too_late(self) -> TemporarilyUnavailableError:
        return TemporarilyUnavailableError(f"{self._whom} took longer than {self.within.total_seconds():.0f} seconds")


def _how(error: urllib3.exceptions.HTTPError) -> str:
    import urllib3

    # A connection that is refused is told as one that timed out as well.
    if isinstance(error, urllib3.exceptions.TimeoutError) and not isinstance(
        error, urllib3.exceptions.NewConnectionError
    ):
        return "no answer in time"
    return "no whole answer" if isinstance(error, urllib3.exceptions.ProtocolError) else "no connection"


def read_object(answer: HttpAnswer) -> dict[str, Any] | None:
    """The JSON object that was answered; None where it is none that can be compared, kept and written again."""
    try:
        found = json.loads(answer.content.decode())
        # Half a character could be compared, and kept nowhere.
        json.dumps(found, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None
