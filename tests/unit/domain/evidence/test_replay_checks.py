"""No check of the replay is there for nothing: each is taken away in turn, and some bundle of the table shows it."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from operator import itemgetter
from time import perf_counter

import pytest

from strongroom.domain.errors import MalformedRecordError, NotWitnessedYetError
from strongroom.domain.evidence.bundles import read_bundle
from strongroom.domain.evidence.replay import replay
from strongroom.domain.evidence.trust import LogTrust, read_trust
from strongroom.domain.evidence.witnessing import read_vouched_checkpoint
from tests.builders.doctor import a_checkpoint
from tests.builders.proving.ceremony import THE_LOG, THE_WITNESS, a_restored_play, a_started_play
from tests.builders.proving.signing import RememberedSignatures
from tests.unit.domain.evidence.forged.own_word import OWN_WORD
from tests.unit.domain.evidence.forged.table import ALL
from tests.unit.domain.evidence.mutants import MODULES, Mutant, mutants_of
from tests.unit.domain.evidence.test_witnessing import OURS, demand

type Questions = list[tuple[Callable[[], str], str]]

SIGNATURES = RememberedSignatures()
# Two things never stand at one index, and no name at all is as good as none.
THE_SAME = {
    "replay: _intent_break: the edge of case.witnessed.proofs[digest].index > seen.index",
    "replay: _start_break: the edge of case.witnessed.proofs[digest].index < seen.index",
    "case: _host: '', in parts.hostname or ''",
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


@pytest.fixture(scope="module")
def questions() -> Questions:
    """What is asked of every mutant, with the answer of the whole."""
    told = [(each.bundle, each.trust) for each in (case.told() for case in ALL.values())]
    texts: list[tuple[str, str | None, bool]] = [(bundle, trust, False) for bundle, trust in told]
    texts += [(make(), None, False) for make, _ in OWN_WORD.values()]
    texts += [(a_restored_play().bundle(), None, True)]
    asked = [partial(_said, bundle, trust, witness=witness) for bundle, trust, witness in texts]
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
