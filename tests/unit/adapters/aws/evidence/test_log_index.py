"""The log's table tells how far the log has come and where each object stands, and moves the head once."""

from collections.abc import Iterator
from typing import Any

import pytest
from moto import mock_aws

from strongroom.adapters.aws.evidence.log_index import TableLogIndex
from strongroom.domain.errors import TemporarilyUnavailableError
from strongroom.domain.evidence.log.merkle import leaf_hash
from strongroom.domain.evidence.log.tiles import LogTree, append_leaves
from tests.builders.places import HOME
from tests.fakes.moto_clients import moto_client

TABLE = "log"


@pytest.fixture
def index() -> Iterator[TableLogIndex]:
    """An empty table."""
    with mock_aws():
        made: Any = moto_client("dynamodb", HOME)
        made.create_table(
            TableName=TABLE,
            KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
            AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in ("pk", "sk")],
            BillingMode="PAY_PER_REQUEST",
        )
        yield TableLogIndex(made, TABLE)


def a_tree(size: int) -> LogTree:
    """A log of so many leaves."""
    tree, _ = append_leaves(LogTree(), (leaf_hash(str(number).encode()) for number in range(size)))
    return tree


def test_before_anything_is_logged_the_log_is_empty(index: TableLogIndex) -> None:
    assert (index.tree(), index.placed(), index.places("evidence/r-1/")) == (LogTree(), frozenset(), {})


@pytest.mark.parametrize("size", [1, 255, 256, 300])
def test_the_log_stands_as_it_was_left(index: TableLogIndex, size: int) -> None:
    index.move(before=LogTree(), after=a_tree(size))
    assert index.tree() == a_tree(size)


def test_the_head_moves_from_where_it_is_and_from_nowhere_else(index: TableLogIndex) -> None:
    index.move(before=LogTree(), after=a_tree(2))
    for before in (LogTree(), a_tree(1), a_tree(3)):
        with pytest.raises(TemporarilyUnavailableError, match="somebody else moved the head of the log"):
            index.move(before=before, after=a_tree(4))
    index.move(before=a_tree(2), after=a_tree(4))
    assert index.tree() == a_tree(4)


def test_objects_are_found_by_the_folder_of_their_request(index: TableLogIndex) -> None:
    keys = ("evidence/r-1/request.json", "evidence/r-1/proofs/a.json", "evidence/r-10/request.json", "policies/a.json")
    for number, key in enumerate(keys):
        index.place(key, number)
    index.move(before=LogTree(), after=a_tree(4))
    assert index.places("evidence/r-1/") == {keys[0]: 0, keys[1]: 1}
    assert index.placed() == frozenset(keys)
