"""The ledger's values are those of DynamoDB's own table of types, and nothing else is stored."""

from decimal import Decimal
from typing import Any

import pytest
from boto3.dynamodb.types import TypeDeserializer, TypeSerializer
from hypothesis import given
from hypothesis import strategies as st

from strongroom.adapters.ledger.values import UnstorableError, plain, typed

STORED = st.recursive(
    st.none() | st.booleans() | st.text() | st.integers(min_value=-(10**37), max_value=10**37),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(min_size=1), inner, max_size=4),
    max_leaves=12,
)


@given(STORED)
def test_a_value_comes_back_as_it_was_stored(value: Any) -> None:
    assert plain(typed(value)) == value


@given(STORED)
def test_the_aws_sdk_writes_and_reads_the_same(value: Any) -> None:
    assert typed(value) == TypeSerializer().serialize(value)
    stored: Any = typed(value)
    assert TypeDeserializer().deserialize(stored) == value


def test_a_tuple_is_stored_as_a_list() -> None:
    assert typed(("a", 1)) == {"L": [{"S": "a"}, {"N": "1"}]}


@pytest.mark.parametrize("value", [1.5, Decimal(1), b"", {1, 2}, object()])
def test_what_the_ledger_does_not_store_is_refused_by_its_type(value: Any) -> None:
    with pytest.raises(UnstorableError, match=f"does not store a {type(value).__name__}"):
        typed({"row": [value]})


@pytest.mark.parametrize("kind", ["SS", "NS", "B", "BS"])
def test_a_kind_that_the_ledger_never_stored_is_refused_by_its_name(kind: str) -> None:
    with pytest.raises(UnstorableError, match=kind):
        plain({kind: ["1"]})
