"""What the replay of a bundle comes to, apart by how far each thing can be believed."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct


class FindingState(StrEnum):
    """Proven; or whole, but by the word of keys that nobody vouches for; or broken."""

    PROVEN = "proven"
    UNVOUCHED = "unvouched"
    BROKEN = "broken"


class Finding(Struct, frozen=True, kw_only=True):
    """What a bundle shows, in sentences.

    `proven` was signed by a person or an identity provider, `timed` was seen by the witness, `stated` is the control
    plane's word, which nobody can check later. `set_aside` are proofs that count for nothing, each with why.
    `broken` is the first broken link; where there is one, nothing is shown. `faults` are what the job of a restore that
    stands did not do, which is stated.
    """

    state: FindingState
    broken: str = ""
    request: str = ""
    outcome: str = ""
    faults: tuple[str, ...] = ()
    proven: tuple[str, ...] = ()
    timed: tuple[str, ...] = ()
    stated: tuple[str, ...] = ()
    set_aside: tuple[str, ...] = ()
