"""SQS queues before our functions: what fails is tried again, and after so many times buried."""

from dataclasses import dataclass, field

from strongroom.domain.errors import MalformedError
from tests.simulation.nights.clock import DAY, MINUTE
from tests.simulation.nights.functions import Functions, Work


@dataclass(slots=True)
class Queue:
    """One queue; `dead` has each message that was given up with the error, `lost` what was forgotten meanwhile."""

    name: str
    functions: Functions
    visibility: int = 3 * MINUTE
    receives: int = 5
    keeps: int = 14 * DAY
    dead: list[tuple[str, BaseException]] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)

    def send(self, message: str, work: Work) -> None:
        """Let the function have it, as soon as anything of ours runs."""
        self._receive(message, work, sent=self.functions.clock.ms, time=1)

    def _receive(self, message: str, work: Work, *, sent: int, time: int) -> None:
        functions, clock = self.functions, self.functions.clock
        if functions.is_away():
            back = functions.back_at()
            if back - sent > self.keeps:
                self.lost.append(message)
            else:
                clock.at(back, lambda: self._receive(message, work, sent=sent, time=time))
            return

        def done(error: BaseException | None) -> None:
            if error is None:
                return
            if time >= self.receives or isinstance(error, MalformedError):
                self.dead.append((message, error))
                return
            clock.after(self.visibility, lambda: self._receive(message, work, sent=sent, time=time + 1))

        functions.invoke(f"{self.name} {message}/{time}", work, done=done)
        if functions.chance.happens("sqs-twice", f"{self.name} {message}/{time}"):
            functions.invoke(f"{self.name} {message}/{time} beside", work)
