"""The tags of any resource, or that nothing has such an ARN."""

import pytest

from strongroom.adapters.aws.member_resources import MemberResources
from tests.builders.places import HOME, PAYMENTS
from tests.fakes.night import VOLUME, FakeTagging


class Clients:
    def client(self, service: str, *, account: str, region: str) -> FakeTagging:
        assert (service, account, region) == ("resourcegroupstaggingapi", PAYMENTS, HOME)
        return FakeTagging()


@pytest.mark.parametrize(
    ("resource", "tags"), [(VOLUME, {"Backup": "daily-prod"}), (f"{VOLUME}0", None)], ids=["there", "gone"]
)
def test_a_resource_has_its_tags_and_one_that_is_gone_has_none(resource: str, tags: dict[str, str] | None) -> None:
    assert MemberResources(Clients()).tags(resource, account=PAYMENTS, region=HOME) == tags  # type: ignore[arg-type]
