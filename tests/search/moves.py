"""Whatever can happen next: people sign, functions run and die, executions break off, clocks run, systems fail."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from copy import replace
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from strongroom.domain.canonical import read_canonical
from strongroom.domain.errors import StrongroomError, TemporarilyUnavailableError
from strongroom.domain.evidence.entries import EntryKind
from strongroom.domain.evidence.object_keys import request_key
from strongroom.domain.intent.model import Intent
from strongroom.domain.proofs.statements import Decision
from strongroom.domain.restores.requests import RestoreWish
from strongroom.domain.written import moment_of
from strongroom.services.restores.acting.check_copy_back import check_copy_back
from strongroom.services.restores.acting.check_restore import check_restore
from strongroom.services.restores.acting.close_restore import close_restore
from strongroom.services.restores.acting.start_copy_back import start_copy_back
from strongroom.services.restores.acting.starting.start_restore import start_restore
from strongroom.services.restores.acting.tag_restored import tag_restored
from strongroom.services.restores.approving.keep_doorbell import keep_doorbell
from strongroom.services.restores.approving.propose_statement import propose_statement
from strongroom.services.restores.approving.snapshot_ticket import snapshot_ticket
from strongroom.services.restores.asking.open_restore import open_restore
from strongroom.services.restores.deciding.judge_approval import judge_approval
from strongroom.services.restores.deciding.sweep_ceremonies import sweep_ceremonies
from tests.builders.restores import AUTHENTICATORS, CENTRAL_POINT
from tests.search.machine import OVERDUE, PASSING, WAITS_FOR_PEOPLE, after, after_error
from tests.search.moments import DiedError, Execution, Job, Moment
from tests.search.telling import is_listed, kinds_in, outcome_of, said_in
from tests.search.world import SearchWorld, world_of

# Longer than whoever closes waits, and than closings are apart.
A_WHILE: Final = timedelta(minutes=11)
ACTS: Final = ("StartCopyBack", "StartRestore")
VOTES: Final = (
    ("maria", Decision.APPROVE),
    ("sana", Decision.APPROVE),
    ("sana", Decision.DENY),
    ("omar", Decision.CANCEL),
)


@dataclass(frozen=True, slots=True)
class Move:
    """Something that happens; it is fair where it comes by itself, without people, failures or strangers."""

    label: str
    after: Moment
    is_fair: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Game:
    """What is searched: a request, how many must approve, the moments at which something can happen, and what may.

    `delay` is how long an act waits after the last approval that it needs.
    """

    intent: Intent
    wish: RestoreWish
    request: str
    needed: int
    delay: timedelta = timedelta()
    marks: tuple[datetime, ...]
    votes: tuple[tuple[str, Decision], ...] = VOTES

    def moves(self, moment: Moment) -> Iterator[Move]:
        """Whatever can happen next."""
        yield from self._opens(moment)
        if request_key(self.request) in dict(moment.texts):
            yield from self._votes(moment)
        for each in moment.executions:
            yield from self._executes(moment, each)
        yield from self._sweeps(moment)
        yield from self._outside(moment)

    # people

    def _opens(self, moment: Moment) -> Iterator[Move]:
        if not is_listed(moment):
            yield from self._tried(moment, "Omar signs the request", self._open, is_fair=False)

    def _open(self, world: SearchWorld) -> None:
        proposed = propose_statement(self.request, Decision.REQUEST, view=None, needs=world.proposing, now=world.now)
        signed = AUTHENTICATORS["omar"].sign(proposed.statement)
        open_restore(self.request, statement=proposed.statement, signed=signed, needs=world.opening, now=world.now)

    def _votes(self, moment: Moment) -> Iterator[Move]:
        done = {(person, decision) for person, decision, _ in said_in(moment, self.request)}
        for person, decision in self.votes:
            if (person, decision) not in done:

                def vote(world: SearchWorld, person: str = person, decision: Decision = decision) -> None:
                    world.sign(self.request, person, decision)

                yield from self._tried(moment, f"{person} signs {decision}", vote, is_fair=False)

    # what runs by itself

    def _sweeps(self, moment: Moment) -> Iterator[Move]:
        def sweep(world: SearchWorld) -> None:
            sweep_ceremonies(needs=world.sweeping, now=world.now)

        yield from self._tried(moment, "the sweep looks", sweep, is_fair=True)

    def _tried(
        self, moment: Moment, label: str, act: Callable[[SearchWorld], object], *, is_fair: bool
    ) -> Iterator[Move]:
        """It is done, or refused; or it dies before any of its effects, or after the last."""
        effects, became = self._run(moment, act)
        yield Move(label, became, is_fair)
        if moment.deaths:
            for number in range(effects):
                _, became = self._run(moment, act, dies_before=number)
                yield Move(f"{label}, and dies before effect {number}", replace(became, deaths=moment.deaths - 1))

    def _run(
        self, moment: Moment, act: Callable[[SearchWorld], object], *, dies_before: int | None = None
    ) -> tuple[int, Moment]:
        world = self.world(moment, dies_before=dies_before)
        with suppress(DiedError, StrongroomError):
            act(world)
        return world.fate.effects, world.become()

    def world(self, moment: Moment, *, dies_before: int | None = None) -> SearchWorld:
        """The world at that moment, which no job is started in but by its gates."""
        world = world_of(moment, self.intent, dies_before=dies_before)
        world.jobs.gate = lambda: self._gates(world, EntryKind.RESTORE_INTENDED)
        world.copy_jobs.gate = lambda: self._gates(world, EntryKind.COPY_BACK_INTENDED)
        return world

    # the machine

    def _executes(self, moment: Moment, each: Execution) -> Iterator[Move]:
        if each.runs and each.waits:
            waited = after_error(each.at, OVERDUE, each.variables, name=each.name)
            yield Move("nobody rings for five minutes", _with(moment, each.moved(waited, now=moment.now)), is_fair=True)
        elif each.runs:
            yield from self._steps(moment, each)
        if each.runs and moment.deaths:
            broken = _with(moment, each.broken_off(now=moment.now))
            yield Move(f"{each.name[-8:]} is stopped", replace(broken, deaths=moment.deaths - 1))
        if each.at == "Aborted" and moment.blows:
            again = replace(each, at=each.was_at, ended=None)
            yield Move(f"{each.name[-8:]} is redriven", replace(_with(moment, again), blows=moment.blows - 1))
        if each.runs and moment.blows:
            yield from self._by_hand(moment, each)

    def _steps(self, moment: Moment, each: Execution) -> Iterator[Move]:
        effects, moves = self._step(moment, each)
        yield from moves
        if moment.deaths:
            for number in range(effects + 1):
                yield from self._step(moment, each, dies_before=number)[1]
        if each.at in ACTS:
            for person, decision in self.votes:
                if decision is not Decision.APPROVE:
                    yield from self._step(moment, each, meanwhile=(person, decision))[1]

    def _step(
        self,
        moment: Moment,
        each: Execution,
        *,
        dies_before: int | None = None,
        meanwhile: tuple[str, Decision] | None = None,
    ) -> tuple[int, list[Move]]:
        """What a function does for the execution, and where that leads."""
        world = self.world(moment, dies_before=dies_before)
        label = each.at
        if meanwhile:
            label = f"{label}, while {meanwhile[0]} signs {meanwhile[1]}"
            world.while_the_log_signs(lambda: self._slips_in(world, *meanwhile))
        try:
            answer = _act(world, self.request, each)
        except DiedError:
            became = replace(world.become(), deaths=moment.deaths - 1)
            return 0, [Move(f"{label}, and dies before effect {dies_before}", became)]
        except StrongroomError as error:
            return world.fate.effects, list(_raised(world, each, error, label=label, is_fair=meanwhile is None))
        if dies_before is not None:
            return 0, [Move(f"{label}, whose answer is lost", replace(world.become(), deaths=moment.deaths - 1))]
        if each.at == WAITS_FOR_PEOPLE:
            moved = replace(each, waits=True)
        else:
            moved = each.moved(after(each.at, answer, each.variables, name=each.name), now=world.now)
        return world.fate.effects, [Move(label, _with(world.become(), moved), is_fair=meanwhile is None)]

    def _slips_in(self, world: SearchWorld, person: str, decision: Decision) -> None:
        proposed = propose_statement(self.request, decision, view=None, needs=world.proposing, now=world.now)
        signed = AUTHENTICATORS[person].sign(proposed.statement)
        world.keeper_of_plain.add_proof(self.request, statement=proposed.statement, signed=signed)

    def _by_hand(self, moment: Moment, each: Execution) -> Iterator[Move]:
        """Somebody takes a step with the execution's own name, out of its turn."""
        acts = ACTS if self._copies_back else ACTS[-1:]
        steps = ("SnapshotTicket", *acts, "CloseRestore")
        for at, error in (*((step, "") for step in steps), ("CloseRestore", "Mine")):
            variables = (("error", error), *(pair for pair in each.variables if pair[0] != "error"))
            hand = replace(each, at=at, variables=variables)
            _, became = self._run(moment, lambda world, hand=hand: _act(world, self.request, hand))  # type: ignore[misc]
            yield Move(f"{at} by hand {error}".strip(), replace(became, blows=moment.blows - 1))

    # what is around

    def _outside(self, moment: Moment) -> Iterator[Move]:
        later = next((mark for mark in self.marks if mark > moment.now), None)
        if later:
            became = replace(moment, now=later)
            if later == self.marks[-1]:
                # In the end there is no more trouble: what is left over from it must still come to its end.
                became = replace(became, deaths=0, blows=0, changes=0)
            yield Move(f"it becomes {later:%H:%M:%S}", became, is_fair=True)
        else:
            yield from self._time_goes_on(moment)
        for copies, label in _ended(moment.copies):
            yield Move(label, replace(moment, copies=copies), is_fair=True)
        for jobs, label in _ended(moment.jobs):
            yield Move(label, replace(moment, jobs=jobs), is_fair=True)
        if moment.log_is_down:
            yield Move("the log is back", replace(moment, log_is_down=False), is_fair=True)
        if moment.ticket == "down":
            yield Move("the ticket system is back", replace(moment, ticket="good"), is_fair=True)
        if moment.changes and moment.ticket == "good":
            fewer = moment.changes - 1
            yield Move("the ticket is rewritten", replace(moment, ticket="rewritten", changes=fewer))
            yield Move("the ticket system is down", replace(moment, ticket="down", changes=fewer))
        if moment.changes and not moment.log_is_down:
            yield Move("the log is down", replace(moment, log_is_down=True, changes=moment.changes - 1))

    def _time_goes_on(self, moment: Moment) -> Iterator[Move]:
        """Whoever closes in place of an execution waits until that has been over for a while."""
        own = next((each for each in moment.executions if each.name == self.request), None)
        if own and own.ended and moment.now < (over := own.ended + A_WHILE):
            yield Move(f"it becomes {over:%H:%M:%S}", replace(moment, now=over), is_fair=True)

    # what must hold

    @property
    def _copies_back(self) -> bool:
        return self.wish.recovery_point == CENTRAL_POINT

    def _gates(self, world: SearchWorld, intent: EntryKind) -> None:
        """A job is about to begin: whatever it rests on is there, as told by nothing that decides."""
        moment = world.become()
        request = read_canonical(dict(moment.texts)[request_key(self.request)])["request"]
        limits = {name: moment_of(read_canonical(request)[name], of=name) for name in ("approve_before", "act_before")}
        said = said_in(moment, self.request)
        # Of whom the votes are, each may say that.
        stopped = [each for each in said if each[1] in {"deny", "cancel"}]
        approved: dict[str, datetime] = {}
        for person, decision, at in said:
            if decision == "approve" and at <= limits["approve_before"]:
                approved[person] = min(at, approved.get(person, at))
        kinds = kinds_in(moment, self.request)
        assert not stopped, "somebody had said no"
        assert len(approved) >= self.needed, "not enough people had approved"
        assert world.now >= sorted(approved.values())[self.needed - 1] + self.delay, "it was too soon"
        assert world.now < limits["act_before"], "it was too late"
        if self.wish.incident:
            assert "break-glass-opened" in moment.told, "nobody was told of what cannot wait"
        else:
            assert moment.ticket == "good", "the ticket does not entitle"
            assert EntryKind.TICKET_ENTITLES in kinds, "no ticket was read"
        assert kinds[-1] == intent, "nobody wrote down what was intended"
        if self._copies_back and intent == EntryKind.RESTORE_INTENDED:
            assert EntryKind.COPIED_BACK in kinds, "nobody wrote down that it was copied back"
            assert "COMPLETED" in {copy.status for copy in moment.copies}, "it was not copied back"
        assert not moment.log_is_down, "the log has not signed"
        assert any(each.runs and each.name == self.request for each in moment.executions), "a stranger began it"

    def check(self, moment: Moment) -> None:
        """What holds at every moment."""
        assert len(moment.jobs) <= 1, "two restores were started"
        outcome = outcome_of(moment)
        kinds = kinds_in(moment, self.request)
        if outcome == "restored":
            assert [job.status for job in moment.jobs] == ["COMPLETED"], "it is called restored and is not"
        assert kinds.count("closed") <= 1, "it was closed twice"
        assert kinds.count("restore-started") <= 1, "it was started twice"
        assert kinds.count("copy-back-started") <= 1, "it was copied back twice"

    def shape(self, moment: Moment) -> object:
        """What a stranger could make something of: how far it has come, and not when, or by whom."""
        kinds = tuple(kinds_in(moment, self.request))
        places = tuple((each.at, each.waits) for each in moment.executions)
        said = tuple(sorted((person, decision) for person, decision, _ in said_in(moment, self.request)))
        return kinds, places, said, moment.ticket, moment.log_is_down, outcome_of(moment), is_listed(moment)

    def strangers_gain_nothing(self, moment: Moment) -> None:
        """An execution of somebody else takes every step, and nothing of the ceremony changes."""
        for at in ("SnapshotTicket", *ACTS, "CheckCopyBack", "CheckRestore", "TagRestored", "CloseRestore"):
            theirs = Execution("by-hand", at)
            before = _with(moment, theirs)
            world = self.world(before)
            with suppress(StrongroomError):
                _act(world, self.request, theirs)
            assert replace(world.become(), told=moment.told) == before, f"{at} by a stranger changed something"


