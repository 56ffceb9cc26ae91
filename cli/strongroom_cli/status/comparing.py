"""What AWS Backup Audit Manager found, beside what Strongroom says of each resource, and where the two disagree."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from strongroom.domain.identifiers import Arn
from strongroom.domain.status.states import Protection
from strongroom_cli.status.compliance import Compliance, ControlFinding

type Shown = dict[str, Any]

NOT_ASKED: Final = "not asked"
NOT_EVALUATED: Final = "not evaluated"
_WORDS: Final = {
    Compliance.NON_COMPLIANT: "non-compliant",
    Compliance.COMPLIANT: "compliant",
    Compliance.NOT_JUDGED: "not judged",
}
# Plans, vaults and recovery points: nothing that is backed up.
_APART: Final = "AWS::Backup::"
# How the service of a type of AWS Config stands in ARNs, where it is not its name in small letters.
_SERVICES: Final = {"efs": "elasticfilesystem"}
_KINDS: Final = {"AWS::RDS::DBInstance": "db", "AWS::RDS::DBCluster": "cluster"}


def join_compliance(report: Shown, findings: Sequence[ControlFinding] | None) -> Shown:
    """The report with what was found of each resource, and with what disagrees; None stands for nobody asked."""
    of_resources = [each for each in findings or () if not each.kind.startswith(_APART)]
    by_account: dict[str, list[ControlFinding]] = {}
    for found in of_resources:
        by_account.setdefault(found.account, []).append(found)
    units = [
        {**unit, "accounts": [_account(each, by_account, is_asked=findings is not None) for each in unit["accounts"]]}
        for unit in report["units"]
    ]
    if findings is None:
        return {**report, "units": units, "audit_manager": {"is_asked": False}}
    said = {
        "is_asked": True,
        "evaluated_at": max((each.at for each in findings), default=""),
        "disagreements": [each["disagreement"] for each in _resources(units) if each["disagreement"]],
        "not_known_here": sorted(
            {name for unit in units for each in unit["accounts"] for name in _strange(each, by_account)}
        ),
        "apart": len(findings) - len(of_resources),
    }
    return {**report, "units": units, "audit_manager": said}


def _account(account: Shown, by_account: Mapping[str, Sequence[ControlFinding]], *, is_asked: bool) -> Shown:
    findings = by_account.get(account["account"], ())
    return {**account, "resources": [_resource(each, findings, is_asked=is_asked) for each in account["resources"]]}


def _strange(account: Shown, by_account: Mapping[str, Sequence[ControlFinding]]) -> set[str]:
    """What was evaluated in the account and is none of the resources that are known there."""
    findings = by_account.get(account["account"], ())
    known = {_place(found) for each in account["resources"] for found in findings if _is_of(found, each)}
    return {_place(found) for found in findings} - known


def _resources(units: Iterable[Shown]) -> Iterator[Shown]:
    yield from (each for unit in units for account in unit["accounts"] for each in account["resources"])


def _resource(resource: Shown, findings: Iterable[ControlFinding], *, is_asked: bool) -> Shown:
    own = [each for each in findings if _is_of(each, resource)]
    state = next((words for status, words in _WORDS.items() if any(each.status is status for each in own)), "")
    failed = sorted({each.control for each in own if each.status is Compliance.NON_COMPLIANT})
    return {
        **resource,
        "audit_manager": (state or NOT_EVALUATED) if is_asked else NOT_ASKED,
        "failed_controls": failed,
        "disagreement": "".join(_disagreements(resource, state, failed)),
    }


def _disagreements(resource: Shown, state: str, failed: Sequence[str]) -> Iterator[str]:
    ours = Protection(resource["state"])
    why = f"Strongroom calls it {ours.words}, because {resource['reason']}"
    # Of what is new, both say that something is still to come.
    if failed and ours in {Protection.PROTECTED, Protection.ENDED}:
        yield f"{resource['resource']}: Audit Manager calls it non-compliant in {', '.join(failed)}; {why}"
    if ours.is_wrong and state == _WORDS[Compliance.COMPLIANT]:
        yield f"{resource['resource']}: Audit Manager calls it compliant; {why}"


def _is_of(finding: ControlFinding, resource: Shown) -> bool:
    """Whether the finding is about the resource: AWS Config knows it by an ARN, an id or a name."""
    if finding.id_ == resource["resource"]:
        return True
    if (finding.account, finding.region) != (resource["account"], resource["region"]):
        return False
    arn = Arn.parse(resource["resource"])
    service = finding.kind.split("::")[1].lower() if finding.kind.count("::") == 2 else ""
    if _SERVICES.get(service, service) != arn.service:
        return False
    if finding.kind in _KINDS and not arn.resource.startswith(f"{_KINDS[finding.kind]}:"):
        return False
    return arn.name in {finding.id_, finding.name}


def _place(finding: ControlFinding) -> str:
    return f"{finding.kind} {finding.id_} in {finding.account}, {finding.region}"
