"""What the control plane does by itself, and nobody in its place: almost each act by the exact roles that do it.

A function is invoked by its queue or route, for AWS Lambda and API Gateway, which SCPs do not bind. That no other
function may do the act is its own policy's word; a test holds these names against the policies in the template.
"""

from collections.abc import Iterator
from typing import Final

from strongroom.domain.guardrails.backups import OF_STRONGROOM
from strongroom.domain.guardrails.control_plane_actions import SECRET_CHANGES
from strongroom.domain.guardrails.denials import Denial, Exempt, in_own_account
from strongroom.domain.identifiers import CEREMONY_ROLE, ONBOARDING_ROLE, REMEDIATION_ROLE, WITNESS_ROLE, function_role

OUR_BUS: Final = "arn:{partition}:events:*:*:event-bus/strongroom*"
_CEREMONY: Final = ("arn:{partition}:states:*:*:stateMachine:strongroom-restore-approval",)
_REMEDIATION: Final = ("arn:{partition}:states:*:*:stateMachine:strongroom-copy-remediation",)
_SECRETS: Final = ("arn:{partition}:secretsmanager:*:*:secret:*",)
_BEGINNING: Final = ("request_restore", "sweep_ceremonies")
_SWEEPING: Final = ("sweep_overdue_copies",)
_RINGING: Final = ("sweep_ceremonies", "take_proof")
_SIGNING: Final = ("log_evidence",)
_KNOWING: Final = (
    "close_restore",
    "open_ticket",
    "post_alert",
    "receive_slack_click",
    "refresh_cards",
    "request_restore",
    "snapshot_ticket",
    "start_copy_back",
    "start_restore",
    "take_alert_click",
    "take_proof",
    "tell_approvers",
    "tell_digest",
)


def control_plane_acts(deployers: Exempt) -> Iterator[Denial]:
    """Every act that only its function does; the deployers fill the secrets, and read what could not be handled."""
    yield from _ceremony()
    yield from _messages(deployers)
    yield Denial(
        sid="KeepSecrets",
        stops="replacing what Slack, tickets and log-ins are believed by, or its mark",
        actions=SECRET_CHANGES,
        resources=_SECRETS,
        when=OF_STRONGROOM,
        exempt=(deployers,),
    )
    yield Denial(
        sid="OnlyFunctionsKnowSecrets",
        stops="reading the secrets with which one could speak for Slack, the ticket system or the identity provider",
        actions=("secretsmanager:GetSecretValue",),
        resources=_SECRETS,
        when=OF_STRONGROOM,
        exempt=(_functions("they sign and verify with it", *_KNOWING),),
    )


def _ceremony() -> Iterator[Denial]:
    yield Denial(
        sid="OnlyTheCeremonyInvokes",
        stops="running a step of the ceremony, or any function, by hand and with an invented event",
        actions=("lambda:InvokeFunction",),
        resources=("arn:{partition}:lambda:*:*:function:strongroom-*",),
        exempt=(
            Exempt(
                who="the ceremony",
                arns=in_own_account(CEREMONY_ROLE),
                why="Step Functions runs the steps under it; nothing else can assume it",
            ),
            Exempt(
                who="the remediation of copies",
                arns=in_own_account(REMEDIATION_ROLE),
                why="Step Functions runs its two steps under it, and its own policy allows no other function",
            ),
            Exempt(
                who="the onboarding of accounts",
                arns=in_own_account(ONBOARDING_ROLE),
                why="Step Functions runs its three steps under it, and its own policy allows no other function",
            ),
            Exempt(
                who="the ceremony's role in the audit account",
                arns=in_own_account(WITNESS_ROLE),
                why="it asks the evidence log; only steps of the ceremony can assume it",
            ),
        ),
    )
    yield Denial(
        sid="OnlyRequestsBegin",
        stops="beginning a ceremony that nobody asked for",
        actions=("states:StartExecution", "states:StartSyncExecution"),
        resources=_CEREMONY,
        exempt=(_functions("they begin what its requester has signed", *_BEGINNING),),
    )
    yield Denial(
        sid="OnlyTheSweepBegins",
        stops="having copies looked into, or started again, that are not overdue",
        actions=("states:StartExecution", "states:StartSyncExecution"),
        resources=_REMEDIATION,
        exempt=(_functions("it has seen what did not come about", *_SWEEPING),),
    )
    yield Denial(
        sid="OnlyProofsRing",
        stops="waking the judge of a ceremony, or ending one of its steps, by hand",
        # A task's token names its machine; the actions offer no resource.
        actions=("states:SendTask*",),
        exempt=(_functions("they ring when somebody has signed, or when a bell was missed", *_RINGING),),
    )
    yield Denial(
        sid="OnlyTheLogSigns",
        stops="signing a log of evidence that is not the one that is kept",
        actions=("kms:Sign",),
        when=OF_STRONGROOM,
        exempt=(_functions("it signs what it has logged", *_SIGNING),),
    )


def _messages(deployers: Exempt) -> Iterator[Denial]:
    yield Denial(
        sid="OnlyFunctionsSpeak",
        stops="saying on the bus what did not happen, such as that an alert is resolved",
        actions=("events:PutEvents",),
        resources=(OUR_BUS,),
        exempt=(our_roles("they say what they did, or bring what happened here"),),
    )
    yield Denial(
        sid="OnlyFunctionsFetch",
        stops="taking events out of the queues before anybody has seen them",
        actions=("sqs:ChangeMessageVisibility", "sqs:DeleteMessage", "sqs:ReceiveMessage"),
        resources=("arn:{partition}:sqs:*:*:strongroom-*",),
        exempt=(
            our_roles("AWS Lambda fetches under them; each role is let to the queue of its own function only"),
            deployers,
        ),
    )


def our_roles(why: str) -> Exempt:
    """Every role under our path: for what so many do that naming each would not fit."""
    return Exempt(
        who="our roles here",
        arns=in_own_account("strongroom/*"),
        why=f"{why}; KeepRoles lets nobody make, change or re-trust one",
    )


def _functions(why: str, *names: str) -> Exempt:
    return Exempt(who="the functions that do it", arns=in_own_account(*map(function_role, names)), why=why)
