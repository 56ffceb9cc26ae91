"""Tables of DynamoDB and Timestream.

From the AWS Backup Developer Guide, "Restoring an Amazon DynamoDB table" and "Restoring an Amazon Timestream table";
the Amazon Timestream Developer Guide, "Backing up and restoring Timestream tables: How it works", for when what is in a
backup was there.
"""

from typing import Final

from strongroom.domain.catalogue import dynamodb, timestream
from strongroom.domain.restores.kinds.estimates import Estimate, Pace
from strongroom.domain.restores.kinds.finishing import SENTENCES, MachineStep
from strongroom.domain.restores.kinds.model import Name, RestoreKind
from strongroom.domain.restores.kinds.spelled import encrypted_by, fixed, flags, named, never, number, place
from strongroom.domain.restores.left_off.steps import CALLS, AskedStep

TABLE: Final = RestoreKind(
    row=dynamodb.TYPES[0],
    target=Name(
        shape=dynamodb.NAME_SHAPE,
        rule=dynamodb.NAME_RULE,
        before="the Region has no table of the name",
        after="its ARN follows from the name",
    ),
    keys=(
        *named("targetTableName"),
        *fixed("encryptionType", "KMS"),
        *encrypted_by("kmsMasterKeyArn"),
        *never("deletionProtection", "originalTableName"),
    ),
    steps=(
        SENTENCES[MachineStep.DELETION_PROTECTION],
        SENTENCES[MachineStep.CONTINUOUS_BACKUPS],
        SENTENCES[MachineStep.ALARMS],
        CALLS[AskedStep.TIME_TO_LIVE].sentence,
        CALLS[AskedStep.STREAM].sentence,
        "Autoscaling is off: register targets and policies by hand, as its note of settings has them, if at all.",
        "Its stream triggers nothing: map functions to the new stream by hand, as the note has them, if at all.",
    ),
    comes_back="the items, the keys, the indexes and the capacity, under a key of the profile",
    lost="time to live, streams, autoscaling, triggers, tags, continuous backups, policies, the alarms",
    pace="about 25 minutes and 3 seconds for each GiB; 50 at once in an account",
    estimate=Estimate(pace=Pace(fixed=25, per_gib=0.05)),
    tags_are_copied=False,
)
SERIES: Final = RestoreKind(
    row=timestream.TYPES[0],
    target=Name(
        shape=r"[A-Za-z0-9_.-]{3,256}",
        rule="3 to 256 letters, digits, underscores, dots and hyphens",
        before="the database of the profile has no table of the name",
        after="its ARN follows from database and name",
    ),
    keys=(
        *named("TableName"),
        *place("DatabaseName"),
        # What is older than these is deleted at once.
        *number("MemoryStoreRetentionPeriodInHours", least=1, most=8766, grows=True),
        *number("MagneticStoreRetentionPeriodInDays", least=1, most=73000, grows=True),
        *flags("EnableMagneticStoreWrites"),
        *never("MagneticStoreWriteProperties"),
    ),
    comes_back="the records that are not older than the retentions",
    lost="what is older than the retentions, the bucket of rejected records, tags",
    pace="about 15 minutes and 10 seconds for each GiB; one at a time in an account",
    estimate=Estimate(pace=Pace(fixed=15, per_gib=0.17), is_of_its_start=False),
    at_once=1,
    lies_under="the key of its database",
    tags_are_copied=False,
)

KINDS: Final = (TABLE, SERIES)
