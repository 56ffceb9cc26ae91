"""An incident is spelled as the intent says, and nothing else stands in the place of a ticket."""

import pytest

from strongroom.domain.errors import MalformedRequestError
from strongroom.domain.forms import INCIDENT
from strongroom.domain.restores.approving.urgency import parse_incident

GOOD = [("INC-#", "INC-1"), ("INC-#", "INC-123456789012"), ("P*", "PQ1A2"), ("OPS-#-*", "OPS-7-A"), ("i_#", "i_0")]
BAD = [
    ("INC-#", ""),
    ("INC-#", "INC-"),
    ("INC-#", "INC-1234567890123"),
    ("INC-#", "INC-1 "),
    ("INC-#", "INC-1\n"),
    ("INC-#", "inc-1"),
    ("INC-#", "INC-\u0661"),
    ("INC-#", "OPS-1"),
    ("P*", "Pabc"),
    ("P*", f"P{'A' * 21}"),
]


@pytest.mark.parametrize(("form", "text"), GOOD)
def test_what_is_spelled_so_is_taken(form: str, text: str) -> None:
    assert INCIDENT.fits(form)
    assert parse_incident(text, form=form) == text


@pytest.mark.parametrize(("form", "text"), BAD)
def test_anything_else_is_refused(form: str, text: str) -> None:
    with pytest.raises(MalformedRequestError, match="ids look like"):
        parse_incident(text, form=form)


@pytest.mark.parametrize("form", ["INC", "", "INC.#", "(#", "#" * 5, "a b#", "I" * 21 + "#"])
def test_a_form_without_stretches_or_with_too_many_is_none(form: str) -> None:
    assert not INCIDENT.fits(form)
