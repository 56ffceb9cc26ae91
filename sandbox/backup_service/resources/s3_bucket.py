"""S3 buckets: their ARNs carry neither account nor Region; versioning is a condition of the backup."""

from collections.abc import Mapping
from typing import Any

from sandbox.backup_service.resources.kind import (
    Capture,
    Metadata,
    Resource,
    ResourceGoneError,
    RestoreRefusedError,
    tag_list,
    tag_map,
)
from sandbox.backup_service.surroundings import AccountServices
from sandbox.seams.backup import InternalCallError

_CLASSIC_REGION = "us-east-1"


class S3Bucket:
    """An S3 bucket."""

    resource_type = "S3"
    selector = "arn:aws:s3:::*"
    is_fully_managed = True
    has_cold_storage = False
    restores_tags = False
    required_metadata = ("DestinationBucketName",)

    def owns(self, arn: str) -> bool:
        """Whether the ARN names a bucket."""
        return arn.startswith("arn:aws:s3:::")

    def recovery_point_arn(self, account: str, region: str, resource_arn: str, unique: str) -> str:
        """`arn:aws:backup:R:A:recovery-point:<bucket>-<hash>`."""
        bucket = resource_arn.rpartition(":")[2]
        return f"arn:aws:backup:{region}:{account}:recovery-point:{bucket}-{unique.replace('-', '')[:8]}"

    async def find_all(self, services: AccountServices) -> list[Resource]:
        """Every bucket that lives in the Region."""
        buckets = (await services.call("s3", "ListBuckets")).get("Buckets", [])
        names = [bucket["Name"] for bucket in buckets]
        local = [name for name in names if await _region(services, name) == services.place.region]
        return [Resource(f"arn:aws:s3:::{name}", await _tags(services, name)) for name in local]

    async def capture(self, services: AccountServices, arn: str) -> Capture:
        """Every object of the bucket."""
        bucket = arn.rpartition(":")[2]
        try:
            versioning = (await services.call("s3", "GetBucketVersioning", Bucket=bucket)).get("Status")
            objects = await _objects(services, bucket)
        except InternalCallError as error:
            raise ResourceGoneError(f"Bucket {arn} does not exist") from error
        if versioning != "Enabled":
            raise ResourceGoneError(f"S3 Versioning must be enabled on bucket {bucket} to back it up")
        return Capture(
            metadata={"BucketName": bucket},
            content=objects,
            size=sum(len(content) for content in objects.values()),
        )

    async def restore(
        self, services: AccountServices, capture: Capture, metadata: Metadata, recovery_point_arn: str
    ) -> str:
        """The objects, in an existing bucket or a new one; a key that is there already stays as it is."""
        bucket = str(metadata.get("DestinationBucketName"))
        if metadata.is_true("NewBucket"):
            await _create(services, bucket, recovery_point_arn)
        try:
            existing = await _objects(services, bucket)
        except InternalCallError as error:
            raise RestoreRefusedError(f"Destination bucket {bucket} does not exist") from error
        for key, content in capture.content.items():
            if key not in existing:
                await services.call("s3", "PutObject", Bucket=bucket, Key=key, Body=content)
        return f"arn:aws:s3:::{bucket}"

    async def tag(self, services: AccountServices, arn: str, tags: Mapping[str, str]) -> None:
        """Tag the bucket, which replaces its whole set."""
        tagging = {"TagSet": tag_list(tags)}
        await services.call("s3", "PutBucketTagging", Bucket=arn.rpartition(":")[2], Tagging=tagging)


async def _create(services: AccountServices, bucket: str, recovery_point_arn: str) -> None:
    region = services.place.region
    location: dict[str, Any] = (
        {} if region == _CLASSIC_REGION else {"CreateBucketConfiguration": {"LocationConstraint": region}}
    )
    await services.call("s3", "CreateBucket", Bucket=bucket, **location)
    enabled = {"Status": "Enabled"}
    await services.call("s3", "PutBucketVersioning", Bucket=bucket, VersioningConfiguration=enabled)
    request = {"bucketName": bucket, "x-amz-source-recovery-point": recovery_point_arn}
    services.record("s3.amazonaws.com", "CreateBucket", request, None)


async def _region(services: AccountServices, bucket: str) -> str:
    return str((await services.call("s3", "HeadBucket", Bucket=bucket))["BucketRegion"])


async def _tags(services: AccountServices, bucket: str) -> dict[str, str]:
    try:
        return tag_map((await services.call("s3", "GetBucketTagging", Bucket=bucket)).get("TagSet"))
    except InternalCallError as error:
        if error.code == "NoSuchTagSet":
            return {}
        raise


async def _objects(services: AccountServices, bucket: str) -> dict[str, bytes]:
    listing = await services.call("s3", "ListObjectsV2", Bucket=bucket)
    contents: dict[str, bytes] = {}
    for entry in listing.get("Contents", []):
        answer = await services.call("s3", "GetObject", Bucket=bucket, Key=entry["Key"])
        contents[entry["Key"]] = answer["Body"].read()
    return contents
