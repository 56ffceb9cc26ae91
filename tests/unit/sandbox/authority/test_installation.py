"""AWS's own policies say what AWS says: each statement stands in moto's mirror of the AWS Managed Policy Reference."""

import json
from typing import Any

import pytest
from moto.iam.aws_managed_policies import aws_managed_policies_data

from sandbox.authority.installation import managed_policies


@pytest.mark.parametrize("name", managed_policies())
def test_every_statement_is_one_of_awss(name: str) -> None:
    mirrored: dict[str, Any] = json.loads(aws_managed_policies_data)[name.rpartition("/")[2]]
    assert mirrored["Path"].strip("/") == name.rpartition("/")[0]
    statements = json.loads(managed_policies()[name])["Statement"]
    assert statements
    for statement in statements:
        assert statement in mirrored["Document"]["Statement"]
