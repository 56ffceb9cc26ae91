"""The log, chain and file: changed, moved, left out, or signed by somebody else."""

from typing import Any, Final

from strongroom.domain.canonical import canonical_text, digest_of, read_canonical
from strongroom.domain.evidence.entries import EntryKind
from strongroom.domain.evidence.log.notes import LOG_TYPE, WITNESS_TYPE
from tests.builders.proving.ceremony import (
    LENA,
    LOG_ORIGIN,
    START,
    THE_LOG,
    THE_WITNESS,
    NoteSigner,
    Play,
    a_job,
    a_request_content,
    a_restored_play,
    a_signed_proof,
    a_started_play,
    an_approved_play,
)
from tests.unit.domain.evidence.forged.cases import (
    BROKEN,
    WHOLE,
    Case,
    edited,
    finished,
    leaving_out,
    setting,
    texts_of,
)
from tests.unit.domain.evidence.forged.happened import denied


def swap(content: dict[str, Any]) -> None:
    first, second = content["log"]["proofs"]
    proofs = content["log"]["proofs"]
    proofs[first], proofs[second] = proofs[second], proofs[first]


def intent_twice(content: dict[str, Any]) -> None:
    content["log"]["closed"] = content["log"]["intent"]


def in_log(place: str, old: str, new: str) -> tuple[str, str]:
    def edit(content: dict[str, Any]) -> None:
        assert old in content["log"][place]
        content["log"][place] = content["log"][place].replace(old, new, 1)

    return edited(a_restored_play(), edit)


def drop_line(signer: NoteSigner, place: str = "intent") -> tuple[str, str]:
    def edit(content: dict[str, Any]) -> None:
        lines = content["log"][place].split("\n")
        kept = [line for line in lines if not line.startswith(f"\N{EM DASH} {signer.name} ")]
        assert len(kept) < len(lines)
        content["log"][place] = "\n".join(kept)

    return edited(a_restored_play(), edit)


def signed_by(*signers: NoteSigner, **changes: Any) -> tuple[str, str]:
    return texts_of(a_restored_play(play=Play(signers=signers, **changes)))


def grafted() -> tuple[str, str]:
    """The end of another ceremony that ended alike."""
    play, other = a_restored_play(), a_restored_play(play=Play(request=a_request_content(reason="another")))

    def edit(content: dict[str, Any]) -> None:
        content["log"]["closed"] = read_canonical(other.bundle())["log"]["closed"]

    return edited(play, edit)


def split_log() -> tuple[str, str]:
    """One log that shows two trees of one size: the second proof of another log with as many leaves."""
    play = an_approved_play()
    other = an_approved_play()
    other.logged[0], other.logged[2] = other.logged[2], other.logged[0]
    approval = play.proofs[1]
    finished(play)

    def edit(content: dict[str, Any]) -> None:
        # There it stands at 100 of a tree of 102; here Maria's stands at 101 of a tree of that size.
        content["log"]["proofs"][digest_of(approval)] = other.log_proof(0, size=2)

    return edited(play, edit)


def unlogged_intent(content: dict[str, Any]) -> None:
    del content["log"]["intent"]


def reordered(content: dict[str, Any]) -> None:
    content["chain"][1], content["chain"][2] = content["chain"][2], content["chain"][1]


def renumbered(content: dict[str, Any]) -> None:
    del content["chain"][0]
    for number, entry in enumerate(content["chain"], start=1):
        entry["number"] = number


def backwards() -> tuple[str, str]:
    play = a_started_play()
    entry = play.chain[-1]
    play.chain[-1] = type(entry)(
        stream=entry.stream, number=entry.number, at=START, kind=entry.kind, facts=entry.facts, previous=entry.previous
    )
    play.happen(EntryKind.RESTORED, job=a_job())
    play.close("restored")
    return texts_of(play)


def other_stream() -> tuple[str, str]:
    """What happened, as if to another request."""
    play, other = a_restored_play(), Play(request=a_request_content(id="r-zzzzzzzz2345"))
    for entry in play.chain:
        other.clock = entry.at
        other.happen(entry.kind, **entry.facts)
    return edited(play, setting("chain", to=read_canonical(other.bundle())["chain"]))


