"""The JSON of a preview."""

import json
from copy import replace

from strongroom.domain.identifiers import AccountId
from strongroom.domain.preview.form import form_of
from strongroom.domain.preview.resources.catches import Caught, Change, Remark
from strongroom.domain.preview.resources.fates import Fate
from tests.unit.domain.preview.test_report import PREVIEW


def test_the_shape_is_the_same_whatever_there_is() -> None:
    told = form_of(PREVIEW)
    assert list(told) == ["accounts", "effective", "policies", "scp_slots", "resources", "points", "money", "locks"]
    assert set(told["resources"]["fates"]) == {fate.name.lower() for fate in Fate}
    assert set(told["resources"]["changes"]) == {change.name.lower() for change in Change}
    assert set(told["resources"]["remarks"]) == {remark.name.lower() for remark in Remark}
    assert told["resources"]["fates"]["caught"] == 1204
    assert told["resources"]["fates"]["elsewhere"] == 0


def test_it_is_json_and_nothing_else() -> None:
    told = form_of(PREVIEW)
    assert json.loads(json.dumps(told))["money"]["total"] == 3410
    assert told["money"]["prices_of"] == "2026-05-01"
    assert told["locks"][0]["immutable_from"] == "2027-01-02"
    assert [slot["fits"] for slot in told["scp_slots"]] == [True, False]


def test_accounts_have_counts_of_their_own_and_examples_are_named_by_key() -> None:
    total = PREVIEW.caught.total
    caught = Caught(
        total=total, accounts={AccountId("222222222222"): total}, examples={Remark.TWICE: ("arn:aws:s3:::a",)}
    )
    told = form_of(replace(PREVIEW, caught=caught))["resources"]
    assert told["accounts"]["222222222222"]["fates"] == told["fates"]
    assert told["examples"] == {"twice": ["arn:aws:s3:::a"]}
