"""Each vault's stack has a name that no other stack has."""

from copy import replace

import pytest

from strongroom.domain.intent.model import Intent
from strongroom.domain.intent.vaults import Vault
from strongroom.domain.stacks.stack_names import find_taken_names
from tests.builders.places import VAULT_ACCOUNT

FAR = Vault(name="far", account=VAULT_ACCOUNT, lock="none")
OWN = Vault(name="own", account="own", region="us-west-2")
SAME = replace(FAR, region="same")

CASES: dict[str, tuple[dict[str, Vault], list[str]]] = {
    "the example": ({}, []),
    "another name": ({"far": FAR, "second": OWN}, []),
    "a stack of ours": ({"audit": FAR}, ["vaults.audit"]),
    "a file of parameters of ours": ({"member": FAR}, ["vaults.member"]),
    "the StackSets of single accounts": ({"accounts": OWN}, ["vaults.accounts"]),
    "what differs by an underscore": ({"a_b": FAR, "a-b": FAR}, ["vaults.a-b"]),
    "a vault at each end of the name": ({"a": SAME, "a-eu-west-1": FAR}, ["vaults.a-eu-west-1"]),
    "one that is not made": ({"audit": replace(FAR, existing=True)}, []),
}


@pytest.mark.parametrize(("vaults", "paths"), CASES.values(), ids=CASES)
def test_a_name_that_is_taken_is_an_error_at_the_vault(
    vaults: dict[str, Vault], paths: list[str], intent: Intent
) -> None:
    found = list(find_taken_names(replace(intent, vaults=intent.vaults | vaults)))
    assert [(each.code, each.path) for each in found] == [("stack-name", path) for path in paths]
