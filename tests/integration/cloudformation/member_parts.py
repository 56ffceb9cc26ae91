"""The member template as accounts get it: each of its parts by a stack of its own, as StackSets carry them."""

from sandbox.clients import client
from sandbox.settings import BACKUP_ACCOUNT, HOME_REGION, PAYMENTS_ACCOUNT
from strongroom.domain.stacks.member_parts import member_parts
from strongroom.domain.stacks.templates import MEMBER, Template, carried_body
from strongroom_cli.templates import read_templates


def deploy_member(prefix: str, **values: str) -> None:
    """Stacks of all parts in the payments account, the roles first; `values` are the parameters."""
    parts = member_parts(read_templates().carried[MEMBER], restores=True)
    for name, part in (("vault", parts.vault), ("roles", parts.roles), ("rest", parts.rest)):
        deploy(f"{prefix}-{name}", part, HOME_REGION, **values)


def deploy(stack: str, template: Template, region: str, **values: str) -> None:
    """A stack in the payments account, told what its template declares of the parameters."""
    cloudformation = client("cloudformation", PAYMENTS_ACCOUNT, region)
    told = {"BackupAccount": BACKUP_ACCOUNT, "HomeRegion": HOME_REGION, **values}
    cloudformation.create_stack(
        StackName=stack,
        TemplateBody=carried_body(template),
        Parameters=[
            {"ParameterKey": key, "ParameterValue": value}
            for key, value in told.items()
            if key in template["Parameters"]
        ],
        Capabilities=["CAPABILITY_NAMED_IAM"],
    )
    waiter = cloudformation.get_waiter("stack_create_complete")
    waiter.wait(StackName=stack, WaiterConfig={"Delay": 1, "MaxAttempts": 60})
