"""Clusters of EKS."""

from typing import Final

from strongroom.domain.catalogue.model import EVERYTHING, Creation, ResourceType

TYPES: Final = (
    ResourceType(
        name="EKS",
        label="EKS cluster",
        enters_air_gap=True,
        arn="arn:{partition}:eks:{region}:{account}:cluster/{id}",
        creations=(Creation(call="eks:CreateCluster", tagged=EVERYTHING),),
        tagging=("eks:TagResource",),
        untagging=("eks:UntagResource",),
    ),
)
