"""Every IAM document that we deploy passes parliament, or its finding is explained here, where it is accepted."""

import json
import re
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import botocore.session
import pytest

from strongroom.domain.stacks.delegation import DELEGATION
from strongroom_cli.compile import render_intent
from strongroom_cli.intent.file import load_intent_file
from tests.contract.iam.iam_documents import (
    TEMPLATES,
    IamDocument,
    delegation,
    documents_in,
    documents_of,
    parameters_of,
    service_control_policies,
)
from tests.contract.templates import ROOT

CHECKS_PYTHON: Final = ROOT / ".venv-checks" / "bin" / "python"
INTENT: Final = ROOT / "strongroom.yaml"
RENDERED: Final = render_intent(load_intent_file(INTENT)[0], source=INTENT)

DOCUMENTS: Final = {
    each.name: each.document
    for each in (
        *(document for name in TEMPLATES for document in documents_of(name, parameters_of(name, RENDERED))),
        *delegation(RENDERED),
        *service_control_policies(RENDERED),
    )
}

# A role's trust policy has no Resource, and parliament knows only documents that have one.
TRUSTED_ROLE: Final = "arn:aws:iam::999999999999:role/strongroom/strongroom-trusted"

# What parliament says and we do not follow, with the reason. Whoever mends the cause takes the line out.
ACCEPTED: Final = {
    ("stacks/member.yaml: RestoreAfterRole.Policies.1.PolicyDocument", "UNKNOWN_CONDITION_FOR_ACTION"): (
        "Its data know no rds:DatabaseEngine of it; the RDS User Guide does, in its examples of condition keys."
    ),
    ("stacks/member.yaml: RestoreAfterRole.Policies.1.PolicyDocument", "RESOURCE_MISMATCH"): (
        "It wants the instance in each statement; the engine is asked of the instance alone, in a statement of its own."
    ),
    ("stacks/member.yaml: RestoreAskedRole.Policies.0.PolicyDocument", "RESOURCE_POLICY_PRIVILEGE_ESCALATION"): (
        "A bucket's rules may delete; setting them again takes a request of its own, and a session sets one bucket's."
    ),
    ("stacks/member.yaml: RestoreJobRole.Policies.0.PolicyDocument", "UNKNOWN_ACTION"): (
        "Its data know no restore jobs of DSQL, which AWS's own policy for restores names."
    ),
    ("stacks/member.yaml: RestoreRawRole.Policies.0.PolicyDocument", "RESOURCE_MISMATCH"): (
        "Its data know no resources of ssm-sap, and hypervisors without a Region; AWS's own policies name both so."
    ),
    ("stacks/member.yaml: RestoreRole.Policies.0.PolicyDocument", "UNKNOWN_PREFIX"): (
        "Its data know nothing of multi-party approval, mpa."
    ),
    ("stacks/vault-account.yaml: RevokeAccessRole.Policies.0.PolicyDocument", "UNKNOWN_PREFIX"): (
        "Its data know nothing of multi-party approval, mpa."
    ),
    ("template.yaml: RevokeAccessRole.Policies.0.PolicyDocument", "UNKNOWN_PREFIX"): (
        "Its data know nothing of multi-party approval, mpa."
    ),
    ("template.yaml: CeremonyPolicy.PolicyDocument", "RESOURCE_MISMATCH"): (
        "Its data know no resource of states:SendTaskSuccess; AWS authorises the answer on the state machine."
    ),
    ("template.yaml: ChainPolicy.PolicyDocument", "RESOURCE_MISMATCH"): (
        "Its data know express executions only for states:DescribeExecution; standard ones are described by it."
    ),
}

type Findings = Mapping[str, list[dict[str, Any]]]


