"""The table of scopes says of each how a call is told to be about something of ours."""

from strongroom.domain.catalogue.model import Scope
from strongroom.domain.tampering.scopes import IN_SCOPE


def test_every_scope_is_in_the_table() -> None:
    assert IN_SCOPE.keys() == set(Scope)
