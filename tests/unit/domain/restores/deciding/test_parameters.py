"""Why the parameters of a stack are not carried, in words that name them and never their values."""

import json

import pytest

from strongroom.domain.restores.deciding.parameters import why_not_carried

INSTEAD = (
    "is neither sent nor shown, and without it the template's default would be taken; "
    "restore the stack by hand, and ask here for its resources, each as what it is"
)


@pytest.mark.parametrize("text", ["{}", '{"Size":"small"}'])
def test_where_nothing_is_in_the_way_nothing_is_said(text: str) -> None:
    assert why_not_carried(text) == ""


@pytest.mark.parametrize(
    ("count", "named", "more"), [(1, 1, ""), (10, 10, ""), (11, 10, " and 1 more"), (25, 10, " and 15 more")]
)
def test_ten_of_those_in_the_way_are_named_and_the_others_counted(count: int, named: int, more: str) -> None:
    names = [f"Name{number:02}" for number in range(count)]
    told, why = ", ".join(names[:named]), "what is masked, empty, no plain text or named like a secret"
    said = f"cannot be carried whole ({told}{more}): {why} {INSTEAD}"
    assert why_not_carried(json.dumps(dict.fromkeys(names, "") | {"Size": "small"})) == said


@pytest.mark.parametrize("text", ["", "[]", '"a"', "{", '{"a":"1","a":"2"}'])
def test_what_cannot_be_read_is_told_with_what_to_do_instead(text: str) -> None:
    said = f"cannot be read whole: what is no mapping of texts in JSON, each name once, {INSTEAD}"
    assert why_not_carried(text) == said
