"""The actions on the control plane's roles and parts: what removes or re-programs, and what a deployment needs, too.

Source: Service Authorization Reference.
"""

from typing import Final

ROLE_REMOVALS: Final = (
    "iam:CreatePolicyVersion",
    "iam:DeletePolicy*",
    "iam:DeleteRole*",
    "iam:DetachRolePolicy",
    "iam:SetDefaultPolicyVersion",
    "iam:UntagRole",
    "iam:UpdateAssumeRolePolicy",
    "iam:UpdateRole*",
)
ROLE_MAKINGS: Final = ("iam:AttachRolePolicy", "iam:CreateRole", "iam:PutRole*", "iam:TagRole")
PART_REMOVALS: Final = (
    "events:DeleteArchive",
    "events:DeleteEventBus",
    "events:DeleteRule",
    "events:DisableRule",
    "events:RemoveTargets",
    "lambda:DeleteFunction",
    "lambda:UpdateFunctionCode",
    "lambda:UpdateFunctionConfiguration",
    "sns:DeleteTopic",
    "sqs:DeleteQueue",
    "sqs:PurgeQueue",
    "states:DeleteStateMachine",
    "states:RedriveExecution",
    "states:UpdateStateMachine",
)
PART_MAKINGS: Final = (
    "events:PutRule",
    "events:PutTargets",
    "events:UpdateArchive",
    "lambda:AddPermission",
    "lambda:PutFunctionConcurrency",
    "sns:SetTopicAttributes",
    "sqs:SetQueueAttributes",
)
