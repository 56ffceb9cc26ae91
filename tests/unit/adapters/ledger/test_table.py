"""One contract for the two tables: what DynamoDB does, as far as moto is it, the one in memory does as well."""

from collections.abc import Mapping
from datetime import datetime
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from strongroom.adapters.ledger.changes import (
    AllOf,
    AnyOf,
    AtMost,
    Below,
    Change,
    Condition,
    Contains,
    Equals,
    Exists,
    Key,
    Not,
    absent,
)
from strongroom.adapters.ledger.expressions import Expressions
from strongroom.adapters.ledger.memory import MemoryTable, holds
from strongroom.adapters.ledger.table import Item, LedgerTable, Table
from strongroom.domain.alerts.complaints import AlertKind
from strongroom.domain.errors import CallRefusedError, MalformedIdentifierError
from tests.conftest import LEDGER, create_ledger

KEY = Key("ALERT#1", "STATE")
ITEM = KEY.item | {"status": "open", "rank": 2, "jobs": ["a", 7], "told": True, "untold_since": ""}
ALWAYS = AnyOf(Exists("pk"), absent("pk"))


# Conditions


HOLDING = {
    "an attribute that is there exists": Exists("status"),
    "empty text exists": Exists("untold_since"),
    "an attribute that is not there is absent": absent("reason"),
    "the same text": Equals("status", "open"),
    "the same number": Equals("rank", 2),
    "a word of an enumeration is text": Not(Equals("status", AlertKind.COPY_MISSING)),
    "a smaller number": Below("rank", 3),
    "text that sorts before": Below("status", "opened"),
    "capitals sort before small letters": Not(Below("status", "OPEN")),
    "letters sort by their code": Below("status", "ö"),
    "nothing sorts before empty text": Not(Below("untold_since", "")),
    "empty text is at most empty text": AtMost("untold_since", ""),
    "the bound itself": AtMost("rank", 2),
    "a list with the element": Contains("jobs", "a"),
    "a list with the number": Contains("jobs", 7),
    "text with the part": Contains("status", "pe"),
    "both": AllOf(Equals("status", "open"), Below("rank", 3)),
    "one of three": AnyOf(Equals("status", "closed"), Below("rank", 2), Exists("told")),
    "and in or in not": Not(AnyOf(AllOf(Exists("status"), Exists("reason")), Below("rank", 2))),
    # What is absent
    "what is absent equals nothing": Not(Equals("reason", "")),
    "what is absent is not below": Not(Below("reason", "z")),
    "what is absent is not at most": Not(AtMost("reason", "z")),
    "what is absent contains nothing": Not(Contains("reason", "a")),
    # What is of another type
    "a number is not its text": Not(Equals("rank", "2")),
    "text is not its number": Not(Equals("status", 2)),
    "a number contains nothing": Not(Contains("rank", 2)),
    "text contains no number": Not(Contains("status", 1)),
    "a list does not contain a part of an element's text": Not(Contains("jobs", "")),
    "a list of numbers does not contain their text": Not(Contains("jobs", "7")),
}
# Here moto compares as Python does, or fails. DynamoDB's answers: Alternator's tests, which ScyllaDB runs against AWS,
# `test_condition_expression.py` (test_update_condition_lt and _eq_different).
HOLDING_BEYOND_MOTO = {
    "a number is not below text": Not(Below("rank", "9")),
    "text is not below a number": Not(AtMost("status", 9)),
    "a list is not below text": Not(Below("jobs", "z")),
    "true is not 1": Not(Equals("told", 1)),
    "true is not at most 1": Not(AtMost("told", 1)),
}


@pytest.mark.parametrize("condition", HOLDING.values(), ids=HOLDING)
def test_a_change_is_made_exactly_where_its_condition_holds(condition: Condition, ledger_table: Table) -> None:
    ledger_table.put(ITEM)
    assert ledger_table.change(KEY, Change(set={"seen": 1}, when=Not(condition))) is None
    assert ledger_table.get(KEY) == ITEM
    assert ledger_table.change(KEY, Change(set={"seen": 1}, when=condition)) == ITEM | {"seen": 1}
    assert ledger_table.get(KEY) == ITEM | {"seen": 1}


