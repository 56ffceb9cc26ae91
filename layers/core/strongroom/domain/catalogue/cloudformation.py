"""Stacks of CloudFormation. Their tags change by UpdateStack only, which touches everything in them."""

from typing import Final

from strongroom.domain.catalogue.facets.creations import Cover, Creation, Evidence, Kind, Sign
from strongroom.domain.catalogue.facets.tagging import Limit, Tagging
from strongroom.domain.catalogue.model import EVERYTHING, Listing, Reach, ResourceType

# No record tells the stack above. What CloudFormation makes by itself is nested, unless a StackSet has deployed it.
_NESTED: Final = Cover(
    sign=Sign(paths=("response.stackId",)),
    by="the stack above it, which the name begins with",
    only_from="cloudformation.amazonaws.com",
    unless=Sign(paths=("response.stackId",), values=("*:stack/StackSet-*",)),
)

# The list tells it.
_INNER: Final = Cover(
    sign=Sign(paths=("response.parentId",)), by="the stack above it,", named_at=("response.parentId",)
)

TYPES: Final = (
    ResourceType(
        name="CloudFormation",
        label="CloudFormation stack",
        arn="arn:{partition}:cloudformation:{region}:{account}:stack/{id}",
        id_shape=r"[A-Za-z][A-Za-z0-9-]{0,127}/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}",
        listing=Listing(
            call="DescribeStacks",
            items="Stacks[]",
            name="StackId",
            tags="Tags",
            made_at="CreationTime",
            state="StackStatus",
            # One that a change set has begun has nothing in it yet.
            ended=("DELETE_IN_PROGRESS", "DELETE_COMPLETE", "REVIEW_IN_PROGRESS"),
            covers=(_INNER,),
        ),
        creations=(
            Creation(
                call="cloudformation:CreateStack",
                response=("stackId",),
                covers=(_NESTED,),
                evidence=Evidence.RECORDED,
                source="public record of 2021; AWS CloudFormation User Guide",
                tagged=EVERYTHING,
            ),
            # CDK, SAM and `aws cloudformation deploy` make stacks so, and never by CreateStack.
            Creation(
                call="cloudformation:CreateChangeSet",
                response=("stackId",),
                kind_when=((Sign(paths=("request.changeSetType",), values=("IMPORT",)), Kind.IMPORT),),
                only_when=Sign(paths=("request.changeSetType",), values=("CREATE", "IMPORT")),
            ),
        ),
        tags=Tagging(
            client="cloudformation",
            write=None,
            read="DescribeStacks",
            tags="Stacks[].Tags",
            replaces_set=True,
            when="never by us: UpdateStack touches everything in it",
            gone=("ValidationError",),
        ),
        limits=(
            Limit(
                fact="nobody but its owner can tag it, because that takes an update of everything in it",
                lifted_by="the tag in the stack's own deployment",
            ),
            Limit(
                fact="its backups are copied to no other account",
                lifted_by="tags on the resources in it, which are copied by themselves",
            ),
        ),
        reach=Reach.REGIONS_AT_LEAST,
        opt_in_reach=Reach.REGIONS,
        has_cold_storage=True,
        is_restored_here=True,
        is_rarely_tried=True,
    ),
)
