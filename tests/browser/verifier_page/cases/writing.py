"""How a bundle is written."""

from collections.abc import Callable
from typing import Any, Final

from strongroom.domain.canonical import canonical_text, digest_of, read_canonical
from tests.browser.verifier_page.cases.plays import Case, Files, finished, restored
from tests.builders.proving.ceremony import an_approved_play


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
    Case("reviews that are nothing", content(lambda read: read.update(reviews=None)), 2),
    Case("steps that are nothing", content(lambda read: read.update(stated=None)), 2),
    Case("no reviews and no steps", content(lambda read: read.update(reviews=[], stated=[])), 0),
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