@pytest.mark.parametrize("condition", HOLDING_BEYOND_MOTO.values(), ids=HOLDING_BEYOND_MOTO)
def test_what_moto_does_not_know_holds_in_memory(condition: Condition) -> None:
    assert holds(condition, ITEM)
    assert not holds(Not(condition), ITEM)


def test_a_condition_is_said_without_redundant_parentheses_and_reserved_words() -> None:
    said = Expressions()
    condition = AnyOf(absent("pk"), AllOf(Not(Equals("status", "open")), AtMost("rank", 2)))
    assert said.condition(condition) == "(NOT (attribute_exists(#pk))) OR ((NOT (#status = :v0)) AND (#rank <= :v1))"
    assert said.names == {"#pk": "pk", "#status": "status", "#rank": "rank"}
    assert said.values == {":v0": "open", ":v1": 2}


# Changes

CHANGES: dict[str, tuple[Item | None, Change, Item | None]] = {
    "what is not there is made": (None, Change(set={"status": "open"}, when=absent("pk")), {"status": "open"}),
    "what is there is not made again": (ITEM, Change(set={"status": "new"}, when=absent("pk")), None),
    "what is not there is not changed": (None, Change(set={"status": "new"}, when=Exists("pk")), None),
    "values are replaced": (
        ITEM,
        Change(set={"status": "closed", "jobs": ()}, when=ALWAYS),
        ITEM | {"status": "closed", "jobs": []},
    ),
    "a value may be of another type": (ITEM, Change(set={"rank": "two"}, when=ALWAYS), ITEM | {"rank": "two"}),
    "None is absence": (
        ITEM,
        Change(set={"status": None, "reason": None}, when=ALWAYS),
        {name: value for name, value in ITEM.items() if name != "status"},
    ),
    "what is removed is gone, and what was not there stays so": (
        ITEM,
        Change(remove=("jobs", "reason"), when=ALWAYS),
        {name: value for name, value in ITEM.items() if name != "jobs"},
    ),
    "a number is added": (ITEM, Change(add={"rank": -5}, when=ALWAYS), ITEM | {"rank": -3}),
    "adding begins at nothing": (ITEM, Change(add={"count": 2}, when=ALWAYS), ITEM | {"count": 2}),
    "an element is appended": (ITEM, Change(append={"jobs": "b"}, when=ALWAYS), ITEM | {"jobs": ["a", 7, "b"]}),
    "appending begins with an empty list": (None, Change(append={"jobs": "a"}, when=ALWAYS), {"jobs": ["a"]}),
    "a list is appended as one element": (
        ITEM,
        Change(append={"jobs": [1]}, when=ALWAYS),
        ITEM | {"jobs": ["a", 7, [1]]},
    ),
    "everything at once": (
        ITEM,
        Change(set={"status": "x"}, remove=("told",), add={"rank": 1}, append={"jobs": "b"}, when=Equals("rank", 2)),
        KEY.item | {"status": "x", "rank": 3, "jobs": ["a", 7, "b"], "untold_since": ""},
    ),
    "words of an enumeration become text": (
        None,
        Change(set={"kind": AlertKind.COPY_MISSING, "in": {"it": (AlertKind.COPY_MISSING,)}}, when=ALWAYS),
        {"kind": "copy-missing", "in": {"it": ["copy-missing"]}},
    ),
    "within a value None is kept": (
        None,
        Change(set={"a": [None], "b": {"c": None}}, when=ALWAYS),
        {"a": [None], "b": {"c": None}},
    ),
}


