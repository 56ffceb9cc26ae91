"""Resource shares, by the rules of the API reference of AWS RAM and by those of air-gapped vaults."""

from dataclasses import dataclass
from typing import Any

import pytest

from sandbox.sharing.store import Place, Shares, SharingError, World
from tests.builders.places import BACKUP_ACCOUNT, HOME, PAYMENTS, a_vault_arn

GAPPED, STANDARD = a_vault_arn("gapped"), a_vault_arn("central")
OWNER, MEMBER = Place(BACKUP_ACCOUNT, HOME), Place(PAYMENTS, HOME)
STRANGER = "123456789012"
ORGANIZATION = "arn:aws:organizations::111111111111:organization/o-example"
UNIT = "arn:aws:organizations::111111111111:ou/o-example/ou-strg-prod0001"


@dataclass
class Switch:
    is_on: bool = True


@pytest.fixture
def switch() -> Switch:
    return Switch()


@pytest.fixture
def shares(switch: Switch) -> Shares:
    world = World(
        may_be_shared={GAPPED: True, STANDARD: False}.get,
        is_inside=lambda account: account != STRANGER,
        shares_inside=lambda: switch.is_on,
    )
    return Shares(world)


def asked(**more: Any) -> dict[str, Any]:
    return {"name": "gapped", "resourceArns": [GAPPED], "principals": [PAYMENTS], **more}


def test_whom_it_is_for_sees_it_at_once_inside_of_the_organisation(shares: Shares) -> None:
    share = shares.create(OWNER, asked(allowExternalPrincipals=False))["resourceShare"]
    assert (share["status"], share["owningAccountId"]) == ("ACTIVE", BACKUP_ACCOUNT)
    assert shares.accounts_of(GAPPED) == {PAYMENTS}
    told = shares.principals(OWNER, {"resourceOwner": "SELF", "resourceArn": GAPPED})["principals"]
    assert [(each["id"], each["external"]) for each in told] == [(PAYMENTS, False)]
    seen = shares.resources(MEMBER, {"resourceOwner": "OTHER-ACCOUNTS"})["resources"]
    assert [each["arn"] for each in seen] == [GAPPED]
    assert shares.resources(Place(PAYMENTS, "eu-central-1"), {"resourceOwner": "OTHER-ACCOUNTS"}) == {"resources": []}


@pytest.mark.parametrize(
    ("more", "code"),
    [
        # Developer Guide, "Logically air-gapped vault": with accounts, and not with an organisation.
        pytest.param({"principals": [ORGANIZATION]}, "InvalidParameterException", id="an organisation"),
        pytest.param({"principals": [UNIT]}, "InvalidParameterException", id="a unit"),
        pytest.param({"resourceArns": [STANDARD]}, "InvalidParameterException", id="a standard vault"),
        pytest.param({"resourceArns": [a_vault_arn("gone")]}, "UnknownResourceException", id="no vault"),
        pytest.param(
            {"resourceArns": [a_vault_arn("gapped", account=PAYMENTS)]}, "UnknownResourceException", id="another's"
        ),
        pytest.param({"resourceArns": ["gapped"]}, "MalformedArnException", id="no ARN"),
        pytest.param(
            {"principals": [STRANGER], "allowExternalPrincipals": False},
            "OperationNotPermittedException",
            id="a stranger",
        ),
    ],
)
def test_what_is_refused_shares_nothing(shares: Shares, more: dict[str, Any], code: str) -> None:
    with pytest.raises(SharingError) as refused:
        shares.create(OWNER, asked(**more))
    assert (refused.value.code, shares.kept) == (code, {})


def test_without_sharing_in_the_organisation_an_account_is_invited_and_sees_nothing(
    shares: Shares, switch: Switch
) -> None:
    # User guide, "Enable resource sharing within AWS Organizations".
    switch.is_on = False
    shares.create(OWNER, asked())
    assert shares.accounts_of(GAPPED) == frozenset()
    with pytest.raises(SharingError, match="have not enabled sharing"):
        shares.create(OWNER, asked(allowExternalPrincipals=False))


def test_accounts_are_added_and_taken_out(shares: Shares) -> None:
    arn = shares.create(OWNER, asked())["resourceShare"]["resourceShareArn"]
    shares.associate(OWNER, {"resourceShareArn": arn, "principals": ["333333333333"]})
    shares.disassociate(OWNER, {"resourceShareArn": arn, "principals": [PAYMENTS]})
    assert shares.accounts_of(GAPPED) == {"333333333333"}
    found = shares.associations(OWNER, {"associationType": "PRINCIPAL", "resourceShareArns": [arn]})
    assert [each["associatedEntity"] for each in found["resourceShareAssociations"]] == ["333333333333"]
    with pytest.raises(SharingError, match="is not associated"):
        shares.disassociate(OWNER, {"resourceShareArn": arn, "principals": [PAYMENTS]})
    with pytest.raises(SharingError, match="could not be found"):
        shares.associate(MEMBER, {"resourceShareArn": arn, "principals": [PAYMENTS]})


def test_a_share_is_found_by_its_name_and_deleted(shares: Shares) -> None:
    arn = shares.create(OWNER, asked())["resourceShare"]["resourceShareArn"]
    shares.create(OWNER, asked(name="other", principals=[]))
    own = {"resourceOwner": "SELF", "name": "gapped"}
    assert [each["resourceShareArn"] for each in shares.shares(OWNER, own)["resourceShares"]] == [arn]
    assert shares.shares(MEMBER, {"resourceOwner": "OTHER-ACCOUNTS"})["resourceShares"][0]["name"] == "gapped"
    shares.delete(OWNER, {"resourceShareArn": arn})
    assert shares.accounts_of(GAPPED) == frozenset()
    with pytest.raises(SharingError, match="cannot be said of principals"):
        shares.associations(OWNER, {"associationType": "PRINCIPAL", "resourceArn": GAPPED})