def badly_again() -> tuple[str, str]:
    play = a_restored_play()

    def edit(content: dict[str, Any]) -> None:
        text = content["log"]["closed"]
        good = text.split("\n")[-2]
        other = read_canonical(play.bundle())["log"]["intent"].split("\n")[-2]
        assert good.startswith(f"\N{EM DASH} {THE_WITNESS.name} ")
        content["log"]["closed"] = f"{text}{other}\n"

    return edited(play, edit)


def one_index() -> tuple[str, str]:
    """The proof of the log of the first approval leads to a tree in which it stands where the intent does here."""
    play, other = an_approved_play(), an_approved_play()
    first = play.proofs[0]
    other.logged = [other.logged[0], other.logged[2], other.logged[2], other.logged[1], other.logged[1]]
    finished(play)

    def edit(content: dict[str, Any]) -> None:
        content["log"]["proofs"][digest_of(first)] = other.log_proof(3, size=5)
        content["log"]["intent"] = play.log_proof(3, size=6)

    return edited(play, edit)


def proof_after_end() -> tuple[str, str]:
    play = an_approved_play()
    late = a_signed_proof(play.asked, LENA, at=play.clock)
    relied_on = sorted(map(digest_of, play.proofs))
    play.intend(relied_on=relied_on)
    play.wait(seconds=20)
    play.happen(EntryKind.RESTORE_STARTED, job="J1")
    play.happen(EntryKind.RESTORED, job=a_job())
    play.close("restored", proofs=[*relied_on, digest_of(late)])
    play.keep(late)
    return texts_of(play)


def intent_of_nobody() -> tuple[str, str]:
    bundle, trust = denied()
    content = read_canonical(bundle)
    content["log"]["intent"] = content["log"]["closed"]
    return canonical_text(content), trust


MY_LOG: Final = NoteSigner(LOG_ORIGIN, LOG_TYPE, "mine")


MY_WITNESS: Final = NoteSigner(THE_WITNESS.name, WITNESS_TYPE, "mine too")


ELSEWHERE: Final = NoteSigner("elsewhere.example/o-2", LOG_TYPE, "log")


