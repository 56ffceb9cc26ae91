"""A person's subject as STS takes it."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from strongroom.domain.restores.source_identity import source_identity


@pytest.mark.parametrize(
    ("subject", "identity"),
    [
        pytest.param("idp|omar", "idp=7Comar", id="a character that STS refuses"),
        pytest.param("omar@example.com", "omar@example.com", id="one that it takes"),
        pytest.param("idp=7Comar", "idp=3D7Comar", id="what only looks like the first"),
        pytest.param("zoë", "zo=C3=AB", id="a letter beyond ASCII"),
        pytest.param("x", "x-2d711642b726b044", id="too short"),
        pytest.param("s" * 65, f"{'s' * 47}-375a1f00946e079b", id="too long"),
    ],
)
def test_a_subject_is_spelled_as_sts_takes_it(subject: str, identity: str) -> None:
    assert source_identity(subject) == identity


@given(st.text(min_size=1, max_size=80), st.text(min_size=1, max_size=80))
def test_different_subjects_stay_different(one: str, other: str) -> None:
    assert re.fullmatch(r"[A-Za-z0-9_+=,.@-]{2,64}", source_identity(one))
    assert (source_identity(one) == source_identity(other)) == (one == other)
