"""A bundle beside those of the vectors, and the ceremonies that such bundles are made of."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from types import SimpleNamespace
from typing import Any, Final, cast

from strongroom.domain.canonical import canonical_text, digest_of
from strongroom.domain.evidence.entries import EntryKind
from strongroom.domain.proofs.asked import AskedRestore
from strongroom.domain.written import moment_of, moment_text
from tests.builders.proving.ceremony import (
    START,
    Play,
    a_policy_content,
    a_request_content,
    a_restored_play,
    a_trust_content,
)

type Files = tuple[str, str | None]

OWN: Final = a_request_content()["policy"]


@dataclass(frozen=True, slots=True)
class Case:
    """A bundle with its trust file, made when it is needed, and the code that it must be given."""

    name: str
    made: Callable[[], Files]
    want: int

    def __str__(self) -> str:
        """The name, for pytest."""
        return self.name


def at(**span: float) -> str:
    """A moment, told from the start of the ceremony."""
    return moment_text(START + timedelta(**span))


class UnreadPlay(Play):
    """A ceremony whose request and rules nobody reads before it is signed: they may be unreadable."""

    @property
    def asked(self) -> AskedRestore:
        """What a statement tells of the request."""
        told = SimpleNamespace(
            id=self.request["id"],
            digest=digest_of(canonical_text(self.request)),
            policy=SimpleNamespace(digest=digest_of(self.request["policy"])),
            act_before=moment_of(self.request["act_before"], of="act_before"),
        )
        return cast("AskedRestore", told)


def under(**policy: Any) -> Play:
    """A ceremony under other rules."""
    return asking(a_policy_content(**policy))


def asking(policy: Mapping[str, Any] | None = None, **request: Any) -> Play:
    """A ceremony about another request."""
    return UnreadPlay(request=a_request_content(policy, **request))


def files(play: Play, **trust: Any) -> Files:
    """The bundle of a ceremony, and what is trusted."""
    usual = a_trust_content([digest_of(play.request["policy"])])
    return play.bundle(), canonical_text(usual | trust)


def restored(*people: str, play: Play | None = None, **trust: Any) -> Callable[[], Files]:
    """A whole ceremony, as files."""
    return lambda: files(a_restored_play(*people, play=play), **trust)


def ended(play: Play, outcome: str, **trust: Any) -> Files:
    """The ceremony closed as it stands."""
    play.close(outcome)
    return files(play, **trust)


def finished(play: Play) -> Files:
    """An intended ceremony, started and restored."""
    play.wait(seconds=20)
    play.happen(EntryKind.RESTORE_STARTED, job="J1")
    return files(with_its_job(play))


def with_its_job(play: Play, **job: Any) -> Play:
    """A started ceremony, whose job ends well and is described so but for these changes, and then closed."""
    described = {
        "AccountId": play.request["account"],
        "CreationDate": moment_text(play.clock),
        "IamRoleArn": play.request["role"],
        "Metadata": play.request["metadata"],
        "RecoveryPointArn": play.request["recovery_point"],
        "Status": "COMPLETED",
    }
    play.happen(EntryKind.RESTORED, job=described | job)
    play.close("restored")
    return play