type Step = Callable[[SearchWorld, str, str, str], object]

# The function of each state, of the request, its execution and the error that led there.
STEPS: Final[Mapping[str, Step]] = {
    "SnapshotTicket": lambda world, request, own, _: snapshot_ticket(
        request, execution=own, needs=world.snapshot, now=world.now
    ),
    "TellApprovers": lambda *_: None,  # nothing waits for it, and nothing rests on it
    "JudgeApproval": lambda world, request, *_: judge_approval(request, needs=world.judging, now=world.now),
    "KeepDoorbell": lambda world, request, own, _: keep_doorbell(
        request, token=own.rpartition(":")[2], needs=world.doorbell
    ),
    "StartCopyBack": lambda world, request, own, _: start_copy_back(
        request, execution=own, needs=world.copying, now=world.now
    ),
    "CheckCopyBack": lambda world, request, own, _: check_copy_back(
        request, execution=own, needs=world.checking_copy, now=world.now
    ),
    "StartRestore": lambda world, request, own, _: start_restore(
        request, execution=own, needs=world.restoring, now=world.now
    ),
    "CheckRestore": lambda world, request, own, _: check_restore(
        request, execution=own, needs=world.checking_restore, now=world.now
    ),
    "TagRestored": lambda world, request, own, _: tag_restored(
        request, execution=own, needs=world.tagging, now=world.now
    ),
    "CloseRestore": lambda world, request, own, error: close_restore(
        request, execution=own, reason=error or "x", error=error, needs=world.closing, now=world.now
    ),
}


