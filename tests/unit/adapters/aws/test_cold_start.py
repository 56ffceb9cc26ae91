"""The garbage collector leaves alone what is imported for good, and is afterwards as it was."""

import gc
from collections.abc import Callable, Iterator

import pytest

from strongroom.adapters.aws.cold_start import kept_for_good

both_ways = pytest.mark.parametrize("switch", [gc.enable, gc.disable])


@pytest.fixture(autouse=True)
def _collector() -> Iterator[None]:
    was_enabled = gc.isenabled()
    gc.unfreeze()
    yield
    gc.unfreeze()
    (gc.enable if was_enabled else gc.disable)()


@both_ways
def test_nothing_is_collected_meanwhile_and_nothing_of_it_is_looked_through_again(switch: Callable[[], None]) -> None:
    switch()
    before = gc.isenabled()
    with kept_for_good():
        assert not gc.isenabled()
        made = [object]
    assert gc.isenabled() is before
    assert gc.is_tracked(made)
    assert not any(each is made for each in gc.get_objects())  # which knows nothing of what is frozen


@both_ways
def test_a_failure_freezes_nothing_and_leaves_the_collector_as_it_was(switch: Callable[[], None]) -> None:
    switch()
    before = gc.isenabled()
    with pytest.raises(ImportError), kept_for_good():
        raise ImportError("there is no boto3")
    assert gc.isenabled() is before
    assert gc.get_freeze_count() == 0
