"""The rules that an intent comes to, worked out once: each step of a ceremony asks for them, and they stay the same."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from strongroom.domain.evidence.object_keys import policy_key
from strongroom.domain.identifiers import AccountId
from strongroom.domain.intent.model import Intent
from strongroom.domain.proofs.policies import CeremonyPolicy, read_policy
from strongroom.domain.proofs.trust import ProofTrust
from strongroom.domain.rulebook import in_force, policy_texts, trust


@dataclass(frozen=True, slots=True)
class KnownIntent:
    """An intent by its identity; nobody changes one."""

    intent: Intent

    def __hash__(self) -> int:
        return id(self.intent)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, KnownIntent) and self.intent is other.intent


@lru_cache(maxsize=1000)
def policy_text(known: KnownIntent, *, account: AccountId | None, unit: str, at: datetime) -> str:
    """The rules for restores into an account."""
    return policy_texts.policy_text(known.intent, account=account, unit=unit, at=at)


@lru_cache(maxsize=1000)
def urgent_text(known: KnownIntent, *, at: datetime) -> str:
    """The rules for what cannot wait."""
    return policy_texts.urgent_text(known.intent, at=at)


@lru_cache(maxsize=1000)
def kept_rules(known: KnownIntent, *, at: datetime) -> Mapping[str, str]:
    """What `strongroom apply` puts among the evidence before anybody asks, by its key."""
    texts = in_force.texts_in_force((known.intent,), at=at)
    return {policy_key(digest): text for digest, text in texts.items()}


@lru_cache(maxsize=1000)
def proof_trust(known: KnownIntent) -> ProofTrust:
    """Which proofs the intent trusts."""
    return trust.proof_trust(known.intent)


@lru_cache(maxsize=1000)
def read_rules(text: str) -> CeremonyPolicy:
    """The rules of a text."""
    return read_policy(text)
