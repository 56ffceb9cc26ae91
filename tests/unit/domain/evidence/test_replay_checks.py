"""No check of the replay is there for nothing: each is taken away in turn, and some bundle of the table shows it."""

from collections.abc import Callable, Iterator
from copy import replace
from functools import partial
from operator import itemgetter
from time import perf_counter

import pytest

from strongroom.domain.canonical import digest_of
from strongroom.domain.errors import MalformedRecordError, NotWitnessedYetError
from strongroom.domain.evidence.bundles import read_bundle
from strongroom.domain.evidence.entries import EntryKind
from strongroom.domain.evidence.history import COPY_BACK, RESTORE, Act
from strongroom.domain.evidence.replay import replay, replay_act
from strongroom.domain.evidence.trust import LogTrust, read_trust
from strongroom.domain.evidence.witnessing import read_vouched_checkpoint
from strongroom.domain.proofs.statements import Decision
from tests.builders.doctor import a_checkpoint
from tests.builders.places import REPLICA_REGION, a_vault_arn
from tests.builders.proving.ceremony import (
    MARIA,
    POINT,
    SANA,
    THE_LOG,
    THE_WITNESS,
    Play,
    a_copying_play,
    a_request_content,
    a_restored_play,
    a_started_play,
    an_approved_play,
)
from tests.builders.proving.signing import RememberedSignatures
from tests.fakes.remembering.reading_once import read_bundles_once
from tests.unit.domain.evidence.forged.cases import POINT_BACK
from tests.unit.domain.evidence.forged.own_word import OWN_WORD
from tests.unit.domain.evidence.forged.table import ALL
from tests.unit.domain.evidence.mutants import MODULES, Mutant, mutants_of
from tests.unit.domain.evidence.test_witnessing import OURS, demand

type Questions = list[tuple[Callable[[], str], str]]

SIGNATURES = RememberedSignatures()
THROUGH = a_vault_arn("between", region=REPLICA_REGION)
# Two things never stand at one index, no name at all is as good as none, and nobody asks for the end of what has none.
THE_SAME = {
    "history: History.closed: if self.end is None",
    "witnessing: Witnessed.closed: if self.end is None",
    "replay: _intent_break: the edge of case.witnessed.proofs[digest].index > seen.index",
    "replay: _start_break: the edge of case.witnessed.proofs[digest].index < seen.index",
    "case: _host: '', in parts.hostname or ''",
    "acts: why_not_let_in: the edge of each.number > asks[0].number",
}


def _said(bundle: str, trust: str | None, *, witness: bool = False) -> str:
    """The state, and what is broken."""
    try:
        finding = replay(
            read_bundle(bundle),
            trust=None if trust is None else read_trust(trust),
            signatures=SIGNATURES,
            witness=THE_WITNESS.key if witness else None,
        )
    except MalformedRecordError:
        return "unreadable"
    return f"{finding.state} {finding.broken}"


def _approved(bundle: str, trust: str, act: Act) -> str:
    """The job of an act that was approved, or why it was not."""
    try:
        found = replay_act(read_bundle(bundle), act=act, trust=read_trust(trust), signatures=SIGNATURES)
    except MalformedRecordError as error:
        return str(error)
    return f"{found.job} {found.seen_at} {found.intent.number}"


def _ways() -> Iterator[tuple[str, str, Act]]:
    """What can be asked of a ceremony that goes on."""
    begun, copying, approved = a_started_play(), a_copying_play(), an_approved_play()
    intended = an_approved_play()
    intended.intend()
    denied = an_approved_play()
    denied.say(SANA, Decision.DENY)
    denied.intend(relied_on=[digest_of(denied.proofs[0]), digest_of(denied.proofs[1])])
    denied.happen(EntryKind.RESTORE_STARTED, job="J1")
    for play in (begun, intended, approved, denied, a_restored_play(), a_started_play(MARIA)):
        yield play.way(), play.trust(), RESTORE
    yield begun.way(), begun.trust(log_keys=[THE_WITNESS.key.text]), RESTORE
    yield copying.way(EntryKind.COPY_BACK_INTENDED), copying.trust(), COPY_BACK
    yield copying.way(EntryKind.COPY_BACK_INTENDED), copying.trust(), RESTORE
    again = a_copying_play()
    again.intend(recovery_point=POINT_BACK)
    yield again.way(EntryKind.COPY_BACK_INTENDED), again.trust(), COPY_BACK
    for play in _copying_elsewhere():
        yield play.way(EntryKind.COPY_BACK_INTENDED), play.trust(), COPY_BACK
    at_once = a_started_play(play=_in_two_copies())
    yield at_once.way(), at_once.trust(), RESTORE


