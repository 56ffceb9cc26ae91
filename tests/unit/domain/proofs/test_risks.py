"""Risks are worked out of what a request is about, so that leaving one out spares nobody's approval."""

from typing import Any

import pytest

from strongroom.domain.catalogue.rows import RISKS_OF_TYPES
from strongroom.domain.errors import MalformedRecordError
from strongroom.domain.proofs.risks import CALLED, WRITTEN, is_grave_call, worked_out_risks
from strongroom.domain.restores.left_off.steps import CALLS, AskedStep
from tests.builders.places import CENTRAL_VAULT, LOCAL_VAULT, TEMPORARY_VAULT
from tests.conftest import ROOT

SNAPSHOT = "arn:aws:rds:eu-west-1:222222222222:snapshot:awsbackup:job-1"
TABLE = "arn:aws:backup:eu-west-1:222222222222:recovery-point:1"
COPY = "arn:aws:backup:eu-west-1:999999999999:recovery-point:1"
NOTIFIES = CALLS[AskedStep.NOTIFICATIONS].call
AFTER_TABLE = {"kind": "after", "call": "dynamodb:UpdateTable", "resource_type": "DynamoDB", "recovery_point": COPY}
VAULT_KEY, TEMPORARY_COPY = "vault-key", "temporary-copy"


def worked_out(**changes: Any) -> tuple[str, ...] | None:
    """Of a snapshot of RDS that lies in its own account, and has no risk; None is left out."""
    usual = {
        "account": "222222222222",
        "plan": "local",
        "recovery_point": SNAPSHOT,
        "resource_type": "RDS",
        "risks": [],
        "vault": LOCAL_VAULT,
    }
    return worked_out_risks({name: value for name, value in (usual | changes).items() if value is not None})


@pytest.mark.parametrize(
    ("changes", "risks"),
    [
        pytest.param({}, (), id="what lies in its account has none"),
        pytest.param({"vault": None}, (), id="so too where no vault is told"),
        pytest.param({"risks": ["public"]}, ("public",), id="what is stated stays"),
        pytest.param({"plan": "copy-back"}, (VAULT_KEY, TEMPORARY_COPY), id="a copy back of an instance has both"),
        pytest.param({"plan": "by-hand"}, (VAULT_KEY, TEMPORARY_COPY), id="any other way is a copy back"),
        pytest.param({"vault": CENTRAL_VAULT}, (VAULT_KEY, TEMPORARY_COPY), id="so is whatever lies in another vault"),
        pytest.param(
            {"resource_type": "DynamoDB", "recovery_point": TABLE, "plan": "copy-back"},
            (TEMPORARY_COPY,),
            id="a table chooses its key",
        ),
        pytest.param(
            {"resource_type": "DynamoDB", "recovery_point": COPY},
            (TEMPORARY_COPY,),
            id="a recovery point of another account is copied back",
        ),
        pytest.param(
            {"plan": "copy-back", "risks": [TEMPORARY_COPY, "public"]},
            (TEMPORARY_COPY, "public", VAULT_KEY),
            id="each is told once",
        ),
        pytest.param({"kind": "raw"}, ("elevated",), id="what a person wrote is grave, whether that is stated or not"),
        pytest.param({"kind": "native"}, ("elevated",), id="so are the parameters of a call"),
        pytest.param(
            {"resource_type": "Timestream", "recovery_point": TABLE}, ("elevated",), id="so is what is rarely tried"
        ),
        pytest.param(
            {"resource_type": "Aurora DSQL", "recovery_point": COPY, "plan": "copy-back", "kind": "raw"},
            ("elevated", TEMPORARY_COPY),
            id="each of them once, and beside a copy's",
        ),
        pytest.param(
            {"kind": "raw", "risks": ["elevated", "as-written"]}, ("elevated", "as-written"), id="and told once"
        ),
        pytest.param(
            {"plan": "copy-back", "temporary_vault": TEMPORARY_VAULT},
            (TEMPORARY_COPY,),
            id="out of the account's temporary vault it comes under a key of the account",
        ),
        pytest.param(
            {"plan": "copy-back", "temporary_vault": TEMPORARY_VAULT, "risks": [VAULT_KEY]},
            (VAULT_KEY, TEMPORARY_COPY),
            id="what is stated stays there, too",
        ),
        pytest.param(
            {"plan": "copy-back", "temporary_vault": TEMPORARY_VAULT.replace("222222222222", "999999999999")},
            (VAULT_KEY, TEMPORARY_COPY),
            id="another account's is none",
        ),
        pytest.param(
            {"plan": "copy-back", "temporary_vault": LOCAL_VAULT}, (VAULT_KEY, TEMPORARY_COPY), id="nor the local one"
        ),
        pytest.param(
            {"plan": "copy-back", "temporary_vault": f"{TEMPORARY_VAULT}-2"},
            (VAULT_KEY, TEMPORARY_COPY),
            id="nor one that is called alike",
        ),
        pytest.param(
            {"plan": "copy-back", "temporary_vault": TEMPORARY_VAULT.replace(":backup:", ":s3:")},
            (VAULT_KEY, TEMPORARY_COPY),
            id="nor anything of another service",
        ),
        pytest.param(
            {**AFTER_TABLE, "vault": CENTRAL_VAULT},
            (),
            id="what follows a restore copies nothing, wherever that was out of",
        ),
        pytest.param({**AFTER_TABLE, "risks": ["as-written"]}, ("as-written",), id="what is stated of it stays"),
        pytest.param(
            {**AFTER_TABLE, "call": "dynamodb:DeleteTable"},
            ("elevated",),
            id="what follows by an unknown call is grave",
        ),
        pytest.param({**AFTER_TABLE, "call": None}, ("elevated",), id="so is what follows by none"),
        pytest.param(
            {**AFTER_TABLE, "call": NOTIFIES}, ("elevated",), id="so is whoever is called by what nobody shows"
        ),
        pytest.param(
            {"kind": "later", "resource_type": "DynamoDB", "recovery_point": COPY},
            (TEMPORARY_COPY,),
            id="no other kind is spared",
        ),
        pytest.param({"risks": None}, None, id="where none is stated, any may be there"),
        pytest.param({"resource_type": None}, None, id="so too where no type is"),
        pytest.param({"resource_type": "Tape"}, None, id="so too of a type that nobody knows"),
        pytest.param({"resource_type": "DynamoDB"}, None, id="so too where the type is not that of the point"),
        pytest.param({"recovery_point": "snapshot-1"}, None, id="so too of a point that names no service"),
    ],
)
def test_attack_21_risks_are_worked_out_and_not_believed(
    changes: dict[str, Any], risks: tuple[str, ...] | None
) -> None:
    assert worked_out(**changes) == risks