@pytest.mark.parametrize(("before", "change", "after"), CHANGES.values(), ids=CHANGES)
def test_a_change_answers_the_item_as_it_is_now(
    before: Item | None, change: Change, after: Item | None, ledger_table: Table
) -> None:
    if before is not None:
        ledger_table.put(before)
    expected = None if after is None else KEY.item | after
    assert ledger_table.change(KEY, change) == expected
    assert ledger_table.get(KEY) == (before if after is None else expected)


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(Change(add={"status": 1}, when=ALWAYS), id="a number to text"),
        pytest.param(Change(add={"told": 1}, when=ALWAYS), id="a number to a truth"),
        pytest.param(Change(append={"status": "a"}, when=ALWAYS), id="an element to text"),
        pytest.param(Change(set={"since": datetime(2026, 7, 1)}, when=ALWAYS), id="a moment"),  # noqa: DTZ001 not read
        pytest.param(Change(set={"share": 0.5}, when=ALWAYS), id="a fraction"),
    ],
)
def test_what_dynamodb_cannot_do_is_refused_and_changes_nothing(change: Change, ledger_table: Table) -> None:
    ledger_table.put(ITEM)
    with pytest.raises((TypeError, CallRefusedError)):
        ledger_table.change(KEY, change)
    assert ledger_table.get(KEY) == ITEM


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"set": {"pk": "x"}},
        {"remove": ("sk",)},
        {"set": {"rank": 1}, "add": {"rank": 1}},
        {"set": {"rank": None}, "remove": ("rank",)},
    ],
    ids=str,
)
def test_a_change_names_attributes_once_and_no_key(change: Mapping[str, Any]) -> None:
    with pytest.raises(ValueError, match="some attributes, each once"):
        Change(**change, when=ALWAYS)


# Changes of several items

OTHER = Key("TICKET#1", "USE")
OTHER_ITEM = OTHER.item | {"request_id": "r-1"}
DONE = Change(set={"status": "done"}, when=Exists("status"))
TAKEN = Change(set={"request_id": "r-2"}, when=absent("request_id"))
KEPT = Change(set={"request_id": "r-2"}, when=Equals("request_id", "r-1"))


def test_items_are_changed_together_and_made_where_they_are_not(ledger_table: Table) -> None:
    ledger_table.put(ITEM)
    assert ledger_table.change_all({KEY: DONE, OTHER: TAKEN})
    assert ledger_table.get(KEY) == ITEM | {"status": "done"}
    assert ledger_table.get(OTHER) == OTHER.item | {"request_id": "r-2"}


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({KEY: DONE, OTHER: TAKEN}, id="the last condition does not hold"),
        pytest.param({OTHER: TAKEN, KEY: DONE}, id="the first condition does not hold"),
        pytest.param({KEY: Change(set={"a": 1}, when=absent("status")), OTHER: TAKEN}, id="no condition holds"),
        pytest.param({Key("P", "new"): Change(set={"a": 1}, when=absent("a")), OTHER: TAKEN}, id="one would be made"),
    ],
)
def test_where_one_condition_does_not_hold_nothing_is_changed(
    changes: Mapping[Key, Change], ledger_table: Table
) -> None:
    ledger_table.put(ITEM)
    ledger_table.put(OTHER_ITEM)
    assert not ledger_table.change_all(changes)
    assert [ledger_table.get(key) for key in (KEY, OTHER, Key("P", "new"))] == [ITEM, OTHER_ITEM, None]


def test_of_two_writers_who_change_together_the_second_is_told_no(ledger_table: Table) -> None:
    ledger_table.put(ITEM)
    ledger_table.put(OTHER_ITEM)
    assert ledger_table.change_all({KEY: DONE, OTHER: KEPT})
    assert not ledger_table.change_all({KEY: DONE, OTHER: KEPT})


@pytest.mark.parametrize("value", [{"add": {"status": 1}}, {"set": {"share": 0.5}}], ids=str)
def test_a_change_that_cannot_be_made_is_refused_with_all_others(value: Mapping[str, Any], ledger_table: Table) -> None:
    ledger_table.put(ITEM)
    with pytest.raises((TypeError, CallRefusedError)):
        ledger_table.change_all({OTHER: TAKEN, KEY: Change(**value, when=Exists("status"))})
    assert [ledger_table.get(key) for key in (KEY, OTHER)] == [ITEM, None]


# Items


def test_a_taken_key_is_not_written_again(ledger_table: Table) -> None:
    assert ledger_table.put_new(ITEM)
    assert not ledger_table.put_new(KEY.item | {"status": "other"})
    assert ledger_table.get(KEY) == ITEM


