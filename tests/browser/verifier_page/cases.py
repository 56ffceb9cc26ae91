"""Bundles beside those of the vectors, each with the exit code that both readers must give."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from types import SimpleNamespace
from typing import Any, Final, cast

from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from strongroom.domain.canonical import canonical_text, digest_of, read_canonical
from strongroom.domain.evidence.entries import EntryKind
from strongroom.domain.evidence.log.notes import LOG_TYPE, WITNESS_TYPE
from strongroom.domain.proofs.asked import AskedRestore
from strongroom.domain.proofs.id_tokens import thumbprint_of
from strongroom.domain.proofs.proof import proof_text
from strongroom.domain.proofs.statements import Decision
from strongroom.domain.written import base64url, moment_of, moment_text
from tests.builders.proving.ceremony import (
    LENA,
    MARIA,
    OMAR,
    PASSKEYS,
    POINT,
    PROVIDER,
    SANA,
    START,
    THE_LOG,
    THE_WITNESS,
    NoteSigner,
    Play,
    a_policy_content,
    a_request_content,
    a_restored_play,
    a_started_play,
    a_trust_content,
    an_approved_play,
)
from tests.builders.proving.signing import Authenticator, Provider, a_json

type Files = tuple[str, str | None]

ELLIPTIC: Final = Provider(name="elliptic", algorithm="ES256")


@dataclass(frozen=True, slots=True)
class Case:
    """A bundle with its trust file, made when it is needed, and the code that it must be given."""

    name: str
    made: Callable[[], Files]
    want: int

    def __str__(self) -> str:
        """The name, for pytest."""
        return self.name


def at(**span: float) -> str:
    """A moment, told from the start of the ceremony."""
    return moment_text(START + timedelta(**span))


class UnreadPlay(Play):
    """A ceremony whose request and rules nobody reads before it is signed: they may be unreadable."""

    @property
    def asked(self) -> AskedRestore:
        """What a statement tells of the request."""
        told = SimpleNamespace(
            id=self.request["id"],
            digest=digest_of(canonical_text(self.request)),
            policy=SimpleNamespace(digest=digest_of(self.request["policy"])),
            act_before=moment_of(self.request["act_before"], of="act_before"),
        )
        return cast("AskedRestore", told)


def under(**policy: Any) -> Play:
    """A ceremony under other rules."""
    return asking(a_policy_content(**policy))


def asking(policy: Mapping[str, Any] | None = None, **request: Any) -> Play:
    """A ceremony about another request."""
    return UnreadPlay(request=a_request_content(policy, **request))


def files(play: Play, **trust: Any) -> Files:
    """The bundle of a ceremony, and what is trusted."""
    usual = a_trust_content([digest_of(play.request["policy"])])
    return play.bundle(), canonical_text(usual | trust)


def restored(*people: str, play: Play | None = None, **trust: Any) -> Callable[[], Files]:
    """A whole ceremony, as files."""
    return lambda: files(a_restored_play(*people, play=play), **trust)


def ended(play: Play, outcome: str, **trust: Any) -> Files:
    """The ceremony closed as it stands."""
    play.close(outcome)
    return files(play, **trust)


def finished(play: Play) -> Files:
    """An intended ceremony, started and restored."""
    play.wait(seconds=20)
    play.happen(EntryKind.RESTORE_STARTED, job="J1")
    return files(_restored(play))


def _restored(play: Play, **job: Any) -> Play:
    described = {
        "AccountId": play.request["account"],
        "CreationDate": moment_text(play.clock),
        "IamRoleArn": play.request["role"],
        "Metadata": play.request["metadata"],
        "RecoveryPointArn": play.request["recovery_point"],
        "Status": "COMPLETED",
    }
    play.happen(EntryKind.RESTORED, job=described | job)
    play.close("restored")
    return play


# who signs, and with what


def signed_by(person: str, *, play: Play | None = None, **changes: Any) -> Callable[[], Files]:
    """Maria approves as usual, and this person in some other way."""

    def made() -> Files:
        told = an_approved_play(MARIA, play=play)
        told.say(person, **changes)
        told.intend()
        return finished(told)

    return made


def token_of(provider: Provider, policy: Mapping[str, Any] | None = None, **claims: Any) -> Callable[[], Files]:
    """Maria approves by passkey, and Lena by a token of that provider."""

    def made() -> Files:
        play = an_approved_play(MARIA, play=asking(policy))
        play.say(LENA, by=provider, **claims)
        play.intend()
        bundle, _ = finished(play)
        return bundle, play.trust(issuer_keys=[thumbprint_of(provider.jwk)])

    return made


def asked_by_token(**jwk: str) -> Callable[[], Files]:
    """The requester signs by ID token, whose key says that much more of itself."""

    def made() -> Files:
        play = a_restored_play()
        statement = read_canonical(play.bundle())["request"]["statement"]
        kept = PROVIDER.token(OMAR, statement)
        signed = {"statement": statement, "id_token": {"token": kept.token, "jwk": {**kept.jwk, **jwk}}}
        play.opened_by = canonical_text(signed)
        return files(play)

    return made


def spelled(**parts: Callable[[bytes], bytes]) -> Callable[[], Files]:
    """The requester's passkey signs as usual, and these parts of what it made are spelled otherwise.

    What the browser said is signed as it is spelled; the rest is changed afterwards.
    """

    def made() -> Files:
        play = a_restored_play()
        statement = read_canonical(play.bundle())["request"]["statement"]
        usual = PASSKEYS[OMAR].sign(statement)
        said = parts.get("client_data", bytes)(usual.client_data)
        signed = PASSKEYS[OMAR].sign(statement, client_data=said)
        others: dict[str, Any] = {
            name: change(getattr(signed, name)) for name, change in parts.items() if name != "client_data"
        }
        play.opened_by = proof_text(statement, signed=replace(signed, **others))
        return files(play)

    return made


def spelled_token(*, header: bytes | None = None, change: Callable[[bytes], bytes] = bytes) -> Callable[[], Files]:
    """The requester signs by an ID token with this header, and a payload spelled otherwise."""

    def made() -> Files:
        play = a_restored_play()
        statement = read_canonical(play.bundle())["request"]["statement"]
        payload = change(a_json(PROVIDER.claims(OMAR, statement)))
        play.opened_by = proof_text(statement, signed=PROVIDER.made(payload, header=header))
        return files(play)

    return made


def _side_by_side(der: bytes) -> bytes:
    return b"".join(number.to_bytes(32) for number in decode_dss_signature(der))


def _with_long_length(der: bytes) -> bytes:
    return der[:1] + b"\x81" + der[1:]


def _with_one_zero_more(der: bytes) -> bytes:
    return bytes([der[0], der[1] + 1, der[2], der[3] + 1, 0]) + der[4:]


def issuer(**changes: Any) -> dict[str, Any]:
    """Rules with another identity provider."""
    usual = a_policy_content()
    return {**usual, "issuer": {**usual["issuer"], **changes}}


SIGNING: Final = [
    Case("passkeys of all three algorithms", restored(), 0),
    Case("a token by RS256", restored(MARIA, LENA), 0),
    Case("a token by ES256", token_of(ELLIPTIC), 0),
    Case("the requester signs by a token", asked_by_token(), 0),
    Case("the requester's key says it is for signatures", asked_by_token(use="sig", alg="RS256"), 0),
    Case("the requester's key says more of itself", asked_by_token(x5t="abc"), 1),
    Case("the requester's key has another id than the header names", asked_by_token(kid="two"), 1),
    Case("user not present", signed_by(SANA, flags=0x04), 1),
    Case("user not verified", signed_by(SANA, flags=0x01), 1),
    Case("synced passkey", signed_by(SANA, flags=0x1D), 0),
    Case("backed up, but not eligible for it", signed_by(SANA, flags=0x15), 1),
    Case("flag of extensions without any", signed_by(SANA, flags=0x85), 1),
    Case("flag of a credential without any", signed_by(SANA, flags=0x45), 1),
    Case("another site's passkey", signed_by(SANA, rp_id="example.com"), 1),
    Case("cross origin", signed_by(SANA, crossOrigin=True), 1),
    Case("cross origin not said", signed_by(SANA, crossOrigin=None), 0),
    Case("cross origin as a text", signed_by(SANA, crossOrigin="false"), 1),
    Case("another origin on top", signed_by(SANA, topOrigin="https://restore.example.com"), 1),
    Case("made while enrolling", signed_by(SANA, type="webauthn.create"), 1),
    Case("client data with blanks", spelled(client_data=lambda said: said.replace(b",", b" ,\n")), 0),
    Case("client data with a float", spelled(client_data=lambda said: said.replace(b"{", b'{"x":1.5e3,', 1)), 0),
    Case(
        "client data with an empty record",
        spelled(client_data=lambda said: said.replace(b"{", b'{"x":{ },"y":[ ],', 1)),
        0,
    ),
    Case(
        "client data with a key twice",
        spelled(client_data=lambda said: said.replace(b"{", b'{"type":"webauthn.get",', 1)),
        1,
    ),
    Case(
        "client data with a word that is no JSON",
        spelled(client_data=lambda said: said.replace(b"{", b'{"x":NaN,', 1)),
        1,
    ),
    Case("client data with a byte order mark", spelled(client_data=lambda said: b"\xef\xbb\xbf" + said), 1),
    Case("a signature side by side", spelled(signature=_side_by_side), 1),
    Case("a signature with something behind it", spelled(signature=lambda der: der + b"\0"), 1),
    Case("a signature with a long length", spelled(signature=_with_long_length), 1),
    Case("a signature with one zero more", spelled(signature=_with_one_zero_more), 1),
    Case("a signature of nothing", spelled(signature=lambda _: b"\x30\x06\x02\x01\x00\x02\x01\x00"), 1),
    Case(
        "a token with a key twice", spelled_token(change=lambda said: said.replace(b"{", b'{"sub":"idp|omar",', 1)), 1
    ),
    Case("a token without an algorithm", spelled_token(header=b'{"alg":"none","kid":"one"}'), 1),
    Case("a token by the public key as a secret", spelled_token(header=b'{"alg":"HS256","kid":"one"}'), 1),
    Case("a token that demands more", spelled_token(header=b'{"alg":"RS256","kid":"one","crit":["b64"]}'), 1),
    Case("a token that names no key", spelled_token(header=b'{"alg":"RS256"}'), 1),
    Case("client data that is no JSON", signed_by(SANA, client_data=b"\xff"), 1),
    Case("data of the authenticator too long", signed_by(SANA, data=bytes(38)), 1),
    Case("signed by a key of somebody else", signed_by(SANA, by=Authenticator(name=SANA, algorithm="EdDSA")), 1),
    Case("a device-bound passkey where that is asked", restored(play=under(device_bound=True)), 0),
    Case("a synced passkey where that is refused", signed_by(SANA, play=under(device_bound=True), flags=0x1D), 1),
    Case("token of another provider", token_of(PROVIDER, iss="https://evil.example"), 1),
    Case("token for us and another", token_of(PROVIDER, aud=["strongroom-page", "other"]), 1),
    Case("token for us in a list", token_of(PROVIDER, aud=["strongroom-page"]), 0),
    Case("token that somebody else asked for", token_of(PROVIDER, azp="other"), 1),
    Case("token of another statement", token_of(PROVIDER, nonce="x"), 1),
    Case("token with a float as time", token_of(PROVIDER, auth_time=1e20), 1),
    Case("token with true as time", token_of(PROVIDER, iat=True), 1),
    Case("token without a time of login", token_of(PROVIDER, auth_time=None), 1),
    Case("token that had run out", token_of(PROVIDER, exp=int(START.timestamp())), 1),
    Case("acr as a list", token_of(PROVIDER, acr=["phr"]), 1),
    Case("weak login", token_of(PROVIDER, acr="pwd"), 1),
    Case(
        "amr with the method", token_of(PROVIDER, issuer(assurance={"claim": "amr", "any_of": ["mfa"]}), amr=["mfa"]), 0
    ),
    Case("amr as a text", token_of(PROVIDER, issuer(assurance={"claim": "amr", "any_of": ["mfa"]}), amr="mfa"), 1),
    Case(
        "not all that the rules demand",
        token_of(PROVIDER, issuer(assurance={"claim": "amr", "any_of": ["mfa"], "all_of": ["hwk"]}), amr=["mfa"]),
        1,
    ),
    Case("of the tenant", token_of(PROVIDER, issuer(tenant="t1"), tid="t1"), 0),
    Case("of another tenant", token_of(PROVIDER, issuer(tenant="t1"), tid="t2"), 1),
    Case("by another claim as subject", token_of(PROVIDER, issuer(subject_claim="oid"), oid=LENA, sub="pairwise"), 0),
    Case("a number as subject", token_of(PROVIDER, sub=7), 1),
    Case("for one of two clients", token_of(PROVIDER, issuer(client_id=["cli", "strongroom-page"])), 0),
    Case("a token where rules know no provider", token_of(PROVIDER, a_policy_content(issuer=None)), 1),
]

# the rules

TWO_PLACES: Final = {
    "groups": {"approvers": [MARIA, SANA], "oncall": [OMAR], "owners": [MARIA]},
    "rules": [{"group": "approvers", "needed": 1}, {"group": "owners", "needed": 1}],
}


def counted(when: Mapping[str, Any], **request: Any) -> Callable[[], Files]:
    """Two approvals, and a third that is needed where a rule counts."""
    rules = [{"group": "approvers", "needed": 2}, {"group": "approvers", "needed": 1, "when": when}]
    return restored(play=asking(a_policy_content(rules=rules), **request))


def by_claim(*people: str, **claims: Any) -> Callable[[], Files]:
    """Security, a group that the provider keeps, must approve, too."""
    groups = {**a_policy_content()["groups"], "security": {"claim": "groups", "value": "sec"}}
    rules = [{"group": "approvers", "needed": 1}, {"group": "security", "needed": 1}]

    def made() -> Files:
        play = an_approved_play(*people, play=under(groups=groups, rules=rules))
        if claims:
            play.say(LENA, **claims)
        play.intend()
        return finished(play)

    return made


def with_ticket(policy: Mapping[str, Any], *tickets: Mapping[str, Any], **request: Any) -> Callable[[], Files]:
    """What the ticket said before the intent."""

    def made() -> Files:
        play = asking(a_policy_content(**policy), **request)
        for facts in tickets:
            play.happen(EntryKind.TICKET_ENTITLES, **facts)
        for person in (MARIA, SANA):
            play.say(person)
        play.wait(minutes=10)
        play.intend()
        return finished(play)

    return made


def now_under(text: str, **trust: Any) -> Callable[[], Files]:
    """The intent tells which rules were in force by then."""

    def made() -> Files:
        play = an_approved_play()
        play.intend(policy_now=text)
        bundle, _ = finished(play)
        return bundle, files(play, **trust)[1]

    return made


STRICTER: Final = canonical_text(a_policy_content(presence_max_age=200))
WITHOUT_SANA: Final = canonical_text(a_policy_content(groups={"approvers": [MARIA, LENA], "oncall": [OMAR]}))
OWN: Final = a_request_content()["policy"]

RULES: Final = [
    Case("a rule for another tier", counted({"tiers": ["vault"]}, tier="daily"), 0),
    Case("a rule for this tier", counted({"tiers": ["vault"]}, tier="vault"), 1),
    Case("a rule for a tier, of which the request tells nothing", counted({"tiers": ["vault"]}), 1),
    Case("a rule for a risk that is not there", counted({"risks": ["elevated"]}, risks=["from-cold"]), 0),
    Case("a rule for a risk that is there", counted({"risks": ["elevated"]}, risks=["a", "elevated"]), 1),
    Case(
        "a rule for tier and risk, of which one holds", counted({"tiers": ["v"], "risks": ["e"]}, tier="v", risks=[]), 0
    ),
    Case("a rule with a word that nobody knows", counted({"accounts": ["1"]}, tier="daily"), 1),
    Case(
        "no rule counts",
        restored(
            play=asking(
                a_policy_content(rules=[{"group": "approvers", "needed": 2, "when": {"tiers": ["v"]}}]), tier="d"
            )
        ),
        1,
    ),
    Case("rules without a rule", restored(play=under(rules=[])), 1),
    Case("a rule that needs nobody", restored(play=under(rules=[{"group": "approvers", "needed": 0}])), 1),
    Case("a rule of a group that is not there", restored(play=under(rules=[{"group": "nobody", "needed": 1}])), 1),
    Case("a rule that needs a billion", restored(play=under(rules=[{"group": "approvers", "needed": 10**9}])), 1),
    Case("two places, which only one order fills", restored(MARIA, SANA, play=under(**TWO_PLACES)), 0),
    Case("two places and one person", restored(MARIA, play=under(**TWO_PLACES)), 1),
    Case("a key that rules do not have", restored(play=under(colour="blue")), 1),
    Case("a delay that has gone by", restored(play=under(delay=300)), 0),
    Case("a delay that runs", restored(play=under(delay=3600)), 1),
    Case("a delay for ever", restored(play=under(delay=10**12)), 1),
    Case("a group by claim", by_claim(MARIA, groups=["sec", "dev"]), 0),
    Case("a group by claim in one text", by_claim(MARIA, groups="sec"), 0),
    Case("a group by another claim", by_claim(MARIA, groups=["security"]), 1),
    Case("a passkey for a group by claim", by_claim(MARIA, SANA), 1),
    Case("no tickets by the rules", with_ticket({"ticket": "none"}, ticket=None), 0),
    Case("no ticket, and the rules are silent", with_ticket({}), 1),
    Case("no ticket, and the rules tell its fields", with_ticket({"ticket": {"approver": "group"}}), 1),
    Case("another ticket", with_ticket({}, {"ticket": "OPS-2"}), 1),
    Case("another ticket beside it", with_ticket({}, {"ticket": "OPS-1"}, {"ticket": "OPS-2"}), 1),
    Case("a ticket by somebody else", with_ticket({}, {"ticket": "OPS-1", "approver": LENA}), 0),
    Case("a ticket by the requester", with_ticket({}, {"ticket": "OPS-1", "approver": OMAR}), 1),
    Case("a ticket by a voter", with_ticket({}, {"ticket": "OPS-1", "approver": SANA}), 1),
    Case("a ticket by nobody", with_ticket({}, {"ticket": "OPS-1", "approver": ""}), 1),
    Case(
        "a ticket by a voter who may",
        with_ticket({"disjoint": ["requester", "voters"]}, {"ticket": "OPS-1", "approver": SANA}),
        0,
    ),
    Case(
        "a ticket by the requester who may",
        with_ticket({"disjoint": ["ticket_approver", "voters"]}, {"ticket": "OPS-1", "approver": OMAR}),
        0,
    ),
    Case("disjoint from somebody unknown", with_ticket({"disjoint": ["deployer"]}, {"ticket": "OPS-1"}), 1),
    Case("rules of the day by the hash of the same", now_under(digest_of(OWN)), 0),
    Case("rules of the day by the same text", now_under(OWN), 0),
    Case(
        "rules of the day by a hash alone",
        now_under(digest_of(STRICTER), policies=[digest_of(OWN), digest_of(STRICTER)]),
        1,
    ),
    Case("other rules of the day", now_under(STRICTER, policies=[digest_of(OWN), digest_of(STRICTER)]), 0),
    Case(
        "other rules of the day, and its own gone",
        now_under(STRICTER, policies=[[digest_of(OWN), None, at(minutes=5)], [digest_of(STRICTER), at(minutes=5)]]),
        0,
    ),
    Case(
        "other rules of the day that were not in force",
        now_under(STRICTER, policies=[digest_of(OWN), [digest_of(STRICTER), at(minutes=30)]]),
        1,
    ),
    Case(
        "rules of the day without an approver",
        now_under(WITHOUT_SANA, policies=[digest_of(OWN), digest_of(WITHOUT_SANA)]),
        1,
    ),
]

# what is trusted, and when


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
    Case("a trust file with something unknown", restored(only_after="2026-11-26T14:00:00Z"), 2),
    Case("a trust file without origins", without("origins"), 2),
    Case("a trust file with a day as time", restored(policies=[[digest_of(OWN), "2026-11-26"]]), 2),
    Case("a trust file with a thirtieth of February", restored(policies=[[digest_of(OWN), "2026-02-30T00:00:00Z"]]), 2),
    Case("a trust file with three times", restored(policies=[[digest_of(OWN), None, None, None]]), 2),
    Case("another site is trusted", restored(rp_id="example.com"), 1),
    Case("another page is trusted", restored(origins=["https://restore.example.com:8443"]), 1),
]

# what happened


def stopped(outcome: str, *words: tuple[str, Decision], minutes: float = 10, **trust: Any) -> Callable[[], Files]:
    """Nothing is started: these words are said, and it is closed that many minutes after the start."""

    def made() -> Files:
        play = Play()
        play.happen(EntryKind.TICKET_ENTITLES, ticket="OPS-1")
        for person, decision in words:
            play.wait(seconds=10)
            play.say(person, decision)
        play.clock = START + timedelta(minutes=minutes)
        return ended(play, outcome, **trust)

    return made


def with_word_before(person: str, decision: Decision) -> Callable[[], Files]:
    """Somebody says something before the intent, which does not rely on it."""

    def made() -> Files:
        play = an_approved_play()
        relied_on = [digest_of(proof) for proof in play.proofs]
        play.say(person, decision)
        play.intend(relied_on=relied_on)
        return finished(play)

    return made


def flooded(outcome: str) -> Callable[[], Files]:
    """Somebody puts two hundred things that are no proofs."""

    def made() -> Files:
        play = an_approved_play()
        relied_on = [digest_of(proof) for proof in play.proofs]
        for number in range(200):
            play.keep(canonical_text({"junk": number}))
        if outcome == "denied":
            play.say(LENA, Decision.DENY)
            return ended(play, outcome)
        play.intend(relied_on=relied_on)
        return finished(play)

    return made


def of_job(**job: Any) -> Callable[[], Files]:
    """The job is described otherwise."""
    return lambda: files(a_restored_play(**job))


def begun(outcome: str, *, started_after: float = 20, intend: bool = True) -> Callable[[], Files]:
    """Started, and closed without a restore."""

    def made() -> Files:
        play = an_approved_play()
        if intend:
            play.intend()
        play.wait(seconds=started_after)
        play.happen(EntryKind.RESTORE_STARTED, job="J1")
        return ended(play, outcome)

    return made


def copied(plan: str, *, made_point: str = "arn:copy") -> Callable[[], Files]:
    """The recovery point is copied back first."""

    def made() -> Files:
        play = an_approved_play(play=asking(plan=plan))
        play.happen("copied-back", job="C1", recovery_point="arn:copy")
        play.intend(recovery_point=made_point)
        play.wait(seconds=20)
        play.happen(EntryKind.RESTORE_STARTED, job="J1")
        return files(_restored(play, RecoveryPointArn=made_point))

    return made


def happening(*kinds: str) -> Callable[[], Files]:
    """These entries follow the start of an honest ceremony, and then its end."""

    def made() -> Files:
        play = a_started_play()
        for kind in kinds:
            play.happen(kind, job="J1", relied_on=[], recovery_point=POINT)
        return files(_restored(play))

    return made


def intended_twice() -> Files:
    """The witness was not there at first."""
    play = an_approved_play()
    play.intend(relied_on=[])
    play.wait(minutes=1)
    play.intend()
    return finished(play)


HAPPENING: Final = [
    Case("denied", stopped("denied", (SANA, Decision.DENY)), 0),
    Case("denied by somebody who may not", stopped("denied", (OMAR, Decision.DENY)), 1),
    Case("denied and closed as failed", stopped("failed", (SANA, Decision.DENY)), 1),
    Case("denied and cancelled", stopped("denied", (SANA, Decision.DENY), (OMAR, Decision.CANCEL)), 0),
    Case("denied and closed as cancelled", stopped("cancelled", (SANA, Decision.DENY), (OMAR, Decision.CANCEL)), 1),
    Case(
        "denied after its rules were replaced",
        stopped("denied", (SANA, Decision.DENY), policies=[[digest_of(OWN), at(days=-1), at(minutes=1)]]),
        0,
    ),
    Case("cancelled", stopped("cancelled", (OMAR, Decision.CANCEL)), 0),
    Case("cancelled by an approver", stopped("cancelled", (SANA, Decision.CANCEL)), 1),
    Case("expired without enough approvals", stopped("expired", (SANA, Decision.APPROVE), minutes=241), 0),
    Case("expired too early", stopped("expired", (SANA, Decision.APPROVE), minutes=239), 1),
    Case(
        "expired though approved",
        stopped("expired", (SANA, Decision.APPROVE), (MARIA, Decision.APPROVE), minutes=241),
        1,
    ),
    Case("expired at the end", stopped("expired", (SANA, Decision.APPROVE), (MARIA, Decision.APPROVE), minutes=301), 0),
    Case("failed", stopped("failed"), 0),
    Case("failed after it expired", stopped("failed", minutes=301), 0),
    Case("withdrawn", stopped("withdrawn", (SANA, Decision.APPROVE)), 0),
    Case("restored out of nothing", stopped("restored", (SANA, Decision.APPROVE), (MARIA, Decision.APPROVE)), 1),
    Case("ended in some other way", stopped("forgotten"), 1),
    Case("denied before the intent", with_word_before(LENA, Decision.DENY), 1),
    Case("cancelled before the intent", with_word_before(OMAR, Decision.CANCEL), 1),
    Case("denied by nobody of weight before the intent", with_word_before(OMAR, Decision.DENY), 0),
    Case("more than 200 proofs, and restored", flooded("restored"), 1),
    Case("more than 200 proofs, and denied", flooded("denied"), 0),
    Case("started and failed", begun("failed"), 0),
    Case("started and closed as denied", begun("denied"), 1),
    Case("started and closed as restored", begun("restored"), 1),
    Case("started before the witness saw the intent", begun("failed", started_after=1), 1),
    Case("started without an intent", begun("failed", intend=False), 1),
    Case("intended twice, and the last counts", intended_twice, 0),
    Case("intended again after the start", happening("restore-intended"), 1),
    Case("started twice", happening("restore-started"), 1),
    Case("something else happens", happening("tagged", "told-somebody"), 0),
    Case("copied back", copied("copy-back"), 0),
    Case("copied back where that was not asked for", copied("local"), 1),
    Case("another point than was copied back", copied("copy-back", made_point="arn:other"), 1),
    Case("a job without what was approved", of_job(Metadata={"Engine": "postgres"}), 1),
    Case("a job with something else approved", of_job(Metadata={"DBInstanceIdentifier": "orders"}), 1),
    Case("a job of another role", of_job(IamRoleArn="arn:aws:iam::222222222222:role/other"), 1),
    Case("another job", of_job(RestoreJobId="J2"), 1),
    Case("a job that was made too late", of_job(CreationDate=at(hours=5, minutes=11)), 1),
    Case("a job that was made just in time", of_job(CreationDate=at(hours=5, minutes=10)), 0),
    Case("a job with a time of another zone", of_job(CreationDate="2026-11-26T14:10:30+00:00"), 1),
    Case("an application", restored(play=asking(kind="application")), 1),
    Case("parts", restored(play=asking(parts=[])), 1),
    Case("said to be a restore", restored(play=asking(kind="restore")), 0),
    Case("an id with a line break", restored(play=asking(id="r-abc\ndef")), 1),
    Case("to be approved after it is to be done", restored(play=asking(approve_before=at(hours=6))), 1),
    Case("letters of all kinds", restored(play=asking(reason='Daten kaputt: „häßlich“ \u2028 😀 \x7f \\ " \n')), 0),
]

# how it is written


def text(change: Callable[[str], str]) -> Callable[[], Files]:
    """The honest bundle with its text changed."""

    def made() -> Files:
        bundle, trust = restored()()
        return change(bundle), trust

    return made


def content(change: Callable[[dict[str, Any]], object]) -> Callable[[], Files]:
    """The honest bundle with its content changed, in canonical text."""

    def made() -> Files:
        bundle, trust = restored()()
        read = read_canonical(bundle)
        change(read)
        return canonical_text(read), trust

    return made


def nested(depth: int) -> Callable[[], Files]:
    """A proof of that many brackets."""

    def made() -> Files:
        play = an_approved_play()
        relied_on = [digest_of(proof) for proof in play.proofs]
        play.keep("[" * depth + "]" * depth)
        play.intend(relied_on=relied_on)
        return finished(play)

    return made


def _first_log_proof(read: dict[str, Any], change: Callable[[str], str]) -> None:
    name = min(read["log"]["proofs"])
    read["log"]["proofs"][name] = change(read["log"]["proofs"][name])


def _without_last_line(proof: str) -> str:
    return "\n".join(proof.split("\n")[:-2]) + "\n"


def _swap_log_proofs(read: dict[str, Any]) -> None:
    proofs = read["log"]["proofs"]
    one, other = sorted(proofs)
    proofs[one], proofs[other] = proofs[other], proofs[one]


WRITING: Final = [
    Case("nothing", text(lambda _: ""), 2),
    Case("no JSON", text(lambda _: "evidence"), 2),
    Case("a list", text(lambda _: "[]"), 2),
    Case("another format", text(lambda bundle: bundle.replace("evidence/2", "evidence/3")), 2),
    Case("a line break at the end", text(lambda bundle: bundle + "\n"), 2),
    Case("a byte order mark", text(lambda bundle: "\ufeff" + bundle), 2),
    Case("blanks", text(lambda bundle: bundle.replace('"format":', '"format": ')), 2),
    Case("a key twice", text(lambda bundle: bundle.replace('"proofs":', '"proofs":[],"proofs":', 1)), 2),
    Case("a float", text(lambda bundle: bundle.replace('"number":1,', '"number":1.0,')), 2),
    Case("an exponent", text(lambda bundle: bundle.replace('"number":1,', '"number":1e0,')), 2),
    Case("a great integer", text(lambda bundle: bundle.replace('"number":1,', f'"number":{2**53},')), 2),
    Case("minus nought", text(lambda bundle: bundle.replace('"number":1,', '"number":-0,')), 2),
    Case("an escape that is not needed", text(lambda bundle: bundle.replace("strongroom", "stron\\u0067room", 1)), 2),
    Case("half of a character", text(lambda bundle: bundle.replace('"J1"', '"\\ud800"', 1)), 2),
    Case("a letter and its accent apart", text(lambda bundle: bundle.replace('"J1"', '"e\u0301"', 1)), 2),
    Case("a key that is not ASCII", text(lambda bundle: bundle.replace('"job":"J1"', '"jöb":"J1"', 1)), 2),
    Case("too large", text(lambda bundle: bundle.replace('"J1"', '"' + "J" * 2**23 + '"', 1)), 2),
    Case("a part is missing", content(lambda read: read.pop("log")), 2),
    Case("a part too many", content(lambda read: read.update(notes=[])), 2),
    Case("a part of another kind", content(lambda read: read.update(chain={})), 2),
    Case("an empty chain", content(lambda read: read.update(chain=[])), 1),
    Case("an entry without a kind", content(lambda read: read["chain"][0].pop("kind")), 1),
    Case("an entry with a digest", content(lambda read: read["chain"][0].update(digest="x")), 1),
    Case("an entry that is none", content(lambda read: read["chain"].insert(0, 7)), 1),
    Case("the first entry is gone", content(lambda read: read["chain"].pop(0)), 1),
    Case("the last entry is gone", content(lambda read: read["chain"].pop()), 1),
    Case("another stream", content(lambda read: read["chain"][0].update(stream="r-other")), 1),
    Case("the request has more to say", content(lambda read: read["request"].update(note="x")), 1),
    Case("a proof is gone", content(lambda read: read["proofs"].pop()), 1),
    Case("a proof twice", content(lambda read: read["proofs"].append(read["proofs"][0])), 1),
    Case("a proof too many", content(lambda read: read["proofs"].append({"junk": True})), 1),
    Case("the proofs in another order", content(lambda read: read["proofs"].reverse()), 0),
    Case("the log's word on the intent is gone", content(lambda read: read["log"].pop("intent")), 1),
    Case("the log's word on the close is gone", content(lambda read: read["log"].pop("closed")), 1),
    Case("the log's word on a proof is gone", content(lambda read: read["log"]["proofs"].popitem()), 1),
    Case("the log's words are swapped", content(_swap_log_proofs), 1),
    Case("the log says more", content(lambda read: read["log"].update(other="x")), 1),
    Case("the log's word is a number", content(lambda read: read["log"].update(closed=7)), 1),
    Case("a log proof without the witness's line", content(lambda read: _first_log_proof(read, _without_last_line)), 1),
    Case("a log proof without its last line break", content(lambda read: _first_log_proof(read, str.strip)), 1),
    Case(
        "a log proof with an extra",
        content(lambda read: _first_log_proof(read, lambda proof: proof.replace("@v1\n", "@v1\nextra AAAA\n"))),
        1,
    ),
    Case("nested as deep as may be", nested(98), 0),
    Case(
        "nested deeper",
        text(lambda bundle: bundle.replace('"proofs":[', '"proofs":[' + "[" * 99 + "]" * 99 + ",", 1)),
        2,
    ),
]

CASES: Final[Iterable[Case]] = [*SIGNING, *RULES, *TRUST, *HAPPENING, *WRITING]
