"""What we touch inside MiniStack for services that it does not have is still there, and it does not have them still.

Sources: the API references of the calls; Service Authorization Reference.
"""

import asyncio
from collections.abc import Iterator

import pytest
from ministack import app
from ministack.core import iam_actions

from sandbox.seams import host as seams
from sandbox.seams.tagging import empty_lists


@pytest.fixture(autouse=True)
def _emulator() -> Iterator[None]:
    """The emulator as it came, afterwards."""
    yield
    seams.restore()


@pytest.mark.parametrize("service", empty_lists.LISTS)
def test_the_emulator_alone_does_not_have_a_service_whose_lists_are_empty(service: str) -> None:
    assert service not in app.SERVICE_HANDLERS
    assert service not in iam_actions.SERVICE_TO_IAM_NAMESPACE
    assert service not in iam_actions._BOTOCORE_SERVICE_MAP  # noqa: SLF001


def test_such_a_service_is_under_iam() -> None:
    empty_lists.install()
    target = {"x-amz-target": "AWSSimbaAPIService_v20180301.DescribeVolumes"}
    assert iam_actions.extract_iam_action("fsx", "POST", "/", target, b"{}", {}) == "fsx:DescribeVolumes"
    asked = iam_actions.extract_iam_action("ssm-sap", "POST", "/list-databases", {}, b"{}", {})
    assert asked == "ssm-sap:ListDatabases"


@pytest.mark.parametrize(
    ("service", "path", "headers", "body", "status", "said"),
    [
        ("fsx", "/", {"x-amz-target": "X.DescribeFileSystems"}, b"{}", 200, b'{"FileSystems": []}'),
        ("fsx", "/", {"x-amz-target": "X.CreateFileSystem"}, b"{}", 400, b"CreateFileSystem is not played here"),
        ("ssm-sap", "/list-databases", {}, b"{}", 200, b'{"Databases": []}'),
        ("redshift", "/", {}, b"Action=DescribeClusters&Version=2012-12-01", 200, b"<Clusters/>"),
        ("redshift", "/", {}, b"Version=2012-12-01&Action=CreateCluster", 400, b"InvalidAction"),
    ],
)
def test_it_lists_nothing_and_takes_nothing_else(
    service: str, path: str, headers: dict[str, str], body: bytes, status: int, said: bytes
) -> None:
    empty_lists.install()
    answered, _, answer = asyncio.run(app.SERVICE_HANDLERS[service]("POST", path, headers, body, {}))
    assert answered == status
    assert said in answer