def _in_two_copies() -> Play:
    return Play(request=a_request_content(plan="copy-back", through_vault=THROUGH))


def _copying_elsewhere() -> Iterator[Play]:
    """Copies back of another point than was asked for, and by two copies of what was copied through, or was not."""
    yield a_copying_play(recovery_point=POINT_BACK)
    for point, copied in ((POINT, POINT_BACK), (POINT_BACK, POINT_BACK), (POINT_BACK, f"{POINT_BACK}0")):
        play = an_approved_play(play=_in_two_copies())
        play.happen(EntryKind.COPIED_THROUGH, recovery_point=copied)
        play.happen(EntryKind.COPY_BACK_INTENDED, relied_on=sorted(map(digest_of, play.proofs)), recovery_point=point)
        play.wait(seconds=20)
        play.happen(EntryKind.COPY_BACK_STARTED, job="C1")
        yield play


def _demanded(trust: LogTrust) -> str:
    """What whoever acts is told of the intent."""
    try:
        demand(a_started_play(), trust=trust)
    except NotWitnessedYetError as error:
        return str(error)
    return "witnessed"


def _vouched(checkpoint: str) -> str:
    """What whoever looks at the log's newest checkpoint is told."""
    try:
        return str(read_vouched_checkpoint(checkpoint, trust=OURS, signatures=SIGNATURES))
    except MalformedRecordError as error:
        return str(error)


@pytest.fixture(scope="module", autouse=True)
def _texts_are_read_once() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        read_bundles_once(patch)
        yield


@pytest.fixture(scope="module")
def questions() -> Questions:
    """What is asked of every mutant, with the answer of the whole."""
    told = [(each.bundle, each.trust) for each in (case.told() for case in ALL.values())]
    texts: list[tuple[str, str | None, bool]] = [(bundle, trust, False) for bundle, trust in told]
    texts += [(make(), None, False) for make, _ in OWN_WORD.values()]
    texts += [(a_restored_play().bundle(), None, True)]
    called = a_restored_play(play=Play(request=a_request_content(None, call="fsx:CreateFileSystemFromBackup")))
    texts += [(called.bundle(), None, False)]
    asked = [partial(_said, bundle, trust, witness=witness) for bundle, trust, witness in texts]
    asked += [partial(_approved, *way) for way in _ways()]
    asked += [
        partial(_demanded, trust) for trust in (OURS, replace(OURS, origin=""), replace(OURS, keys=OURS.keys[:1]))
    ]
    checkpoints = (
        a_checkpoint(),
        a_checkpoint(origin="another.example/log"),
        a_checkpoint(THE_LOG),
        a_checkpoint(THE_WITNESS),
    )
    asked += [partial(_vouched, checkpoint) for checkpoint in checkpoints]
    answers = []
    for ask in asked:
        began = perf_counter()
        answers.append((ask, ask(), perf_counter() - began))
    # The quick ones first.
    return [(ask, answer) for ask, answer, _ in sorted(answers, key=itemgetter(2))]


def _is_noticed(mutant: Mutant, questions: Questions) -> bool:
    with mutant.at_work():
        for place, (ask, answer) in enumerate(questions):
            try:
                is_same = ask() == answer
            except (TypeError, KeyError, AttributeError, ValueError, OverflowError, RecursionError, IndexError):
                is_same = False
            if not is_same:
                # What noticed one is likely to notice the next.
                questions.insert(0, questions.pop(place))
                return True
    return False


@pytest.mark.parametrize("module", MODULES)
def test_every_check_is_needed(module: str, questions: Questions) -> None:
    unnoticed = {mutant.name for mutant in mutants_of(module) if not _is_noticed(mutant, questions)}
    assert unnoticed == {name for name in THE_SAME if name.startswith(f"{module}:")}
