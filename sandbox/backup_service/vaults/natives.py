"""Recovery points of EC2, EBS, FSx, RDS, Aurora and both Redshifts: what the services themselves keep.

Developer Guide, "Feature availability by resource": what AWS Backup does not manage fully lies in its own service.
"""

from sandbox.backup_service.estate import Estate, RecoveryPoint
from sandbox.seams.snapshots import NativeSnapshot

_NATIVE = ("arn:aws:ec2:", "arn:aws:fsx:", "arn:aws:rds:", "arn:aws:redshift:", "arn:aws:redshift-serverless:")


def keep_natively(estate: Estate, point: RecoveryPoint) -> None:
    """Let the snapshot or image that a recovery point is be there, with the point's tags."""
    if not point.arn.startswith(_NATIVE):
        return
    estate.surroundings.natives.keep(
        NativeSnapshot(
            arn=point.arn,
            source_arn=point.resource_arn,
            created=point.created,
            size=point.capture.size,
            key_arn=point.key_arn,
            configuration=point.capture.configuration,
            tags=point.tags,
        ),
        point.vault.place.account,
        point.vault.place.region,
    )


def drop_natively(estate: Estate, point: RecoveryPoint) -> None:
    """Delete it with the recovery point."""
    if point.arn.startswith(_NATIVE):
        place = point.vault.place
        estate.surroundings.natives.drop(point.arn, place.account, place.region)
