"""The benchmark of the preview does the work that it measures; nothing is expected of how long it took."""

import pytest

from benchmarks.deciding import preview
from benchmarks.deciding.preview import inventory_of, measure_preview
from benchmarks.measurement import NotMeasuredError
from strongroom.domain.intent.model import Intent
from strongroom.domain.preview.resources.inventory import Inventory


def test_every_account_has_resources_that_are_caught_and_priced(intent: Intent) -> None:
    small, large = measure_preview(intent, sizes=(48, 96), runs=1)
    assert (large.name, large.ratio_to) == ("preview.96_accounts", small.name)
    assert (small.detail["resources"], large.detail["resources"]) == (48 * 40, 96 * 40)
    assert large.detail["caught"] == 2 * small.detail["caught"] > 1_000
    assert large.detail["dollars"] == pytest.approx(2 * small.detail["dollars"], rel=0.05)


def test_a_preview_that_catches_nothing_is_not_measured(intent: Intent, monkeypatch: pytest.MonkeyPatch) -> None:
    nothing = Inventory(resources=(), opt_ins=inventory_of(intent, accounts=1).opt_ins)
    monkeypatch.setattr(preview, "inventory_of", lambda *_, **__: nothing)
    with pytest.raises(NotMeasuredError, match="caught nothing"):
        measure_preview(intent, sizes=(48,), runs=1)