@pytest.mark.parametrize(
    "others", [{}, {"risks": None}, {"recovery_point": "snapshot-1"}], ids=["known", "none", "odd"]
)
@pytest.mark.parametrize("name", ["resource_type", "vault", "temporary_vault"])
def test_what_they_are_worked_out_of_must_be_a_text(name: str, others: dict[str, Any]) -> None:
    """Also where nothing is worked out of it: whoever reads it elsewhere would not know which."""
    with pytest.raises(MalformedRecordError, match=f"^{name} is not a text$"):
        worked_out(**others | {name: ["RDS"]})


def test_kinds_are_written_by_a_person_or_carried_out_by_a_call_or_both() -> None:
    assert (WRITTEN, CALLED) == (("raw", "native"), ("native", "after"))


@pytest.mark.parametrize("step", AskedStep)
def test_a_call_is_spared_the_stricter_rule_where_it_calls_nobody_and_passes_no_role(step: AskedStep) -> None:
    spared = (AskedStep.TIME_TO_LIVE, AskedStep.STREAM, AskedStep.LIFECYCLE)
    assert is_grave_call(CALLS[step].call, {}, account="222222222222") is (step not in spared)


def test_the_specification_has_the_same_table() -> None:
    text = (ROOT / "docs/evidence.md").read_text("utf-8").partition("#### The risks")[2].partition("### ")[0]
    rows = [
        [cell.strip().replace("`", "") for cell in line.split("|")[1:-1]] for line in text.splitlines() if "|" in line
    ]
    assert {name: (set(services.split(", ")), *risks) for name, services, *risks in rows[2:]} == {
        name: (set(each.services), ", ".join(each.of_type), ", ".join(each.of_copy_back))
        for name, each in RISKS_OF_TYPES.items()
    }
