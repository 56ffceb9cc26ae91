"""One module knows what AWS and botocore answer; everybody else knows our errors."""

import re
from pathlib import Path

import pytest

from tests.contract.templates import ROOT

TRANSLATOR = "layers/core/strongroom/adapters/aws/errors.py"
PRODUCT = [path for room in ("layers", "functions", "cli") for path in ROOT.glob(f"{room}/**/*.py")]
THEIRS = re.compile(
    r"botocore\S* import .*exceptions|botocore\.exceptions|ClientError|BotoCoreError|\.exceptions\.[A-Z]"
)
NOT_OF_AWS = re.compile(r"urllib3\.exceptions\.\w+")


def names_what_botocore_raises(source: str) -> bool:
    """Whether the source names botocore's errors, or those that a client carries."""
    return THEIRS.search(NOT_OF_AWS.sub("", source)) is not None


def test_one_module_names_what_botocore_raises() -> None:
    found = [path for path in PRODUCT if names_what_botocore_raises(path.read_text(encoding="utf-8"))]
    assert [path.relative_to(ROOT) for path in found] == [Path(TRANSLATOR)]


@pytest.mark.parametrize(
    "source",
    [
        "from botocore.exceptions import ReadTimeoutError",
        "import botocore.exceptions",
        "from botocore import exceptions",
        "except ClientError as error:",
        "except self._dynamodb.exceptions.ConditionalCheckFailedException:",
    ],
)
def test_what_only_that_module_may_say_is_found(source: str) -> None:
    assert names_what_botocore_raises(source)
