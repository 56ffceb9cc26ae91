"""Clusters of Aurora DSQL."""

from typing import Final

from strongroom.domain.catalogue.model import EVERYTHING, Creation, ResourceType

TYPES: Final = (
    ResourceType(
        name="Aurora DSQL",
        label="Aurora DSQL cluster",
        enters_air_gap=True,
        arn="arn:{partition}:dsql:{region}:{account}:cluster/{id}",
        creations=(Creation(call="dsql:CreateCluster", tagged=EVERYTHING),),
        tagging=("dsql:TagResource",),
        untagging=("dsql:UntagResource",),
        has_cold_storage=True,
    ),
)
