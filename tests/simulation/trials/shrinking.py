"""Make a failing history shorter: leave out faults by name, as long as it fails in the same way."""

from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic
from typing import Final

from strongroom.domain.alerts.complaints import AlertKind, fingerprint
from strongroom.domain.intent.model import Intent
from tests.simulation.judging.oracle import violations
from tests.simulation.nights.history import History, Script, play

_SECONDS: Final = 60
_MOST_LINES: Final = 60

type Spoil = Callable[[History], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shrunk:
    """The faults that suffice, what does not hold because of them, and how many runs it took to know."""

    seed: int
    faults: tuple[str, ...]
    wrong: tuple[str, ...]
    runs: int


class _Trier:
    """Plays one history with fewer and fewer faults."""

    def __init__(self, intent: Intent, seed: int, *, spoil: Spoil | None) -> None:
        self._intent, self._seed, self._spoil = intent, seed, spoil
        first = self._play(frozenset())
        self.every = tuple(first.chance.fired)
        self.kind = _kind(violations(first))
        self.runs = 1
        self.faults, self.wrong = self.every, tuple(violations(first))

    def fails_with(self, kept: tuple[str, ...]) -> bool:
        """Whether it fails in the same way with only these faults; they are the shortest known then."""
        self.runs += 1
        history = self._play(frozenset(self.every) - frozenset(kept))
        wrong = violations(history)
        if self.kind not in {_kind([line]) for line in wrong}:
            return False
        # What fired is what counts: without one fault others may have no occasion.
        self.faults = tuple(fault for fault in kept if fault in history.chance.fired)
        self.wrong = tuple(wrong)
        return True

    def _play(self, without: frozenset[str]) -> History:
        return play(self._intent, self._seed, Script(without=without), spoil=self._spoil)


def shrink(intent: Intent, seed: int, *, spoil: Spoil | None = None, seconds: float = _SECONDS) -> Shrunk:
    """The shortest history that delta debugging finds in so many seconds; ValueError where all is well."""
    trier = _Trier(intent, seed, spoil=spoil)
    if not trier.wrong:
        raise ValueError(f"nothing is wrong with history {seed}")
    begun, parts = monotonic(), 2
    for kind in sorted({fault.partition("|")[0] for fault in trier.faults}):
        trier.fails_with(tuple(fault for fault in trier.faults if not fault.startswith(f"{kind}|")))
    while len(trier.faults) > 1 and monotonic() - begun < seconds:
        faults = trier.faults
        if _reduced(trier, faults, parts, is_late=lambda: monotonic() - begun >= seconds):
            parts = max(2, min(parts - 1, len(trier.faults)))
        elif parts >= len(faults):
            break
        else:
            parts = min(len(faults), 2 * parts)
    return Shrunk(seed=seed, faults=trier.faults, wrong=trier.wrong, runs=trier.runs)


def _reduced(trier: _Trier, faults: tuple[str, ...], parts: int, *, is_late: Callable[[], bool]) -> bool:
    size = -(-len(faults) // parts)
    chunks = [faults[begin : begin + size] for begin in range(0, len(faults), size)]
    for chunk in chunks:
        if is_late():
            return False
        rest = tuple(fault for fault in faults if fault not in chunk)
        if (parts == len(chunks) == 2 and trier.fails_with(chunk)) or trier.fails_with(rest):
            return True
    return False


def told(shrunk: Shrunk, intent: Intent, *, spoil: Spoil | None = None) -> list[str]:
    """The history for a person: its faults, what does not hold, and what our functions did about that subject."""
    every = play(intent, shrunk.seed, spoil=spoil).chance.fired
    script = Script(without=frozenset(every) - frozenset(shrunk.faults), is_logged=True)
    history = play(intent, shrunk.seed, script, spoil=spoil)
    lines = [f"seed {shrunk.seed}, {len(shrunk.faults)} faults, found in {shrunk.runs} runs:"]
    lines += [f"  {fault}" for fault in shrunk.faults]
    lines += [f"does not hold: {line[:200]}" for line in shrunk.wrong[:3]]
    words = _words(history, shrunk.wrong[0].partition(" ")[2])
    about = [line for line in history.functions.log or () if any(word in line for word in words)]
    most = _MOST_LINES - len(lines) - 1
    if len(about) > most:
        about = [*about[: most // 2], "0 (and so on)", *about[-(most // 2) :]]
    return [*lines, *map(_readable, about)]


def _words(history: History, wrong: str) -> list[str]:
    """What the lines about something that is wrong have in them: its backup, and the fingerprints of its alerts."""
    subject = wrong.partition(": ")[0]
    owed = history.aws.owed.get(subject)
    promise = None if owed is None else history.promise(owed)
    if owed is None or promise is None:
        alike = (mail.alert for mail in history.people.mails if mail.alert.subject == subject)
        return [subject, *sorted({alert.fingerprint for alert in alike})]
    night = owed.backup.removeprefix("backup-")
    return [night, night.replace("/", "-"), fingerprint(AlertKind.COPY_MISSING, promise.subject)]


def _readable(line: str) -> str:
    ms, _, rest = line.partition(" ")
    seconds, day = int(ms) // 1_000, int(ms) // 86_400_000
    return f"  {day}d {seconds // 3600 % 24:02}:{seconds // 60 % 60:02}:{seconds % 60:02} {rest[:150]}"


def _kind(wrong: list[str]) -> str:
    """Which property it is."""
    return wrong[0].partition(" ")[0] if wrong else ""
