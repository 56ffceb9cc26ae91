"""Stacks of CloudFormation. Their tags change by UpdateStack only, which touches everything in them."""

from typing import Final

from strongroom.domain.catalogue.model import EVERYTHING, Creation, Reach, ResourceType

TYPES: Final = (
    ResourceType(
        name="CloudFormation",
        label="CloudFormation stack",
        arn="arn:{partition}:cloudformation:{region}:{account}:stack/{id}",
        creations=(Creation(call="cloudformation:CreateStack", tagged=EVERYTHING),),
        reach=Reach.REGIONS_AT_LEAST,
        opt_in_reach=Reach.REGIONS,
        has_cold_storage=True,
    ),
)