@pytest.mark.parametrize("key", [Key("é" * 1_025, "STATE"), Key("ALERT#1", "s" * 1_025)], ids=["partition", "place"])
def test_a_key_that_dynamodb_would_refuse_is_no_key(key: Key, ledger_table: Table) -> None:
    with pytest.raises(MalformedIdentifierError, match="longer than"):
        ledger_table.get(key)
    with pytest.raises(MalformedIdentifierError, match="longer than"):
        ledger_table.change(key, Change(set={"a": 1}, when=absent("a")))


def test_many_items_are_read_together_and_what_is_not_there_is_missing(
    ledger_table: LedgerTable | MemoryTable,
) -> None:
    keys = [Key(f"COPY#{number}", "STATE") for number in range(250)]
    for number, key in enumerate(keys[:-1]):
        ledger_table.put(key.item | {"rank": number})
    assert ledger_table.get_many([]) == {}
    assert ledger_table.get_many([*keys, *keys[:3]]) == {key: ledger_table.get(key) for key in keys[:-1]}


def test_a_partition_that_dynamodb_would_refuse_holds_nothing(ledger_table: Table) -> None:
    with pytest.raises(MalformedIdentifierError, match="longer than 2048"):
        list(ledger_table.under("p" * 2_049))


def test_an_item_replaces_the_one_before_whole(ledger_table: Table) -> None:
    ledger_table.put(ITEM)
    ledger_table.put(KEY.item | {"status": "other", "reason": None})
    assert ledger_table.get(KEY) == KEY.item | {"status": "other"}


def test_nobody_holds_a_part_of_the_table(ledger_table: Table) -> None:
    given: Item = KEY.item | {"jobs": ["a"], "facts": {"a": ["b"]}, "told": True}
    ledger_table.put(given)
    given["jobs"].append("mine")
    answers = [
        ledger_table.get(KEY),
        ledger_table.change(KEY, Change(set={"told": True}, when=ALWAYS)),
        *ledger_table.under(KEY.pk),
        ledger_table.get(KEY),
    ]
    for answer in answers:
        assert answer == KEY.item | {"jobs": ["a"], "facts": {"a": ["b"]}, "told": True}
        answer["jobs"].append("mine")
        answer["facts"]["a"].append("mine")


def test_a_partition_is_read_in_the_order_of_its_sort_keys(ledger_table: Table) -> None:
    for place in ("STEP#2", "STEP#10", "VOTE#é", "VOTE#z", "VOTE#Z"):
        ledger_table.put_new(Key("RESTORE#1", place).item)
    ledger_table.put_new(Key("RESTORE#10", "STEP#1").item)
    steps, votes = ["STEP#10", "STEP#2"], ["VOTE#Z", "VOTE#z", "VOTE#é"]
    assert [item["sk"] for item in ledger_table.under("RESTORE#1")] == steps + votes
    assert [item["sk"] for item in ledger_table.under("RESTORE#1", prefix="STEP#")] == steps
    assert [*ledger_table.under("RESTORE#2")] == []


@pytest.mark.parametrize("is_latest", [True, False])
def test_who_needs_not_what_was_just_written_pays_for_no_more(*, is_latest: bool, dynamodb: Any) -> None:
    """API reference, "Query": `ConsistentRead`."""
    asked: list[Any] = []
    dynamodb.meta.events.register("provide-client-params.dynamodb.Query", lambda params, **_: asked.append(params))
    assert [*LedgerTable(dynamodb, LEDGER).under("pk", is_latest=is_latest)] == []
    assert [each["ConsistentRead"] for each in asked] == [is_latest]


def test_only_what_has_a_bucket_and_a_moment_is_due_the_earliest_first(ledger_table: Table) -> None:
    for number, due in enumerate(
        ({"due_bucket": "b", "due_at": "3"}, {"due_bucket": "b", "due_at": "1"}, {"due_bucket": "b"}, {"due_at": "1"})
    ):
        ledger_table.put_new(Key("P", str(number)).item | due)
    ledger_table.put_new(Key("Q", "0").item | {"due_bucket": "c", "due_at": "2"})
    assert [item["sk"] for item in ledger_table.due(bucket="b", until="3")] == ["1", "0"]
    assert [item["sk"] for item in ledger_table.due(bucket="b", until="2")] == ["1"]
    assert [item["pk"] for item in ledger_table.due(bucket="c", until="2")] == ["Q"]


