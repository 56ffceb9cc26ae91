"""An address outside that is called while all is well; whoever knows it could call it, too, so no log has it."""

from __future__ import annotations

from typing import Final

from strongroom.domain.errors import TemporarilyUnavailableError

ACTIONS: tuple[str, ...] = ()

_SECONDS: Final = 5.0


class Watchdog:
    """One address, called by GET; its answer's content is not read."""

    def __init__(self, url: str) -> None:
        """`url` is kept out of every error and every log."""
        self._url = url

    def call(self) -> None:
        """Say that all is well; TemporarilyUnavailableError where nobody answers that he has heard it."""
        import urllib3

        timeout = urllib3.Timeout(total=_SECONDS)
        try:
            with (
                urllib3.PoolManager(retries=False, timeout=timeout) as pool,
                pool.request("GET", self._url, redirect=False, preload_content=False) as answer,
            ):
                status = answer.status
        except urllib3.exceptions.HTTPError:
            # Its words, and those of what caused it, have the address in them.
            raise TemporarilyUnavailableError("the address outside cannot be reached") from None
        if not 200 <= status < 300:
            raise TemporarilyUnavailableError(f"the address outside answered with status {status}")