LOGGED: Final[dict[str, Case]] = {
    "an entry that was changed": Case(
        lambda: edited(a_restored_play(), setting("chain", 0, "facts", "ticket", to="OPS-2")), BROKEN, "the hash"
    ),
    "the last entry was changed": Case(
        lambda: edited(a_restored_play(), setting("chain", 4, "facts", "note", to="x")), BROKEN, "the root of the log"
    ),
    "entries in another order": Case(lambda: edited(a_restored_play(), reordered), BROKEN, "out of place"),
    "an entry that is missing": Case(lambda: edited(a_restored_play(), renumbered), BROKEN, "the hash"),
    "an entry with a key more": Case(
        lambda: edited(a_restored_play(), setting("chain", 0, "seal", to="x")), BROKEN, "entry 1: seal does not belong"
    ),
    "an entry without kind": Case(
        lambda: edited(a_restored_play(), leaving_out("chain", 0, "kind")), BROKEN, "entry 1"
    ),
    "an entry that is none": Case(lambda: edited(a_restored_play(), setting("chain", 1, to=7)), BROKEN, "entry 2"),
    "a chain that goes backwards": Case(backwards, BROKEN, "before the entry before it"),
    "the chain of another request": Case(other_stream, BROKEN, "out of place"),
    "a request that was changed": Case(
        lambda: edited(
            a_restored_play(),
            lambda content: content["request"].update(
                request=content["request"]["request"].replace("orders-restored", "orders")
            ),
        ),
        BROKEN,
        "for another request",
    ),
    "a request that is not canonical": Case(
        lambda: edited(
            a_restored_play(),
            lambda content: content["request"].update(request=content["request"]["request"].replace(",", ", ", 1)),
        ),
        BROKEN,
        "the request",
    ),
    "a request with a key more": Case(
        lambda: edited(a_restored_play(), setting("request", "approved", to=True)), BROKEN, "the request: approved"
    ),
    "a proof that is gone": Case(
        lambda: edited(a_restored_play(), lambda content: content["proofs"].pop()), BROKEN, "each of the proofs"
    ),
    "a proof that is there twice": Case(
        lambda: edited(a_restored_play(), lambda content: content["proofs"].append(content["proofs"][0])),
        BROKEN,
        "it is there twice",
    ),
    "a proof that the log does not show": Case(
        lambda: edited(
            a_restored_play(), lambda content: content["log"]["proofs"].pop(next(iter(content["log"]["proofs"])))
        ),
        BROKEN,
        "each of the proofs",
    ),
    "proofs of the log that change places": Case(lambda: edited(a_restored_play(), swap), BROKEN, "root of the log"),
    "the intent in the place of the end": Case(
        lambda: edited(a_restored_play(), intent_twice), BROKEN, "root of the log"
    ),
    "the end of another ceremony": Case(grafted, BROKEN, "root of the log"),
    "no intent in the log": Case(lambda: edited(a_restored_play(), unlogged_intent), BROKEN, "intent is missing"),
    "an intent in the log that nobody had": Case(intent_of_nobody, BROKEN, "intent does not belong here"),
    "a log proof that is none": Case(
        lambda: edited(a_restored_play(), setting("log", "closed", to=7)), BROKEN, "is not a text"
    ),
    "a log without the end": Case(
        lambda: edited(a_restored_play(), leaving_out("log", "closed")), BROKEN, "the log: closed is missing"
    ),
    "log proofs that are a list": Case(
        lambda: edited(a_restored_play(), lambda content: content["log"].update(proofs=list(content["log"]["proofs"]))),
        BROKEN,
        "each of the proofs",
    ),
    "another index": Case(lambda: in_log("intent", "index 103", "index 102"), BROKEN, "root of the log"),
    "another size": Case(lambda: in_log("intent", "\n104\n", "\n105\n"), BROKEN, "the log's proof of entry 2"),
    "another origin": Case(
        lambda: in_log("intent", f"\n{LOG_ORIGIN}\n", "\nstrongroom.example/o-2\n"), BROKEN, "is not good"
    ),
    "our keys on another log": Case(lambda: signed_by(THE_LOG, THE_WITNESS, log=ELSEWHERE), BROKEN, "for another log"),
    "a log that shows two trees of one size": Case(split_log, BROKEN, "two trees of one size"),
    "a log that shows two things at one index": Case(one_index, BROKEN, "two things at one index"),
    "a proof in the log after the end": Case(proof_after_end, BROKEN, "after the end"),
    "no witness": Case(lambda: drop_line(THE_WITNESS), BROKEN, "nobody says when"),
    "no log": Case(lambda: drop_line(THE_LOG), WHOLE),
    "no witness at the end": Case(lambda: drop_line(THE_WITNESS, "closed"), BROKEN, "nobody says when"),
    "my own log and witness": Case(lambda: signed_by(MY_LOG, MY_WITNESS), WHOLE),
    "my own log": Case(lambda: signed_by(MY_LOG, THE_WITNESS), WHOLE),
    "my own witness": Case(lambda: signed_by(THE_LOG, MY_WITNESS), WHOLE),
    "my own log elsewhere": Case(
        lambda: signed_by(NoteSigner("elsewhere.example/o-2", LOG_TYPE, "mine"), MY_WITNESS, log=ELSEWHERE),
        WHOLE,
    ),
    "signed twice, the second time badly": Case(badly_again, BROKEN, "is not good"),
    "our log on another log": Case(lambda: signed_by(THE_LOG, MY_WITNESS, log=ELSEWHERE), BROKEN, "for another log"),
    "our witness on another log": Case(
        lambda: signed_by(MY_LOG, THE_WITNESS, log=ELSEWHERE), BROKEN, "for another log"
    ),
    "my own log, and somebody else's witness": Case(
        lambda: signed_by(MY_LOG, NoteSigner("other.example", WITNESS_TYPE, "w2")), BROKEN, "nobody says when"
    ),
    "a chain of ten thousand": Case(
        lambda: edited(a_restored_play(), setting("chain", to=[{}] * 10_000)), BROKEN, "entry 1"
    ),
    "facts that are none": Case(
        lambda: edited(a_restored_play(), setting("chain", 0, "facts", to=[])), BROKEN, "facts is not a record"
    ),
    "a fact that nothing else depends on": Case(
        lambda: edited(a_restored_play(), setting("chain", 3, "facts", "note", to="x")), BROKEN, "the hash"
    ),
    "a trust that knows no log": Case(lambda: texts_of(a_restored_play(), log_keys=[THE_WITNESS.key.text]), WHOLE),
    "a trust that knows no witness": Case(lambda: texts_of(a_restored_play(), log_keys=[THE_LOG.key.text]), WHOLE),
    "a trust that knows another witness by that name": Case(
        lambda: texts_of(a_restored_play(), log_keys=[THE_LOG.key.text, MY_WITNESS.key.text]), WHOLE
    ),
}