def test_what_is_changed_while_it_is_read_does_not_disturb_the_reader(ledger_table: Table) -> None:
    for number in range(3):
        ledger_table.put_new(Key("P", str(number)).item | {"due_bucket": "b", "due_at": str(number)})
    seen = []
    for item in ledger_table.due(bucket="b", until="9"):
        seen.append(item["sk"])
        ledger_table.change(Key("P", item["sk"]), Change(set={"due_bucket": None}, when=ALWAYS))
    assert seen == ["0", "1", "2"]
    assert [*ledger_table.due(bucket="b", until="9")] == []


# The same on both, whatever is asked

TEXTS, NUMBERS, LISTS, DUE = ("status", "reason"), ("rank", "count"), ("jobs",), ("due_bucket", "due_at")
NAMES = TEXTS + NUMBERS + LISTS + DUE
TEXT = st.sampled_from(["", "a", "ab", "B", "é", "1"])
NUMBER = st.integers(min_value=-3, max_value=3)
SCALAR = TEXT | NUMBER
# DynamoDB wants the keys of an index to be text that is not empty.
DUE_VALUE = st.sampled_from(["1", "2"])
VALUES: dict[str, st.SearchStrategy[Any]] = {
    **dict.fromkeys(TEXTS, TEXT),
    **dict.fromkeys(NUMBERS, NUMBER),
    **dict.fromkeys(LISTS, st.lists(SCALAR, max_size=3)),
    **dict.fromkeys(DUE, DUE_VALUE),
}
KEYS = st.builds(Key, st.sampled_from(["P", "Q"]), st.sampled_from(["1", "10", "2"]))
ATTRIBUTES = st.fixed_dictionaries({}, optional={name: values | st.none() for name, values in VALUES.items()})
ITEMS = st.builds(lambda key, attributes: key.item | attributes, KEYS, ATTRIBUTES)
BOUNDS = st.tuples(st.sampled_from(TEXTS), TEXT) | st.tuples(st.sampled_from(NUMBERS), NUMBER)
CONDITIONS: st.SearchStrategy[Condition] = st.recursive(
    st.builds(Exists, st.sampled_from((*NAMES, "pk")))
    | st.builds(Equals, st.sampled_from(NAMES), SCALAR)
    | BOUNDS.map(lambda bound: Below(*bound))
    | BOUNDS.map(lambda bound: AtMost(*bound))
    | st.builds(Contains, st.sampled_from(NAMES), SCALAR),
    lambda inner: (
        st.builds(Not, inner)
        | st.builds(AllOf, inner, inner)
        | st.builds(AnyOf, inner, inner)
        | st.builds(AnyOf, inner, inner, inner)
    ),
    max_leaves=6,
)


@st.composite
def changes(draw: st.DrawFn) -> Change:
    """A change of some attributes, each in one of the ways that its type allows."""
    # What removing alone makes of an item that is not there is documented nowhere, and nobody asks for it.
    ways: dict[str, dict[str, Any]] = {"set": {"seen": 1}, "remove": {}, "add": {}, "append": {}}
    for name in draw(st.lists(st.sampled_from(NAMES), unique=True, max_size=4)):
        special = {**dict.fromkeys(NUMBERS, "add"), **dict.fromkeys(LISTS, "append")}.get(name, "set")
        way = draw(st.sampled_from(["set", "remove", special]))
        ways[way][name] = draw(
            SCALAR if way == "append" else VALUES[name] | st.none() if way == "set" else VALUES[name]
        )
    return Change(
        set=ways["set"], remove=(*ways["remove"],), add=ways["add"], append=ways["append"], when=draw(CONDITIONS)
    )