def _act(world: SearchWorld, request: str, each: Execution) -> Mapping[str, str]:
    """Call the function of that state, and what the machine reads of its answer."""
    found = STEPS[each.at](world, request, world.execution(each.name), dict(each.variables).get("error", ""))
    return {name: str(getattr(found, name)) for name in ("state", "plan", "outcome") if hasattr(found, name)}


def _raised(
    world: SearchWorld, each: Execution, error: StrongroomError, *, label: str, is_fair: bool
) -> Iterator[Move]:
    """Where an error leads: what another try may mend is tried again, until nobody tries any more."""
    is_passing = isinstance(error, TemporarilyUnavailableError)
    name = PASSING if is_passing else type(error).__name__
    if is_passing:
        yield Move(f"{label} fails for now", world.become(), is_fair)
    caught = after_error(each.at, name, each.variables, name=each.name)
    moved = each.moved(caught, now=world.now)
    yield Move(f"{label} raises {type(error).__name__}", _with(world.become(), moved), is_fair)


def _ended(jobs: tuple[Job, ...]) -> Iterator[tuple[tuple[Job, ...], str]]:
    """The jobs after one that runs has ended, well or not."""
    for place, job in enumerate(jobs):
        if job.status == "RUNNING":
            for status in ("COMPLETED", "FAILED"):
                yield (*jobs[:place], replace(job, status=status), *jobs[place + 1 :]), f"{job.id} is {status}"


def _with(moment: Moment, each: Execution) -> Moment:
    others = tuple(other for other in moment.executions if other.name != each.name)
    return replace(moment, executions=tuple(sorted((*others, each), key=lambda one: one.name)))
