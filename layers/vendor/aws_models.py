"""Cut what no function needs out of botocore's service models: other services, older versions, and documentation.

A client reads its service's model when it is made, at every cold start. What is left is a sixth of the size and is not
compressed, so that reading a model takes a quarter of the time.
"""

import gzip
import json
import shutil
import sys
from pathlib import Path
from typing import Any

# By botocore's names: those that the adapters call.
SERVICES = frozenset(
    {
        "account",
        "application-autoscaling",
        "backup",
        "backup-gateway",
        "cloudformation",
        "cloudtrail",
        "cloudwatch",
        "config",
        "controltower",
        "ds",
        "dsql",
        "dynamodb",
        "ec2",
        "efs",
        "eks",
        "events",
        "fsx",
        "iam",
        "kms",
        "lambda",
        "logs",
        "organizations",
        "ram",
        "rds",
        "redshift",
        "redshift-serverless",
        "resourcegroupstaggingapi",
        "s3",
        "s3control",
        "secretsmanager",
        "service-quotas",
        "sns",
        "sqs",
        "ssm-sap",
        "stepfunctions",
        "storagegateway",
        "sts",
        "timestream-write",
    }
)
_EXAMPLES = "examples-1.json"


class ServiceMissingError(Exception):
    """Botocore knows no service of a name that is to be kept."""


def cut_models(data: Path) -> None:
    """Change botocore's `data` folder in place; ServiceMissingError names services that it does not hold."""
    found = {folder.name for folder in data.iterdir() if folder.is_dir()}
    if missing := SERVICES - found:
        raise ServiceMissingError(f"botocore knows no {', '.join(sorted(missing))}")
    for name in found - SERVICES:
        shutil.rmtree(data / name)
    for name in SERVICES:
        *older, newest = sorted(folder for folder in (data / name).iterdir() if folder.is_dir())
        for version in older:
            shutil.rmtree(version)
        (newest / _EXAMPLES).unlink(missing_ok=True)
        for path in list(newest.iterdir()):
            stored = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
            path.unlink()
            plain = path.with_suffix("") if path.suffix == ".gz" else path
            plain.write_text(json.dumps(undocumented(json.loads(stored)), separators=(",", ":")), encoding="utf-8")


def undocumented(model: Any) -> Any:
    """The model with every `documentation` emptied, which botocore expects to find; a member of that name stays."""
    match model:
        case dict():
            return {name: "" if _is_documentation(name, each) else undocumented(each) for name, each in model.items()}
        case list():
            return [undocumented(each) for each in model]
        case _:
            return model


def _is_documentation(name: str, value: Any) -> bool:
    return name == "documentation" and isinstance(value, str)


if __name__ == "__main__":
    cut_models(Path(sys.argv[1]))
