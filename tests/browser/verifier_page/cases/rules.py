"""The rules, and what they count for."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any, Final

from strongroom.domain.canonical import canonical_text, digest_of
from strongroom.domain.evidence.entries import EntryKind
from tests.browser.verifier_page.cases.plays import (
    OWN,
    Case,
    Files,
    UnreadPlay,
    asking,
    at,
    files,
    finished,
    restored,
    under,
    with_its_job,
)
from tests.builders.places import CENTRAL_VAULT, LOCAL_VAULT, TEMPORARY_VAULT
from tests.builders.proving.ceremony import (
    ACCOUNT,
    LENA,
    MARIA,
    OMAR,
    POINT,
    SANA,
    START,
    Play,
    a_policy_content,
    a_signed_proof,
    an_approved_play,
)
from tests.unit.domain.evidence.forged.following import following

OWN_CALL: Final = "fsx:CreateFileSystemFromBackup"
VAULT_KEY: Final = {"risks": ["vault-key"]}
TWO_PLACES: Final = {
    "groups": {"approvers": [MARIA, SANA], "oncall": [OMAR], "owners": [MARIA]},
    "rules": [{"group": "approvers", "needed": 1}, {"group": "owners", "needed": 1}],
}


def counted(when: Mapping[str, Any], **request: Any) -> Callable[[], Files]:
    """Two approvals, and a third that is needed where a rule counts."""
    rules = [{"group": "approvers", "needed": 2}, {"group": "approvers", "needed": 1, "when": when}]
    return restored(play=asking(a_policy_content(rules=rules), **request))


def called(call: str | None = OWN_CALL, **job: Any) -> Callable[[], Files]:
    """A restore by a service's own call, which tells for which request it made something, and not its groups."""

    def made() -> Files:
        written = {"KmsKeyId": "key-1", "SecurityGroupIds": '["sg-0a1"]'}
        play = an_approved_play(play=asking(kind="native", metadata=written, call=call))
        play.wait(minutes=10)
        play.intend()
        play.wait(seconds=20)
        play.happen(EntryKind.RESTORE_STARTED, job="fs-0a1")
        told = {"RecoveryPointArn": None, "IamRoleArn": None, "Request": play.request["id"]}
        return files(with_its_job(play, **told | {"Metadata": {"KmsKeyId": "key-1"}} | job))

    return made


def asking_after(*, days: float = 0, seconds: float = 0, **changes: Any) -> Play:
    """What follows a restore of so long ago, of which nothing is read before it is signed."""
    restored_at = at(days=-days, seconds=-seconds)
    return UnreadPlay(request=following(**{"of_restored_at": restored_at, **changes}))


def temporary(vault: str) -> Callable[[], Files]:
    """The same about an instance that is copied back into this vault, whose key is counted as a risk."""
    return counted(VAULT_KEY, risks=[], plan="copy-back", temporary_vault=vault)


def table(when: Mapping[str, Any], resource_type: str = "DynamoDB") -> Callable[[], Files]:
    """The same about a table that is copied back."""
    return counted(
        when,
        plan="copy-back",
        recovery_point=f"arn:aws:backup:eu-west-1:{ACCOUNT}:recovery-point:1",
        resource_type=resource_type,
        risks=[],
    )


def backdated(delay: int) -> Callable[[], Files]:
    """Sana signs ten minutes after the time that she says, and ten minutes later it is intended."""

    def made() -> Files:
        play = an_approved_play(MARIA, play=under(delay=delay))
        play.keep(a_signed_proof(play.asked, SANA, at=play.clock - timedelta(minutes=10)))
        play.wait(minutes=10)
        play.intend()
        return finished(play)

    return made


def seen_late(delay: int) -> Callable[[], Files]:
    """The log's proof of an approval is one that was made after the intent."""

    def made() -> Files:
        play = an_approved_play(MARIA, play=under(delay=delay))
        play.say(SANA, seen_at=START + timedelta(minutes=30))
        play.intend()
        return finished(play)

    return made


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

