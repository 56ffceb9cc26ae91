"""What the machine does on what was restored is what approvers have read, and nothing else."""

import pytest

from strongroom.domain.restores.kinds.finishing import SENTENCES, MachineStep, StepTaken, due_steps, told_step
from strongroom.domain.restores.kinds.table import KINDS

PROTECTED, CONTINUOUS, WRITER, READERS, ALARMS = MachineStep


def test_each_step_has_a_sentence_of_its_own() -> None:
    assert set(SENTENCES) == set(MachineStep)
    assert len({*SENTENCES.values()}) == len(MachineStep)


def test_a_step_is_due_where_its_sentence_was_approved_in_the_order_of_the_steps() -> None:
    said = (SENTENCES[WRITER], "Make its readers.", SENTENCES[PROTECTED])
    assert due_steps(said) == (PROTECTED, WRITER)


@pytest.mark.parametrize(
    "said",
    [
        pytest.param((), id="nothing"),
        pytest.param(("Protect it from deletion.", "Make its instances: only the cluster is restored."), id="by hand"),
        pytest.param((f"{SENTENCES[PROTECTED]} ",), id="another sentence"),
    ],
)
def test_what_was_not_approved_in_these_words_is_not_due(said: tuple[str, ...]) -> None:
    assert due_steps(said) == ()


def test_each_kind_leaves_to_the_machine_what_its_service_is_known_for() -> None:
    cluster, table = (PROTECTED, WRITER, READERS, ALARMS), (PROTECTED, CONTINUOUS, ALARMS)
    watched = ("EBS", "EC2", "EFS", "FSx Lustre", "FSx ONTAP", "FSx OpenZFS", "FSx Windows", "RDS", "Redshift", "S3")
    assert {kind.name: due_steps(kind.steps) for kind in KINDS if due_steps(kind.steps)} == {
        **dict.fromkeys(watched, (ALARMS,)),
        "Aurora": cluster,
        "DocumentDB": cluster,
        "DynamoDB": table,
        "Neptune": cluster,
        "RDS cluster": (PROTECTED, ALARMS),
    }


def test_an_entry_of_the_chain_is_told_whatever_stands_in_it() -> None:
    told = told_step({"step": "writer", "outcome": "failed", "reason": "no room"})
    assert told == StepTaken(step="writer", outcome="failed", reason="no room")
    assert told.told == "writer failed: no room"
    assert told_step({"step": ["x"]}).told == "['x'] : "
