"""What is no key never reaches the ticket system."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from strongroom.domain.errors import MalformedRequestError
from strongroom.domain.restores.tickets.keys import parse_ticket_key, table_of

KEYS = {"jira": "OPS-123", "servicenow": "CHG0030123"}
# What means something in JQL, in paths, in addresses and in ServiceNow's queries, between letters and digits.
HOSTILE = st.text(alphabet="OPSCHGINRTM0123456789-^=&|/.\\%?# ,\n\t\x00'\"NQOR\u0661\uff11", max_size=40)


@pytest.mark.parametrize(("system", "key"), KEYS.items())
def test_a_key_is_read_as_it_is(system: str, key: str) -> None:
    assert parse_ticket_key(key, system=system) == key


@pytest.mark.parametrize(
    ("system", "text"),
    [
        *(
            ("jira", each)
            for each in ("OPS-1/../SAFE-9", "ops-1", "OPS-0", "OPS-1\n", "", "OPS-1 OR 1=1", "CHG0030123")
        ),
        *(("jira", each) for each in ("OPS-1?fields=*all", "OPS-\u0661", "10101", "OPS-1,OPS-2", "OPS-01")),
        *(("servicenow", each) for each in ("CHG0030123^NQapproval=approved", "CHG0030123^ORnumber!=x", "chg0030123")),
        *(("servicenow", each) for each in ("CHG123", "PRB0030123", "CHG0030123\n", "", "CHG003012\uff11", "OPS-1")),
        ("servicenow", "CHG0030123/../sys_user"),
    ],
)
def test_attack_11_what_is_no_key_never_reaches_the_ticket_system(system: str, text: str) -> None:
    with pytest.raises(MalformedRequestError):
        parse_ticket_key(text, system=system)


@pytest.mark.parametrize("system", KEYS)
@given(before=HOSTILE, after=HOSTILE)
def test_attack_11_nothing_can_be_put_around_a_key(system: str, before: str, after: str) -> None:
    text = f"{before}{KEYS[system]}{after}"
    try:
        passed = parse_ticket_key(text, system=system)
    except MalformedRequestError:
        return
    assert passed == text
    assert passed.isascii()
    assert passed.replace("-", "").replace("_", "").isalnum()
    assert len(passed) <= 42


@pytest.mark.parametrize(
    ("key", "table"),
    [("CHG0030123", "change_request"), ("INC0000001", "incident"), ("RITM0010001", "sc_req_item")],
)
def test_a_number_says_in_which_table_its_record_lies(key: str, table: str) -> None:
    assert table_of(parse_ticket_key(key, system="servicenow")) == table


@pytest.mark.parametrize(("system", "example"), [("jira", "OPS-123"), ("servicenow", "CHG0030123")])
def test_what_is_no_key_is_repeated_in_part_beside_one_that_is(system: str, example: str) -> None:
    with pytest.raises(MalformedRequestError) as raised:
        parse_ticket_key("x" * 50, system=system)
    assert str(raised.value) == f"'{'x' * 40}' is not a ticket key; keys look like {example}"
