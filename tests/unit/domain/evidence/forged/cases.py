"""A bundle of the table, and what is to be said of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import Any, Final

from strongroom.domain.canonical import canonical_text, digest_of, read_canonical
from strongroom.domain.evidence.entries import EntryKind
from strongroom.domain.written import moment_text
from tests.builders.proving.ceremony import (
    POINT,
    Play,
    a_job,
    a_policy_content,
    a_request_content,
    a_restored_play,
    a_trust_content,
)
from tests.builders.proving.signing import Authenticator, Provider

PROVEN, BROKEN, UNREADABLE, WHOLE = 0, 1, 2, 3


MINUTE: Final = timedelta(minutes=1)


SECOND: Final = timedelta(seconds=1)


PIET: Final = "idp|piet"


OTHER_KEY: Final = Authenticator(name="another of Maria's")


OTHER_PROVIDER: Final = Provider(name="next", algorithm="ES256")


POINT_BACK: Final = POINT.replace("job-1", "copyjob-9")


@dataclass(frozen=True, slots=True)
class Told:
    """A bundle and a trust file as texts, and the exit code; `link` is in what is said of a broken one."""

    bundle: str
    trust: str
    code: int
    link: str = ""


@dataclass(frozen=True, slots=True)
class Case:
    """One of the table: how it is made, and what must be said."""

    make: Callable[[], tuple[str, str]]
    code: int
    link: str = ""

    def told(self) -> Told:
        """The texts, made once."""
        return _told(self)


@cache
def _told(case: Case) -> Told:
    bundle, trust = case.make()
    return Told(bundle, trust, case.code, case.link)


class Unread:
    """A whole ceremony under rules that cannot be read, so that its parts are put together by hand."""

    def __init__(self, policy: Mapping[str, Any]) -> None:
        self._play = a_restored_play()
        self._policy = canonical_text(policy)

    def bundle(self) -> str:
        content = read_canonical(self._play.bundle())
        request = read_canonical(content["request"]["request"]) | {"policy": self._policy}
        content["request"]["request"] = canonical_text(request)
        return canonical_text(content)

    def trust(self, **changes: Any) -> str:
        return canonical_text(a_trust_content([digest_of(self._policy)], **changes))


def texts_of(play: "Play | Unread", **trust: Any) -> tuple[str, str]:
    return play.bundle(), play.trust(**trust)


def edited(play: Play, edit: Callable[[dict[str, Any]], object], **trust: Any) -> tuple[str, str]:
    content = read_canonical(play.bundle())
    edit(content)
    return canonical_text(content), play.trust(**trust)


def under(policy: Mapping[str, Any], **request: Any) -> Play:
    return Play(request=a_request_content(policy, **request))


def ruled_by(**changes: Any) -> Play:
    return under(a_policy_content(**changes))


def finished(play: Play, *, first: Any = None, **intent: Any) -> Play:
    """Intended, begun, restored and closed."""
    play.intend(**intent)
    play.wait(seconds=20)
    play.happen(EntryKind.RESTORE_STARTED, job="J1")
    made = {"CreationDate": moment_text(first)} if first else {}
    play.wait(minutes=30)
    play.happen(EntryKind.RESTORED, job=a_job(RecoveryPointArn=play.chain[-2].facts["recovery_point"], **made))
    play.close("restored")
    return play


def setting(*path: str | int, to: Any) -> Callable[[dict[str, Any]], None]:
    def edit(content: Any) -> None:
        for name in path[:-1]:
            content = content[name]
        content[path[-1]] = to

    return edit


def leaving_out(*path: str | int) -> Callable[[dict[str, Any]], None]:
    def edit(content: Any) -> None:
        for name in path[:-1]:
            content = content[name]
        del content[path[-1]]

    return edit
