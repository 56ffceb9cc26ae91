"""The address outside is called, and stands in no error."""

from typing import Any, Self

import pytest
import urllib3

from strongroom.adapters.watchdogs.web import Watchdog
from strongroom.domain.errors import TemporarilyUnavailableError

URL = "https://watch.example/ping/s3cr3t"


class FakePool:
    """The web, which answers every request with one status, or not at all."""

    def __init__(self, answer: int | Exception) -> None:
        self.answer = answer
        self.asked: list[tuple[str, str]] = []

    def __call__(self, **_: Any) -> "FakePool":
        return self

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing is kept open."""

    @property
    def status(self) -> int | Exception:
        return self.answer

    def request(self, method: str, url: str, **_: Any) -> "FakePool":
        self.asked.append((method, url))
        if isinstance(self.answer, Exception):
            raise self.answer
        return self


def test_the_address_is_called(monkeypatch: pytest.MonkeyPatch) -> None:
    pool = FakePool(204)
    monkeypatch.setattr(urllib3, "PoolManager", pool)
    Watchdog(URL).call()
    assert pool.asked == [("GET", URL)]


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        pytest.param(302, "answered with status 302", id="it sends us elsewhere"),
        pytest.param(404, "answered with status 404", id="it does not know us"),
        pytest.param(urllib3.exceptions.LocationValueError(URL), "cannot be reached", id="it is not there"),
        pytest.param(urllib3.exceptions.ReadTimeoutError(None, URL, URL), "cannot be reached", id="it is silent"),  # type: ignore[arg-type]
    ],
)
def test_where_nobody_hears_it_the_address_is_not_told(
    answer: int | Exception, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(urllib3, "PoolManager", FakePool(answer))
    with pytest.raises(TemporarilyUnavailableError, match=words) as failed:
        Watchdog(URL).call()
    assert "s3cr3t" not in repr(failed.getrepr(chain=True))
