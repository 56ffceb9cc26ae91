"""Tables of DynamoDB.

Sources: Amazon DynamoDB API Reference, the operations named; Application Auto Scaling API Reference,
DescribeScalableTargets and DescribeScalingPolicies; AWS Lambda API Reference, ListEventSourceMappings.
"""

from copy import replace
from typing import Final

from strongroom.domain.restores.settings.reading import Afterwards, Reading

_NAMED: Final = (("TableName", "{name}"),)
_OF_ARN: Final = (("ResourceArn", "{arn}"),)
_CHANGING: Final = (
    *("Backfilling", "IndexArn", "IndexSizeBytes", "IndexStatus", "ItemCount", "WarmThroughput"),
    *("LastDecreaseDateTime", "LastIncreaseDateTime", "NumberOfDecreasesToday"),
)
_DESCRIBED: Final = Reading(
    what="table",
    service="dynamodb",
    call="describe_table",
    action="dynamodb:DescribeTable",
    by=_NAMED,
    at="Table",
    keeps=(
        *("AttributeDefinitions", "BillingModeSummary/BillingMode", "KeySchema", "OnDemandThroughput"),
        *("ProvisionedThroughput/ReadCapacityUnits", "ProvisionedThroughput/WriteCapacityUnits"),
        *("SSEDescription/KMSMasterKeyArn", "TableClassSummary/TableClass"),
    ),
    afterwards=Afterwards.RESTORED,
)
_PROTECTED: Final = replace(
    _DESCRIBED, what="protection", keeps=("DeletionProtectionEnabled",), afterwards=Afterwards.DONE
)
_STREAM: Final = replace(
    _DESCRIBED, what="stream", keeps=("LatestStreamArn", "StreamSpecification"), afterwards=Afterwards.ASKED
)
_TARGETS: Final = Reading(
    what="autoscaling",
    service="application-autoscaling",
    call="describe_scalable_targets",
    action="application-autoscaling:DescribeScalableTargets",
    by=(("ServiceNamespace", "dynamodb"), ("ResourceIds", ("table/{name}",))),
    at="ScalableTargets",
    keeps=("MaxCapacity", "MinCapacity", "ResourceId", "ScalableDimension", "SuspendedState"),
    afterwards=Afterwards.ASKED,
)
_POLICIES: Final = Reading(
    what="autoscaling policies",
    service="application-autoscaling",
    call="describe_scaling_policies",
    action="application-autoscaling:DescribeScalingPolicies",
    by=(("ServiceNamespace", "dynamodb"), ("ResourceId", "table/{name}")),
    at="ScalingPolicies",
    keeps=(
        *("PolicyName", "PolicyType", "ResourceId", "ScalableDimension"),
        *("StepScalingPolicyConfiguration", "TargetTrackingScalingPolicyConfiguration"),
    ),
    afterwards=Afterwards.ASKED,
)
_INDEXES: Final = "global indexes:IndexName"

TABLE: Final = (
    _DESCRIBED,
    replace(_DESCRIBED, what="global indexes", at="Table/GlobalSecondaryIndexes", keeps=(), drops=_CHANGING),
    replace(_DESCRIBED, what="local indexes", at="Table/LocalSecondaryIndexes", keeps=(), drops=_CHANGING),
    _PROTECTED,
    _STREAM,
    replace(
        _DESCRIBED,
        what="replicas",
        at="Table/Replicas",
        keeps=("KMSMasterKeyId", "RegionName"),
        afterwards=Afterwards.ASKED,
    ),
    Reading(
        what="triggers",
        service="lambda",
        call="list_event_source_mappings",
        action="lambda:ListEventSourceMappings",
        by=(("EventSourceArn", "{each}"),),
        each="stream:LatestStreamArn",
        at="EventSourceMappings",
        keeps=(
            *("BatchSize", "BisectBatchOnFunctionError", "DestinationConfig", "FilterCriteria", "FunctionArn"),
            *("FunctionResponseTypes", "MaximumBatchingWindowInSeconds", "MaximumRecordAgeInSeconds"),
            *("MaximumRetryAttempts", "ParallelizationFactor", "StartingPosition"),
        ),
        afterwards=Afterwards.ASKED,
    ),
    Reading(
        what="streams of Kinesis",
        service="dynamodb",
        call="describe_kinesis_streaming_destination",
        action="dynamodb:DescribeKinesisStreamingDestination",
        by=_NAMED,
        at="KinesisDataStreamDestinations",
        keeps=("ApproximateCreationDateTimePrecision", "StreamArn"),
        afterwards=Afterwards.ASKED,
    ),
    Reading(
        what="time to live",
        service="dynamodb",
        call="describe_time_to_live",
        action="dynamodb:DescribeTimeToLive",
        by=_NAMED,
        at="TimeToLiveDescription",
        afterwards=Afterwards.ASKED,
    ),
    Reading(
        what="continuous backups",
        service="dynamodb",
        call="describe_continuous_backups",
        action="dynamodb:DescribeContinuousBackups",
        by=_NAMED,
        at="ContinuousBackupsDescription/PointInTimeRecoveryDescription",
        keeps=("PointInTimeRecoveryStatus", "RecoveryPeriodInDays"),
        afterwards=Afterwards.DONE,
    ),
    Reading(
        what="policy",
        service="dynamodb",
        call="get_resource_policy",
        action="dynamodb:GetResourcePolicy",
        by=_OF_ARN,
        at="Policy",
        is_policy=True,
        none=("PolicyNotFoundException",),
    ),
    Reading(
        what="tags",
        service="dynamodb",
        call="list_tags_of_resource",
        action="dynamodb:ListTagsOfResource",
        by=_OF_ARN,
        at="Tags",
        pairs=("Key", "Value"),
        afterwards=Afterwards.DONE,
    ),
    _TARGETS,
    _POLICIES,
    replace(
        _TARGETS,
        what="autoscaling of indexes",
        by=(("ServiceNamespace", "dynamodb"), ("ResourceIds", ("table/{name}/index/{each}",))),
        each=_INDEXES,
    ),
    replace(
        _POLICIES,
        what="autoscaling policies of indexes",
        by=(("ServiceNamespace", "dynamodb"), ("ResourceId", "table/{name}/index/{each}")),
        each=_INDEXES,
    ),
)
