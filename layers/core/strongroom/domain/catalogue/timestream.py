"""Tables of Timestream, whose ARN lies below their database's."""

from typing import Final

from strongroom.domain.catalogue.model import EVERYTHING, Creation, Reach, ResourceType

TYPES: Final = (
    ResourceType(
        name="Timestream",
        label="Timestream table",
        enters_air_gap=True,
        arn="arn:{partition}:timestream:{region}:{account}:database/{id}",
        creations=(
            Creation(call="timestream:CreateDatabase", tagged=EVERYTHING),
            Creation(call="timestream:CreateTable", tagged=EVERYTHING),
        ),
        tagging=("timestream:TagResource",),
        untagging=("timestream:UntagResource",),
        has_cold_storage=True,
        opt_in_reach=Reach.REGIONS,
    ),
)
