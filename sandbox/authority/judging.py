"""The one place that says whether a principal may do what a service does for it.

AWS's order of evaluation (IAM User Guide, "Policy evaluation logic"): what the principal's own policies and limits
allow, what the resource's own policy adds or asks, and what service control policies refuse.
"""

from typing import Final

from sandbox.organization import service_control
from sandbox.seams.iam import authority as seams
from sandbox.seams.iam.authority import Principal, Question

_SERVICE_LINKED: Final = ":role/aws-service-role/"
# What IAM attaches itself when a service makes its role: nobody can attach or detach it.
_POLICY_OF_SERVICE_LINKED_ROLE: Final = {
    "AWSServiceRoleForBackup": "arn:aws:iam::aws:policy/aws-service-role/AWSBackupServiceLinkedRolePolicyForBackup"
}


def why_role_may_not(question: Question) -> str | None:
    """Why a role may not do it, in AWS's words; None when it may."""
    policy = _POLICY_OF_SERVICE_LINKED_ROLE.get(question.principal.rpartition("/")[2])
    managed = (policy,) if policy and _SERVICE_LINKED in question.principal else ()
    return why_principal_may_not(seams.role_principal(question.principal, managed), question)


def why_principal_may_not(principal: Principal, question: Question) -> str | None:
    """Why somebody whose policies are known may not do it; None when it may."""
    context = seams.context_of(principal, question)
    if (message := seams.why_not(principal, question, context)) is not None:
        return message
    if _SERVICE_LINKED in principal.arn:  # "SCPs do not affect any service-linked role" (Organizations User Guide)
        return None
    refusal = service_control.judge(context)
    return refusal.message if refusal else None
