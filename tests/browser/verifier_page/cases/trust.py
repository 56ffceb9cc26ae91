"""What is trusted, and since when."""

from collections.abc import Callable
from typing import Final

from strongroom.domain.canonical import canonical_text, digest_of, read_canonical
from strongroom.domain.evidence.log.notes import LOG_TYPE, WITNESS_TYPE
from strongroom.domain.proofs.id_tokens import thumbprint_of
from strongroom.domain.written import base64url
from tests.browser.verifier_page.cases.plays import OWN, Case, Files, at, files, restored
from tests.builders.proving.ceremony import (
    LENA,
    MARIA,
    OMAR,
    PASSKEYS,
    PROVIDER,
    SANA,
    THE_LOG,
    THE_WITNESS,
    NoteSigner,
    Play,
    a_restored_play,
    a_trust_content,
)


def with_key_times(person: str, since: str | None, until: str | None) -> Callable[[], Files]:
    """One person's passkey was enrolled from then until then."""

    def made() -> Files:
        play = a_restored_play()
        key = PASSKEYS[person].passkey
        passkeys = a_trust_content([])["passkeys"] | {key.id: [person, base64url(key.public_key), since, until]}
        return files(play, passkeys=passkeys)

    return made


def in_force(*times: str | None) -> Callable[[], Files]:
    """The rules were in force from then until then."""
    return restored(policies=[[digest_of(OWN), *times]])


def signed_log(*signers: NoteSigner) -> Callable[[], Files]:
    """These sign the log."""
    return lambda: files(a_restored_play(play=Play(signers=signers)))


def of_log(name: str) -> Callable[[], Files]:
    """The known keys sign for another log."""
    return lambda: files(
        a_restored_play(play=Play(log=NoteSigner(name, LOG_TYPE, "log"), signers=(THE_LOG, THE_WITNESS)))
    )


def without(name: str) -> Callable[[], Files]:
    """A trust file that lacks something."""

    def made() -> Files:
        bundle, trust = restored()()
        assert trust is not None
        content = read_canonical(trust)
        del content[name]
        return bundle, canonical_text(content)

    return made


FOREIGN_LOG: Final = NoteSigner(THE_LOG.name, LOG_TYPE, "another log")
FOREIGN_WITNESS: Final = NoteSigner(THE_WITNESS.name, WITNESS_TYPE, "another witness")
OLD_WITNESS: Final = NoteSigner(THE_WITNESS.name, WITNESS_TYPE, "the witness before")

TRUST: Final = [
    Case("nothing is trusted", lambda: (a_restored_play().bundle(), None), 3),
    Case("a broken bundle, and nothing is trusted", lambda: (a_restored_play(MARIA).bundle(), None), 1),
    Case("a key taken away afterwards", with_key_times(SANA, None, at(minutes=20)), 0),
    Case("a key taken away before", with_key_times(SANA, None, at(minutes=1)), 1),
    Case("a key enrolled afterwards", with_key_times(SANA, at(minutes=20), None), 1),
    Case("a key enrolled before", with_key_times(SANA, at(minutes=-20), None), 0),
    Case("the requester's key taken away before the intent", with_key_times(OMAR, None, at(minutes=9)), 1),
    Case("the requester's key taken away after the intent", with_key_times(OMAR, None, at(minutes=11)), 0),
    Case("rules in force", in_force(at(days=-1), at(days=1)), 0),
    Case("rules in force from later on", in_force(at(days=1)), 1),
    Case("rules in force until before", in_force(None, at(days=-1)), 1),
    Case(
        "rules in force once more",
        restored(policies=[[digest_of(OWN), at(days=-9), at(days=-8)], [digest_of(OWN), at(days=-1)]]),
        0,
    ),
    Case("rules never in force", restored(policies=[]), 1),
    Case(
        "a provider's key seen in time",
        restored(MARIA, LENA, issuer_keys=[[thumbprint_of(PROVIDER.jwk), at(days=-1), at(days=1)]]),
        0,
    ),
    Case(
        "a provider's key no longer seen",
        restored(MARIA, LENA, issuer_keys=[[thumbprint_of(PROVIDER.jwk), None, at(days=-1)]]),
        1,
    ),
    Case("the log alone has signed", signed_log(THE_LOG), 1),
    Case("an unknown witness", signed_log(THE_LOG, FOREIGN_WITNESS), 3),
    Case("an unknown log", signed_log(FOREIGN_LOG, THE_WITNESS), 3),
    Case("one witness more", signed_log(THE_LOG, THE_WITNESS, NoteSigner("outside.example/w", WITNESS_TYPE, "w")), 0),
    Case("another log by the same keys", of_log("strongroom.example/o-2"), 1),
    Case(
        "the witness's key was replaced",
        restored(log_keys=[THE_LOG.key.text, OLD_WITNESS.key.text, THE_WITNESS.key.text]),
        0,
    ),
    Case("the log's key as the witness's", restored(witness=THE_LOG.name), 1),
    Case("no key of the witness", restored(log_keys=[THE_LOG.key.text]), 3),
    Case("a key with the hash of another", restored(log_keys=[THE_LOG.key.text.replace("+", "+0", 1)]), 2),
    Case("a trust file of the format", restored(format="strongroom-trust/1"), 0),
    Case("a trust file of another format", restored(format="strongroom-trust/2"), 2),
    Case("a trust file of no format", restored(format=None), 2),
    Case("a trust file with something unknown", restored(only_after="2026-11-26T14:00:00Z"), 2),
    Case("a trust file without origins", without("origins"), 2),
    Case("a trust file with a day as time", restored(policies=[[digest_of(OWN), "2026-11-26"]]), 2),
    Case("a trust file with a thirtieth of February", restored(policies=[[digest_of(OWN), "2026-02-30T00:00:00Z"]]), 2),
    Case("a trust file with three times", restored(policies=[[digest_of(OWN), None, None, None]]), 2),
    Case("another site is trusted", restored(rp_id="example.com"), 1),
    Case("another page is trusted", restored(origins=["https://restore.example.com:8443"]), 1),
]
