"""What an ID token signed stays signed when the identity provider replaces its key, and when it is away."""

from copy import replace
from dataclasses import dataclass, field
from typing import Any

import pytest

from strongroom.domain.errors import TemporarilyUnavailableError
from strongroom.domain.evidence.issuer_keys import LATE, IssuerDocuments, seen_keys_text
from strongroom.domain.evidence.object_keys import sight_key
from strongroom.domain.proofs.decisions import DecisionState, Evidence
from strongroom.domain.proofs.statements import Decision
from strongroom.domain.rulebook.trust import proof_trust
from strongroom.services.evidence.read_issuer_keys import IssuerKeys, kept_keys
from strongroom.services.restores.approving.propose_statement import propose_statement
from strongroom.services.restores.approving.take_proof import ProofTaken, take_proof
from strongroom.services.restores.deciding.judge import CeremonyJudge
from tests.builders.proving.signing import Provider
from tests.fakes.restores.world import CeremonyWorld
from tests.unit.services.evidence.test_read_issuer_keys import Away


@dataclass
class Logins:
    """A ceremony whose people log in, at a provider that replaces its key and can be reached by nobody but them."""

    world: CeremonyWorld
    request: str = ""
    provider: Provider = field(default_factory=lambda: Provider(name="first"))

    def __post_init__(self) -> None:
        self.see(self.provider)
        self.request = self.world.open()
        self.world.read_ticket(self.request)

    @property
    def issuer(self) -> str:
        return self.world.ceremony.identity_provider.issuer

    @property
    def claims(self) -> dict[str, Any]:
        """What the rules demand of a token, besides whose it is and when."""
        return {"iss": self.issuer, "aud": "strongroom-cli", "acr": None, "amr": ["mfa"]}

    @property
    def judge(self) -> CeremonyJudge:
        shelf, now = self.world.shelf, self.world.now
        keys = IssuerKeys(lambda: kept_keys(shelf, issuer=self.issuer, now=now), published=Away())
        judge = self.world.judge
        trust = proof_trust(self.world.intent, issuer_keys=keys)
        return replace(judge, evidence=Evidence(trust=trust, signatures=judge.evidence.signatures))

    @property
    def state(self) -> DecisionState:
        return self.judge.decide(self.world.kept(self.request), now=self.world.now).state

    def see(self, *providers: Provider) -> None:
        """Let the audit account look."""
        documents = IssuerDocuments(configuration={}, keys={"keys": [each.jwk for each in providers]})
        at = self.world.now
        self.world.shelf.put_new(sight_key(self.issuer, at=at), seen_keys_text(self.issuer, documents, at=at))

    def sign(self, person: str, decision: Decision = Decision.APPROVE) -> ProofTaken:
        """Take a statement and log in for it."""
        proposed = propose_statement(self.request, decision, view=None, needs=self.world.proposing, now=self.world.now)
        signed = self.provider.token(f"idp|{person}", proposed.statement, **self.claims)
        needs = replace(self.world.proving, judge=self.judge)
        return take_proof(self.request, statement=proposed.statement, signed=signed, needs=needs, now=self.world.now)


@pytest.fixture
def logins(world: CeremonyWorld) -> Logins:
    return Logins(world)


def test_x_12_a_token_counts_while_the_provider_is_away(logins: Logins) -> None:
    assert logins.sign("maria").state == "counted"
    assert logins.state is DecisionState.APPROVED


def test_x_12_a_token_counts_after_the_provider_has_replaced_its_key(logins: Logins) -> None:
    logins.sign("maria")
    logins.world.later(minutes=5)
    logins.see(Provider(name="second"))
    logins.world.later(hours=3)
    assert logins.state is DecisionState.APPROVED


def test_x_12_a_denial_counts_as_long(logins: Logins) -> None:
    logins.sign("maria", Decision.DENY)
    logins.see(Provider(name="second"))
    logins.world.later(hours=3)
    assert logins.state is DecisionState.DENIED


def test_x_12_a_key_that_was_seen_to_be_gone_signs_nothing_new(logins: Logins) -> None:
    logins.world.later(minutes=5)
    logins.see(Provider(name="second"))
    logins.world.later(seconds=LATE.total_seconds())
    taken = logins.sign("maria")
    assert (taken.state, "never seen at the identity provider" in taken.reason) == ("refused", True)
    assert logins.state is DecisionState.PENDING


def test_x_12_a_token_that_was_put_by_hand_with_a_stolen_former_key_counts_for_nothing(logins: Logins) -> None:
    logins.world.later(minutes=5)
    logins.see(Provider(name="second"))
    logins.world.later(seconds=LATE.total_seconds() + 1)
    proposed = propose_statement(
        logins.request, Decision.APPROVE, view=None, needs=logins.world.proposing, now=logins.world.now
    )
    signed = logins.provider.token("idp|maria", proposed.statement, **logins.claims)
    logins.world.keeper.add_proof(logins.request, statement=proposed.statement, signed=signed)
    assert logins.state is DecisionState.PENDING


def test_a_token_of_a_key_that_nobody_has_seen_is_waited_with_until_the_provider_says(logins: Logins) -> None:
    """It may be a denial: nothing is decided without it."""
    logins.sign("maria")
    logins.provider = Provider(name="second")
    with pytest.raises(TemporarilyUnavailableError):
        logins.sign("sana", Decision.DENY)
    logins.world.later(minutes=1)
    logins.see(Provider(name="first"), logins.provider)
    assert logins.sign("sana", Decision.DENY).state == "counted"
    assert logins.state is DecisionState.DENIED


def test_whoever_signs_by_passkey_is_judged_without_any_of_it(logins: Logins) -> None:
    logins.world.shelf.tampered |= {key for key in logins.world.shelf.kept if key.startswith("issuer-keys/")}
    logins.world.sign(logins.request, "maria")
    assert logins.state is DecisionState.APPROVED
