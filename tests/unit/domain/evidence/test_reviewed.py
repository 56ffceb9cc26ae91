"""The trust that is made of what was reviewed."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from strongroom.adapters.identity.signatures import CryptographySignatures
from strongroom.domain.canonical import digest_of
from strongroom.domain.errors import MalformedRecordError
from strongroom.domain.evidence.bundles import read_bundle
from strongroom.domain.evidence.findings import FindingState
from strongroom.domain.evidence.replay import replay
from strongroom.domain.evidence.reviewed import Reviewed, ReviewedPasskey, trust_of
from strongroom.domain.evidence.trust import read_trust, trust_text
from strongroom.domain.proofs.id_tokens import thumbprint_of
from strongroom.domain.proofs.trust import Period, Periods
from tests.builders.proving.ceremony import (
    LENA,
    MARIA,
    PASSKEYS,
    PROVIDER,
    START,
    THE_LOG,
    THE_WITNESS,
    a_restored_play,
)
from tests.builders.proving.signing import ORIGIN, RP_ID
from tests.unit.domain.evidence.forged.logged import ELSEWHERE

REVIEWED = Reviewed(
    rp_id=RP_ID,
    origins=(ORIGIN,),
    passkeys=tuple(
        ReviewedPasskey(id=each.passkey.id, subject=person, public_key=each.passkey.public_key)
        for person, each in PASSKEYS.items()
    ),
    issuer_keys={thumbprint_of(PROVIDER.jwk): Period(until=START + timedelta(days=1))},
    policies={
        digest_of(a_restored_play().request["policy"]): Periods(
            (Period(until=START - timedelta(days=1)), Period(since=START))
        )
    },
    log_keys=(THE_LOG.key.text,),
    witness_keys=(THE_WITNESS.key.text,),
)


def test_what_was_reviewed_proves_what_was_signed() -> None:
    bundle = read_bundle(a_restored_play(MARIA, LENA).bundle())
    trust = trust_of(REVIEWED)
    assert replay(bundle, trust=trust, signatures=CryptographySignatures()).state is FindingState.PROVEN


def test_a_trust_file_says_all_that_the_trust_does() -> None:
    trust = trust_of(REVIEWED)
    read = read_trust(trust_text(trust))
    assert trust_text(read) == trust_text(trust)
    assert (read.log, read.policies, read.proofs.passkeys) == (trust.log, trust.policies, trust.proofs.passkeys)
    thumbprint = thumbprint_of(PROVIDER.jwk)
    assert read.proofs.issuer_keys[thumbprint].holds(START)
    assert not read.proofs.issuer_keys[thumbprint].holds(START + timedelta(days=1))


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"log_keys": ()}, "the log has no key"),
        ({"log_keys": (THE_WITNESS.key.text,)}, "the log has no key, or one that is for something else"),
        ({"witness_keys": (THE_LOG.key.text,)}, "the witness has no key, or one that is for something else"),
        ({"log_keys": (THE_LOG.key.text, ELSEWHERE.key.text)}, "the keys of the log have different names"),
        ({"log_keys": ("log",)}, "name\\+hash\\+key"),
        ({"passkeys": (*REVIEWED.passkeys, REVIEWED.passkeys[0])}, "stands twice"),
    ],
)
def test_keys_that_contradict_each_other_make_no_trust(changes: dict[str, Any], reason: str) -> None:
    with pytest.raises(MalformedRecordError, match=reason):
        trust_of(replace(REVIEWED, **changes))
