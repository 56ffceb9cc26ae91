"""What a write into a bucket is known by."""

import pytest

from sandbox.authority.objects import keys_of_write

CALLS = {
    "a put": ("PUT", {}, "true"),
    "the beginning of an upload": ("POST", {"uploads": [""]}, "false"),
    "a part": ("PUT", {"uploadId": ["1"], "partNumber": ["1"]}, "false"),
    "the end of an upload": ("POST", {"uploadId": ["1"]}, "true"),
}


@pytest.mark.parametrize("name", CALLS)
def test_a_write_makes_an_object_unless_it_is_a_part_of_one(name: str) -> None:
    method, params, makes = CALLS[name]
    assert keys_of_write("s3:PutObject", method, {}, params) == {"s3:ObjectCreationOperation": makes}


def test_a_condition_is_known_by_its_value_and_no_other_call_has_one() -> None:
    headers = {"if-none-match": "*", "if-match": ""}
    assert keys_of_write("s3:PutObject", "PUT", headers, {})["s3:if-none-match"] == "*"
    assert "s3:if-match" not in keys_of_write("s3:PutObject", "PUT", headers, {})
    assert keys_of_write("s3:GetObject", "GET", headers, {}) == {}
