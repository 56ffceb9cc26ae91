"""Two IAM engines that are not ours, asked which statements refuse a request.

Everybody has full access by their own policies, so that whatever is refused is refused by the SCPs.
"""

import json
import shutil
import subprocess
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final

from ministack.core.iam_evaluator import EvalContext, evaluate, parse_policy_document

from tests.guardrails.scp_requests import Case

NODE: Final = Path(__file__).parent / "node"
FULL_ACCESS: Final = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}

type Document = dict[str, Any]


def node_is_ready() -> bool:
    """Whether Node is there with the packages of its lock file."""
    return shutil.which("node") is not None and (NODE / "node_modules/@cloud-copilot/iam-simulate").is_dir()


def refuses(statement: Document, case: Case) -> bool:
    """Whether this statement alone refuses the request, as MiniStack's evaluator sees it."""
    return bool(_evaluate(json.dumps(statement), case).decision == "Deny")


def refusing_sids(statements: Sequence[Document], case: Case) -> frozenset[str]:
    """The names of the statements that refuse the request, as MiniStack's evaluator sees it."""
    return frozenset(statement["Sid"] for statement in statements if refuses(statement, case))


def ask_node(documents: Sequence[Document], cases: Sequence[Case]) -> list[dict[str, Any]]:
    """For each case `sids`, `overall` and `ignored` context keys, or an `error`, as iam-simulate sees it."""
    question = {"scps": documents, "cases": [_for_node(case) for case in cases]}
    answer = subprocess.run(
        [shutil.which("node") or "node", "simulate.mjs"],
        cwd=NODE,
        input=json.dumps(question),
        capture_output=True,
        text=True,
        check=True,
        timeout=300,
    )
    verdicts: list[dict[str, Any]] = json.loads(answer.stdout)
    return verdicts


def _for_node(case: Case) -> dict[str, Any]:
    return {
        "principal": case.principal,
        "action": case.action,
        "resource": case.resource,
        "context": dict(case.context),
    }


def _evaluate(statement: str, case: Case) -> Any:
    account = case.principal.split(":")[4]
    context = EvalContext(
        principal_arn=case.principal,
        principal_type="Root" if case.principal.endswith(":root") else "AssumedRole",
        principal_account=account,
        action=case.action,
        resource_arn=case.resource,
        region="eu-west-1",
        service_context={"aws:tagkeys": None, "aws:principalorgpaths": None, "aws:principalaccount": account}
        | {key.lower(): value for key, value in case.context.items()},
    )
    return evaluate(context, [_full_access(), _parsed(statement, account)])


@cache
def _parsed(statement: str, account: str) -> Any:
    # This engine knows no policy variables; the other one does.
    resolved = statement.replace("${aws:PrincipalAccount}", account)
    return parse_policy_document({"Version": "2012-10-17", "Statement": [json.loads(resolved)]})


@cache
def _full_access() -> Any:
    return parse_policy_document(FULL_ACCESS)
