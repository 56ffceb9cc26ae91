"""Keys of vaults and of sources."""

from typing import Any

import pytest

from strongroom.domain.doctor.diagnosis import Outcome
from strongroom.domain.doctor.keys import judge_source_key, judge_vault_key
from strongroom.domain.rollout.surroundings.keys import SourceFound
from tests.builders.doctor import COPYING, ORGANIZATION, a_key, a_statement
from tests.builders.places import BACKUP_ACCOUNT, CENTRAL_VAULT

ROOT_OF_BACKUP = {"Principal": {"AWS": f"arn:aws:iam::{BACKUP_ACCOUNT}:root"}, "Condition": {}}

CASES = [
    pytest.param({}, "", id="to the organisation"),
    pytest.param({"statements": (a_statement(COPYING, **ROOT_OF_BACKUP),)}, "", id="to the account"),
    pytest.param({"statements": (a_statement("kms:*", **ROOT_OF_BACKUP),)}, "", id="everything"),
    pytest.param({"statements": (a_statement(COPYING[:-1]),)}, "kms:CreateGrant", id="no grants"),
    pytest.param(
        {"statements": (a_statement(COPYING, Effect="Deny"),)}, "does not grant", id="a denial grants nothing"
    ),
    pytest.param(
        {"statements": (a_statement(COPYING, Condition={"StringEquals": {"aws:PrincipalOrgID": "o-other"}}),)},
        "does not grant",
        id="to another organisation",
    ),
    pytest.param({"statements": (a_statement(COPYING, Condition={}),)}, "open to everybody", id="to the world"),
    pytest.param({"state": "PendingDeletion"}, "PendingDeletion", id="about to be deleted"),
    pytest.param({"manager": "AWS"}, "managed by AWS", id="of AWS"),
]


@pytest.mark.parametrize(("changed", "evidence"), CASES)
def test_a_vaults_key_serves_the_account_that_copies(changed: dict[str, Any], evidence: str) -> None:
    found = judge_vault_key(a_key(**changed), vault=CENTRAL_VAULT, copier=BACKUP_ACCOUNT, organization=ORGANIZATION)
    assert found.is_alarming is bool(evidence)
    assert evidence in found.evidence


@pytest.mark.parametrize(("changed", "evidence"), CASES)
def test_a_sources_key_serves_the_backup_account(changed: dict[str, Any], evidence: str) -> None:
    source = SourceFound(name="db-1", type="RDS", key=a_key(**changed))
    found = judge_source_key(source, where="x", copier=BACKUP_ACCOUNT, organization=ORGANIZATION)
    assert (found.outcome is Outcome.FAILS) is bool(evidence)
    assert "RDS db-1" in found.evidence
    assert evidence in found.evidence