def _lint(documents: Mapping[str, dict[str, Any]]) -> Findings:
    assert CHECKS_PYTHON.exists(), "parliament has an environment of its own: run `make setup`"
    done = subprocess.run(
        [CHECKS_PYTHON, ROOT / "tools" / "lint_iam_documents"],
        input=json.dumps({name: _as_linted(name, document) for name, document in documents.items()}),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    findings: Findings = json.loads(done.stdout)
    return findings


def _as_linted(name: str, document: dict[str, Any]) -> dict[str, Any]:
    if not name.endswith("AssumeRolePolicyDocument"):
        return document
    return {**document, "Statement": [{**each, "Resource": TRUSTED_ROLE} for each in document["Statement"]]}


def _is_news(finding: dict[str, Any]) -> bool:
    """Whether the linter misses an action that AWS has had since: botocore has an operation of that name."""
    service, _, operation = finding["detail"].removeprefix("Unknown action ").partition(":")
    known = botocore.session.get_session()
    if finding["issue"] != "UNKNOWN_ACTION" or service not in known.get_available_services():
        return False
    return operation in known.get_service_model(service).operation_names


@pytest.fixture(scope="module")
def findings() -> Findings:
    """What parliament says of every document."""
    return _lint(DOCUMENTS)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_document_passes_parliament(name: str, findings: Findings) -> None:
    open_findings = [
        finding
        for finding in findings[name]
        # A star needs a reason beside it instead; the test below sees to that.
        if finding["issue"] != "RESOURCE_STAR" and (name, finding["issue"]) not in ACCEPTED and not _is_news(finding)
    ]
    assert open_findings == []


@pytest.mark.parametrize(("name", "issue"), ACCEPTED)
def test_accepted_finding_still_exists(name: str, issue: str, findings: Findings) -> None:
    assert issue in {finding["issue"] for finding in findings[name]}


@pytest.mark.parametrize("template", TEMPLATES)
def test_every_star_in_a_resource_has_its_reason_beside_it(template: str) -> None:
    lines = (ROOT / template).read_text(encoding="utf-8").splitlines()
    stars = [line.strip() for line in lines if re.match(r'\s*-?\s*Resource: "\*"', line)]
    assert [line for line in stars if not re.search(r'"\*" # \w', line)] == []


def test_no_document_keeps_an_intrinsic_function() -> None:
    assert [name for name, document in DOCUMENTS.items() if re.search(r'"(!|Fn::|Ref")', json.dumps(document))] == []


def test_documents_of_every_kind_are_found() -> None:
    kinds = {name.partition(": ")[2].rsplit(".", 1)[-1] if "yaml" in name else "scps" for name in DOCUMENTS}
    assert kinds >= {"AssumeRolePolicyDocument", "PolicyDocument", "KeyPolicy", "AccessPolicy", "scps", "BusPolicy"}


PLANTED: Final[Mapping[str, tuple[dict[str, Any], str]]] = {
    "unknown action of a known service": ({"Action": "backup:DeleteEverything", "Resource": "*"}, "UNKNOWN_ACTION"),
    "resource of another service": ({"Action": "sqs:SendMessage", "Resource": "arn:aws:s3:::x"}, "RESOURCE_MISMATCH"),
    "unknown condition": (
        {"Action": "sqs:SendMessage", "Resource": "*", "Condition": {"StringEquals": {"aws:PrincipalOrgPath": "o/"}}},
        "UNKNOWN_CONDITION_FOR_ACTION",
    ),
    "no action": ({"Resource": "*"}, "MALFORMED"),
}


def test_a_planted_defect_is_found() -> None:
    documents = {
        name: {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", **statement}]}
        for name, (statement, _) in PLANTED.items()
    }
    found = _lint(documents)
    missed = [name for name, (_, issue) in PLANTED.items() if issue not in {each["issue"] for each in found[name]}]
    assert missed == []


def test_references_become_what_aws_would_see() -> None:
    body = {
        "Parameters": {"Vault": {"Default": "local"}},
        "Resources": {
            "Queue": {"Type": "AWS::SQS::Queue"},
            "Policy": {
                "Type": "AWS::IAM::ManagedPolicy",
                "Properties": {
                    "PolicyDocument": {
                        "Statement": [
                            {"Resource": [{"!GetAtt": "Queue.Arn"}, {"Fn::Sub": "${AWS::Region}:${Vault}:${!aws:x}"}]},
                            {"!If": ["Never", {"Resource": "a"}, {"Ref": "AWS::NoValue"}]},
                        ]
                    }
                },
            },
        },
    }
    [found] = documents_in(body, name="t", values={})
    queue = "arn:aws:sqs:eu-west-1:999999999999:strongroom-Queue"
    assert found == IamDocument(
        "t: Policy.PolicyDocument",
        {"Version": "2012-10-17", "Statement": [{"Resource": [queue, "eu-west-1:local:${aws:x}"]}, {"Resource": "a"}]},
    )


def test_rendered_management_stack_holds_no_document_of_its_own(tmp_path: Path) -> None:
    rendered = tmp_path / "management.yaml"
    rendered.write_text(RENDERED.stacks["management"], encoding="utf-8")
    found = {each.name.partition(": ")[2] for each in documents_of(str(rendered), {})}
    frame = {name.partition(": ")[2] for name in DOCUMENTS if name.startswith("stacks/management.yaml")}
    policies = {name for name in found - frame if name.endswith(".Content")}
    assert found - frame == policies
    assert len(policies) == len([name for name in DOCUMENTS if name.startswith(("scps/", DELEGATION))])
