"""Every list that the model pages comes in pages: small ones give the whole, and a foreign token is refused."""

from itertools import chain
from typing import Any, Final

import pytest
from botocore import xform_name
from botocore.exceptions import ClientError

from sandbox.clients import client, list_pages
from tests.conformance.conftest import Stage
from tests.conformance.operations import Operation, operations
from tests.conformance.places import GAPPED, account_of

# What EC2 takes for a page at least: API reference of each operation.
SMALLEST: Final = {"ec2": 5}
# The next page of these begins after an item, so that any name will do.
BEGIN_AFTER_AN_ITEM: Final = ("dynamodb", "s3")
# Of these there are more than one page, so that the others may have fewer.
SEVERAL: Final = {
    "backup:ListBackupVaults", "dynamodb:ListTables", "ec2:DescribeInstances", "ec2:DescribeVolumes",
    "efs:DescribeFileSystems", "events:ListRules", "events:ListTargetsByRule", "iam:ListRoles", "kms:ListAliases",
    "sqs:ListQueues",
}  # fmt: skip

# What is asked of one kind of vault only.
OF_ITS_KIND: Final = {"backup:ListRestoreAccessBackupVaults": {"BackupVaultName": GAPPED}}


def paged() -> list[Operation]:
    """The operations whose lists have a size of page."""
    return [
        each
        for each in operations()
        if each.service != "organizations"
        and "limit_key" in list_pages(each.service).get(each.name, {})
        and not isinstance(list_pages(each.service)[each.name]["result_key"], list)
    ]


def ask(operation: Operation, stage: Stage, **more: Any) -> dict[str, Any]:
    """The answer to a call with what it must name, and more."""
    shape: Any = operation.model.input_shape
    pool = stage.pool.get(operation.service, {})
    assert pool.keys() >= set(shape.required_members), "places.py makes nothing here that it could name"
    named = {name: pool[name][0] for name in shape.required_members} | OF_ITS_KIND.get(str(operation), {})
    aws = client(operation.service, account_of(operation.service))
    answer: dict[str, Any] = getattr(aws, xform_name(operation.name))(**named, **more)
    return answer


def test_every_list_that_has_several_pages_is_called() -> None:
    assert set(map(str, paged())) >= SEVERAL


@pytest.mark.parametrize("operation", paged(), ids=str)
def test_pages_add_up_to_the_whole(operation: Operation, stage: Stage) -> None:
    keys = list_pages(operation.service)[operation.name]
    size = SMALLEST.get(operation.service, 1)
    whole = ask(operation, stage)[keys["result_key"]]
    assert len(whole) > size or str(operation) not in SEVERAL
    pages = [ask(operation, stage, **{keys["limit_key"]: size})]
    while token := pages[-1].get(keys["output_token"]):
        pages.append(ask(operation, stage, **{keys["limit_key"]: size, keys["input_token"]: token}))
    found = [page.get(keys["result_key"], []) for page in pages]
    assert max(map(len, found)) <= size
    assert list(chain.from_iterable(found)) == whole


@pytest.mark.parametrize("operation", [each for each in paged() if each.service not in BEGIN_AFTER_AN_ITEM], ids=str)
def test_a_token_that_the_list_never_gave_is_refused(operation: Operation, stage: Stage) -> None:
    keys = list_pages(operation.service)[operation.name]
    with pytest.raises(ClientError) as refused:
        ask(operation, stage, **{keys["input_token"]: "bm90LW91cnM"})
    assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == 400
