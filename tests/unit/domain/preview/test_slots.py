"""Whether a target has room for our guardrails."""

import pytest

from strongroom.domain.preview.slots import Slots, scp_slots

OURS = frozenset({"strongroom-protect-backups", "strongroom-require-backup-tag"})


@pytest.mark.parametrize(
    ("others", "limit", "expected"), [(3, 5, False), (4, 5, True), (8, 10, False), (9, None, False)]
)
def test_ours_need_room_beside_those_of_others(others: int, limit: int | None, *, expected: bool) -> None:
    attached = {"Workloads": [f"aws-guardrails-{number}" for number in range(others)]}
    [slots] = scp_slots({"Workloads": OURS}, attached, limit=limit)
    assert (len(slots.taken), slots.needed, slots.is_full) == (others, 2, expected)


def test_what_is_ours_already_takes_no_slot_of_others() -> None:
    [slots] = scp_slots({"Workloads": OURS}, {"Workloads": [*OURS, "FullAWSAccess"]}, limit=5)
    assert slots == Slots(target="Workloads", taken=("FullAWSAccess",), needed=2, limit=5)
