"""The machine `copy_remediation`, as its definition has it: a start, and a diagnosis where that is what is left."""

from dataclasses import dataclass, field
from functools import partial
from typing import Final

from strongroom.domain.copies.promises import Promise
from strongroom.domain.copies.remediation.circumstances import SourceKey
from strongroom.domain.copies.remediation.starting import Remedy
from strongroom.domain.errors import TemporarilyUnavailableError
from strongroom.domain.identifiers import AccountId, Arn, Region
from strongroom.domain.intent.model import Intent
from strongroom.domain.statements import Statements
from strongroom.services.copies.remediation.diagnose_copy import CopyDiagnosisNeeds, LastTry, diagnose_copy
from strongroom.services.copies.remediation.start_copy import CopyStartNeeds, start_copy
from tests.simulation.nights.clock import SECOND
from tests.simulation.nights.functions import DiedError, Ended, Functions, Work
from tests.simulation.nights.seen import Answers

_RETRIES: Final = 6
_INTERVAL: Final = 2 * SECOND
_LONGEST: Final = 60 * SECOND
_BEGINS: Final = 200
_OF_THE_MOMENT: Final = (TemporarilyUnavailableError, DiedError)


@dataclass(slots=True)
class SimulatedRemediation:
    """What was begun runs by itself, and is tried again as long as that may help; nobody hears how it ended."""

    functions: Functions
    starting: CopyStartNeeds
    diagnosing: CopyDiagnosisNeeds
    _begun: set[str] = field(default_factory=set)

    def begin(self, promise: Promise, *, attempt: int) -> None:
        name = f"{promise.subject}+{attempt}"

        def begun() -> None:
            if name not in self._begun:
                self._begun.add(name)
                self.functions.clock.after(_BEGINS, partial(self._start, promise, name))

        self.functions.effect("StartExecution", name, begun)

    def _start(self, promise: Promise, name: str) -> None:
        remedies: list[Remedy] = []

        def start(_now: object) -> None:
            remedies.append(start_copy(promise.key, needs=self.starting).remedy)

        def ended(error: BaseException | None) -> None:
            if error is not None:
                words = "" if isinstance(error, DiedError) else str(error)
                self._diagnose(promise, name, LastTry(error=type(error).__name__, words=words))
            elif remedies[-1] is Remedy.DIAGNOSE:
                self._diagnose(promise, name, LastTry())

        self._task(f"start_copy {name}", start, done=ended)

    def _diagnose(self, promise: Promise, name: str, last_try: LastTry) -> None:
        self._task(
            f"diagnose_copy {name}",
            lambda now: diagnose_copy(promise.key, last_try=last_try, needs=self.diagnosing, now=now),
            done=lambda _error: None,
        )

    def _task(self, name: str, work: Work, *, done: Ended, time: int = 0) -> None:
        functions = self.functions

        def ended(error: BaseException | None) -> None:
            if not isinstance(error, _OF_THE_MOMENT) or time == _RETRIES:
                done(error)
                return
            wait = functions.chance.between(f"retries {name}/{time}", 0, min(_INTERVAL << time, _LONGEST))
            functions.clock.after(wait, lambda: self._task(name, work, done=done, time=time + 1))

        if functions.is_away():
            ended(TemporarilyUnavailableError("nothing of ours runs"))
        else:
            functions.invoke(f"{name}/{time}", work, done=ended)


@dataclass(frozen=True, slots=True)
class SeenSurroundings:
    """Keys, policies and switches, all as a copy needs them: what is wrong with those is another story."""

    answers: Answers
    intent: Intent

    def find(self, key: str, *, account: AccountId, region: Region) -> SourceKey | None:
        found = SourceKey(arn=key, manager="CUSTOMER", state="Enabled", statements=None)
        return self.answers.ask("DescribeKey", account, lambda: found)

    def statements(self, vault: str) -> Statements:
        condition = {"StringEquals": {"aws:PrincipalOrgID": self.intent.organization.id}}
        allowed = {"Effect": "Allow", "Principal": "*", "Action": "backup:CopyIntoBackupVault", "Condition": condition}
        return self.answers.ask("GetBackupVaultAccessPolicy", Arn.parse(vault).account or vault, lambda: (allowed,))

    def opt_ins(self, account: AccountId, region: Region) -> dict[str, bool]:
        return self.answers.ask("DescribeRegionSettings", account, dict)

    def is_cross_account(self) -> bool | None:
        return self.answers.ask("DescribeGlobalSettings", self.intent.organization.backup_account, lambda: True)