STEPS = (
    st.tuples(st.just("put_new"), ITEMS)
    | st.tuples(st.just("put"), ITEMS)
    | st.tuples(st.just("change"), KEYS, changes())
    | st.tuples(st.just("change"), KEYS, changes())
    | st.tuples(st.just("change_all"), st.dictionaries(KEYS, changes(), min_size=1, max_size=3))
    | st.tuples(st.just("get"), KEYS)
    | st.tuples(st.just("under"), st.sampled_from(["P", "Q"]), st.sampled_from(["", "1", "2"]))
    | st.tuples(st.just("due"), DUE_VALUE, DUE_VALUE)
)


def take(table: Table, step: tuple[Any, ...]) -> Any:
    """Do the step; what the table answers."""
    match step:
        case ("under", pk, prefix):
            return [*table.under(pk, prefix=prefix)]
        case ("due", bucket, until):
            # Items that are due at one moment come in any order.
            return sorted(
                table.due(bucket=bucket, until=until), key=lambda item: (item["due_at"], item["pk"], item["sk"])
            )
        case (name, *arguments):
            return getattr(table, name)(*arguments)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(st.lists(STEPS, min_size=1, max_size=10))
def test_both_tables_answer_every_step_alike_and_end_alike(dynamodb: Any, steps: list[tuple[Any, ...]]) -> None:
    table, memory = create_ledger(dynamodb, f"ledger-{next(NUMBERS_OF_TABLES)}"), MemoryTable()
    for step in steps:
        assert take(memory, step) == take(table, step), step
    left = [item for pk in ("P", "Q") for item in table.under(pk)]
    assert memory.everything() == left


NUMBERS_OF_TABLES = count()


class Busy:
    """A client whose DynamoDB answers one key of a request, and leaves the others for another time."""

    def __init__(self, dynamodb: Any) -> None:
        self._dynamodb = dynamodb
        self.asked: list[int] = []

    def batch_get_item(self, *, RequestItems: dict[str, Any]) -> dict[str, Any]:  # noqa: N803 boto3's own word
        [(name, request)] = RequestItems.items()
        self.asked.append(len(request["Keys"]))
        first, *rest = request["Keys"]
        answer: dict[str, Any] = self._dynamodb.batch_get_item(RequestItems={name: {"Keys": [first]}})
        return answer | {"UnprocessedKeys": {name: {"Keys": rest}} if rest else {}}


@pytest.mark.parametrize(("count_of_keys", "asked"), [(2, [2, 1]), (5, [5, 4, 3])])
def test_what_dynamodb_leaves_out_is_asked_for_again_twice_and_then_missing(
    count_of_keys: int, asked: list[int], dynamodb: Any
) -> None:
    client = Busy(dynamodb)
    table, keys = LedgerTable(dynamodb, LEDGER), [Key("COPY#1", str(number)) for number in range(count_of_keys)]
    for key in keys:
        table.put(key.item)
    assert list(LedgerTable(client, LEDGER).get_many(keys)) == keys[: len(asked)]
    assert client.asked == asked


# Repetitions


class Repeating:
    """A client whose SDK repeats each write, because the answer to the first was lost."""

    def __init__(self, dynamodb: Any) -> None:
        self._dynamodb = dynamodb

    def __getattr__(self, name: str) -> Any:
        call = getattr(self._dynamodb, name)
        if name not in {"put_item", "update_item"}:
            return call

        def twice(**request: Any) -> Any:
            call(**request)
            return call(**request)

        return twice


def test_a_write_that_the_sdk_repeats_knows_itself_again(dynamodb: Any) -> None:
    table = LedgerTable(Repeating(dynamodb), LEDGER)
    assert table.put_new(ITEM)
    closed = table.change(KEY, Change(set={"status": "closed"}, when=Equals("status", "open")))
    assert closed == ITEM | {"status": "closed"}
    assert table.get(KEY) == closed


def test_a_write_that_another_one_forestalled_does_not_take_its_place_for_its_own(dynamodb: Any) -> None:
    table = LedgerTable(dynamodb, LEDGER)
    assert table.put_new(ITEM)
    assert not table.put_new(ITEM)
    change = Change(set={"status": "closed"}, when=Equals("status", "open"))
    assert [table.change(KEY, change) is not None for _ in range(2)] == [True, False]
    table.put(ITEM | {"status": "closed"})  # by somebody who leaves no name
    assert table.change(KEY, change) is None
