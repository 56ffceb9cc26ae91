"""The example organisation with a page, and with passkeys that sign in software."""

from copy import replace
from datetime import datetime
from typing import Any

from sandbox.passkeys import PASSKEYS
from strongroom.domain.intent.model import Intent
from strongroom.domain.intent.proving.passkeys import Enrolment, Page, Passkey
from strongroom.domain.proofs.proof import Assertion
from strongroom.domain.written import bytes_of
from tests.builders.intents import with_restores

ORIGIN = "http://localhost:4566"
PAGE = Page(rp_id="localhost", origins=(ORIGIN,))


def a_passkey(name: str, **changes: Any) -> Passkey:
    """The passkey of one of the people, enrolled on the page."""
    key = PASSKEYS[name]
    answer = key.sign(key.enrolment, origin=ORIGIN)
    passkey = Passkey(
        id=key.id,
        public_key=key.public_key,
        algorithm=key.algorithm,
        proof=Enrolment(
            authenticator_data=answer.authenticator_data, client_data=answer.client_data, signature=answer.signature
        ),
    )
    return replace(passkey, **changes)


def an_assertion(name: str, statement: str, *, origin: str = ORIGIN) -> Assertion:
    """What the passkey of one of the people answers when it signs a statement."""
    answer = PASSKEYS[name].sign(statement, origin=origin)
    return Assertion(
        credential=answer.credential,
        authenticator_data=bytes_of(answer.authenticator_data, of="data"),
        client_data=bytes_of(answer.client_data, of="data"),
        signature=bytes_of(answer.signature, of="signature"),
    )


def with_passkeys(intent: Intent, *names: str, since: datetime | None = None, until: datetime | None = None) -> Intent:
    """The example with the page, and passkeys of these people, or of everybody."""
    people = {
        name: replace(person, passkeys=(a_passkey(name, since=since, until=until),))
        if name in (names or tuple(intent.people))
        else person
        for name, person in intent.people.items()
    }
    return with_restores(replace(intent, people=people), page=PAGE)