RULES: Final = [
    Case("a rule for another tier", counted({"tiers": ["vault"]}, tier="daily"), 0),
    Case("a rule for this tier", counted({"tiers": ["vault"]}, tier="vault"), 1),
    Case("a rule for a tier, of which the request tells nothing", counted({"tiers": ["vault"]}), 1),
    Case("a rule for a risk that is not there", counted({"risks": ["elevated"]}, risks=["from-cold"]), 0),
    Case("a rule for a risk that is there", counted({"risks": ["elevated"]}, risks=["a", "elevated"]), 1),
    Case(
        "a rule for tier and risk, of which one holds", counted({"tiers": ["v"], "risks": ["e"]}, tier="v", risks=[]), 0
    ),
    Case("a risk that is not stated", counted(VAULT_KEY, risks=[], plan="copy-back"), 1),
    Case("a risk of what a person wrote", counted({"risks": ["elevated"]}, risks=[], kind="raw"), 1),
    Case(
        "what a person wrote, without a rule for its risk", counted({"risks": ["from-cold"]}, risks=[], kind="raw"), 0
    ),
    Case("a risk of a call", counted({"risks": ["elevated"]}, risks=[], kind="native", call=OWN_CALL), 1),
    Case("a restore by a service's own call", called(), 0),
    Case("a call that was made for another request", called(Request="r-other23456"), 1),
    Case("a call of which nobody tells for which request", called(Request=None), 1),
    Case("a call that made something of another key", called(Metadata={"KmsKeyId": "another"}), 1),
    Case("a call that does not say what it made", called(Metadata={}), 1),
    Case("a call that is not named", called(call=None), 1),
    Case("what follows nothing", restored(play=asking(kind="after", call=OWN_CALL, resource=POINT)), 1),
    Case("what follows a restore, without its ticket, too late", restored(play=asking_after(days=7, seconds=1)), 1),
    Case("what follows a restore of tomorrow", restored(play=asking_after(days=-1)), 1),
    Case("what follows a restore by a copy", restored(play=asking_after(plan="copy-back")), 1),
    Case("what follows a restore, urgently", restored(play=asking_after(incident="INC-1")), 1),
    Case("what follows a restore, whose evidence is not named", restored(play=asking_after(of_closed="a")), 1),
    Case("what follows no restore by its name", restored(play=asking_after(of="x")), 1),
    Case("what follows a restore, by no call", restored(play=asking_after(call=None)), 1),
    Case("what follows a restore, on nothing", restored(play=asking_after(resource=None)), 1),
    Case("a job with a call", counted({"risks": ["from-cold"]}, risks=[], call=OWN_CALL), 1),
    Case("a kind that nobody knows", counted({"risks": ["from-cold"]}, risks=[], kind="row"), 1),
    Case("a kind that is none", counted({"risks": ["from-cold"]}, risks=[], kind=7), 1),
    Case("a risk of a way that is called otherwise", counted(VAULT_KEY, risks=[], plan="by-hand"), 1),
    Case("a risk of a vault in another account", counted(VAULT_KEY, risks=[], vault=CENTRAL_VAULT), 1),
    Case("a risk that a temporary vault spares", temporary(TEMPORARY_VAULT), 0),
    Case("a risk that another account's does not", temporary(TEMPORARY_VAULT.replace(ACCOUNT, "999999999999")), 1),
    Case("a risk that the local vault does not spare", temporary(LOCAL_VAULT), 1),
    Case("a risk that a vault which is called alike does not spare", temporary(f"{TEMPORARY_VAULT}-2"), 1),
    Case("a risk of another service's vault", temporary(TEMPORARY_VAULT.replace(":backup:", ":s3:")), 1),
    Case("a temporary vault that is no text", restored(play=asking(temporary_vault=["x"])), 1),
    Case("a risk of a way that is not gone", counted(VAULT_KEY, risks=[]), 0),
    Case("a risk that a table has not", table({"risks": ["vault-key"]}), 0),
    Case("a risk that a table has", table({"risks": ["temporary-copy"]}), 1),
    Case("a risk of a type that is rarely tried", table({"risks": ["elevated"]}, resource_type="Timestream"), 1),
    Case("another risk than that of the type", table({"risks": ["public"]}, resource_type="Timestream"), 0),
    Case("a risk of an instance that is called a table", counted(VAULT_KEY, risks=[], resource_type="DynamoDB"), 1),
    Case("a risk of a type that nobody knows", counted(VAULT_KEY, risks=[], resource_type="Tape"), 1),
    Case("a risk of a type as all things have it", counted(VAULT_KEY, risks=[], resource_type="constructor"), 1),
    Case("a risk of no type", counted(VAULT_KEY, risks=[], resource_type=None), 1),
    Case("a type that is no text", restored(play=asking(resource_type=["RDS"])), 1),
    Case("a vault that is no text", restored(play=asking(risks=[], vault={})), 1),
    Case("a vault that is no text, of which nothing follows", restored(play=asking(vault={})), 1),
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
    Case("a delay since the witness saw it", restored(play=under(delay=470)), 0),
    Case("a delay since it was signed", restored(play=under(delay=471)), 1),
    Case("a delay by the signer's own time", backdated(601), 1),
    Case("a delay by the witness's time", backdated(600), 0),
    Case("no delay, and seen by a later checkpoint", seen_late(0), 0),
    Case("a delay, and seen by a later checkpoint", seen_late(60), 1),
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
