"""Keep the SDK's models of those services only that the functions call: the others are 23 of the layer's 55 MB."""

import shutil
import sys
from pathlib import Path

SERVICES = frozenset(
    {
        "backup",
        "dynamodb",
        "ec2",
        "efs",
        "events",
        "iam",
        "kms",
        "organizations",
        "rds",
        "s3",
        "secretsmanager",
        "sns",
        "sqs",
        "stepfunctions",
        "sts",
    }
)


def main(packages: Path) -> None:
    """Remove from the installed packages every folder of a service that is not called."""
    shutil.rmtree(packages / "boto3/data")  # resources, of which only clients are used here
    for model in (packages / "botocore/data").iterdir():
        if model.is_dir() and model.name not in SERVICES:
            shutil.rmtree(model)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
