"""What sees to tags waits for the services that it writes to, and hardly for what KMS says of keys."""

from typing import Any

import pytest

from strongroom.adapters.aws import clients
from strongroom.domain.key_managers import KeyManager
from strongroom.runtime.platform import current_platform
from strongroom.services.tags.enforce_tags import TagEnforcementNeeds
from strongroom.wiring.tags.seeing_to import kept_managers, seeing_to
from tests.builders.places import HOME, PAYMENTS
from tests.conftest import FakeClients

DATABASE = f"arn:aws:rds:{HOME}:{PAYMENTS}:db:orders"


class Member:
    """KMS and RDS of a member, which have one key and one database without tags."""

    def describe_key(self, **_: Any) -> dict[str, Any]:
        return {"KeyMetadata": {"KeyManager": "CUSTOMER"}}

    def list_tags_for_resource(self, **_: Any) -> dict[str, Any]:
        return {"TagList": []}


def test_keys_alone_are_asked_for_in_haste(
    platform_environment: None, fake_clients: FakeClients, monkeypatch: pytest.MonkeyPatch
) -> None:
    hasty: dict[str, bool] = {}

    def connect(service: str, **how: Any) -> Any:
        hasty[service] = how.get("hasty", False)
        return fake_clients.connect(service, **how)

    monkeypatch.setattr(clients, "connect", connect)
    kept_managers.cache_clear()
    fake_clients.own |= dict.fromkeys(("dynamodb", "events", "organizations", "sns", "sqs"))
    fake_clients.member |= dict.fromkeys([(PAYMENTS, "kms"), (PAYMENTS, "rds")], Member())
    needs = seeing_to(TagEnforcementNeeds, current_platform())
    assert needs.keys.manager("key", account=PAYMENTS, region=HOME) is KeyManager.CUSTOMER
    assert needs.tags.shown([DATABASE], account=PAYMENTS, region=HOME) == {DATABASE: {}}
    assert (hasty["kms"], hasty["rds"]) == (True, False)
