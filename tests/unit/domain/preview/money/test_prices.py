"""The price table."""

import json
from datetime import date
from importlib import resources
from typing import Any

import pytest

from strongroom.domain.catalogue.rows import ROWS, names_of
from strongroom.domain.preview.money.prices import PriceTable, PriceTableError, StoragePrice, read_prices

TABLE: dict[str, Any] = {
    "date": "2026-05-01",
    "storage": {"eu-west-1": {"EBS": {"warm": 0.05, "cold": 0.0125}}},
    "transfer": {"us-east-1": {"us-east-2": 0.01, "*": 0.02}},
    "restores": {"eu-west-1": {"EFS": {"warm": 0.02}}},
}


def packaged() -> Any:
    """The table that comes with the command."""
    return json.loads(resources.files("strongroom_cli.rollout").joinpath("prices.json").read_text(encoding="utf-8"))


def test_a_table_says_what_storage_and_transfer_cost() -> None:
    table = read_prices(TABLE)
    assert table.day == date(2026, 5, 1)
    assert table.stored("eu-west-1", "EBS") == StoragePrice(warm=0.05, cold=0.0125)
    assert table.restored("eu-west-1", "EFS") == StoragePrice(warm=0.02)
    assert table.moved("us-east-1", "us-east-2") == 0.01
    assert table.moved("us-east-1", "eu-west-1") == 0.02
    assert table.moved("eu-west-1", "eu-west-1") == 0


def test_what_it_does_not_say_is_unknown() -> None:
    table = read_prices(TABLE)
    assert table.stored("eu-west-1", "EFS") == StoragePrice()
    assert table.stored("eu-north-1", "EBS") == StoragePrice()
    assert table.restored("eu-west-1", "EBS") == StoragePrice()
    assert table.moved("eu-west-1", "us-east-1") is None
    assert read_prices({"date": "2026-05-01"}) == PriceTable(day=date(2026, 5, 1), storage={}, transfer={})


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"date": "last May"}, "date: 'last May' is no day"),
        ({"date": None}, "date: None is no day"),
        ({"storage": []}, "storage: [] is no object"),
        ({"storage": {"eu-west-1": 1}}, "storage.eu-west-1: 1 is no object"),
        ({"storage": {"eu-west-1": {"EBS": {"hot": 1}}}}, "storage.eu-west-1.EBS.hot: storage is warm or cold"),
        ({"storage": {"eu-west-1": {"EBS": {"warm": "0.05"}}}}, "storage.eu-west-1.EBS.warm: '0.05' is no price"),
        ({"storage": {"eu-west-1": {"EBS": {"warm": True}}}}, "storage.eu-west-1.EBS.warm: True is no price"),
        ({"restores": {"eu-west-1": {"EBS": {"warm": None}}}}, "restores.eu-west-1.EBS.warm: None is no price"),
        ({"transfer": {"eu-west-1": {"*": -1}}}, "transfer.eu-west-1.*: -1 is no price"),
        ({"transfer": {"eu-west-1": {"*": float("nan")}}}, "transfer.eu-west-1.*: nan is no price"),
    ],
)
def test_a_table_of_another_form_is_refused_with_the_place(changes: dict[str, Any], told: str) -> None:
    with pytest.raises(PriceTableError) as refused:
        read_prices({**TABLE, **changes})
    assert str(refused.value).startswith(told)


def test_a_table_is_an_object() -> None:
    with pytest.raises(PriceTableError, match="the document: 'text' is no object"):
        read_prices("text")


def test_the_table_that_comes_along_names_types_of_aws_backup_and_a_source_for_each_figure() -> None:
    document = packaged()
    table = read_prices(document)
    assert table.stored("eu-west-1", "EBS") == StoragePrice(warm=0.05, cold=0.0125)
    assert {name for _, name in (*table.storage, *table.restores)} <= set(names_of(ROWS))
    sourced = {place for source in document["sources"] for place in source["of"]}
    assert sourced == {
        *(f"storage.{region}.{name}" for region, name in table.storage),
        *(f"restores.{region}.{name}" for region, name in table.restores),
        *(f"transfer.{source}" for source, _ in table.transfer),
    }
