"""Steps by hand: stated by whoever may, once each, about this request and its list, and seen by the log."""

from collections.abc import Callable
from typing import Any, Final

from strongroom.domain.canonical import canonical_text, read_canonical
from strongroom.domain.restores.checklists.stated import StatedOutcome
from strongroom.domain.restores.kinds.finishing import SENTENCES, MachineStep
from tests.builders.proving.ceremony import (
    LENA,
    MARIA,
    OMAR,
    SANA,
    Play,
    a_policy_content,
    a_request_content,
    a_restored_play,
)
from tests.unit.domain.evidence.forged.cases import BROKEN, OTHER_KEY, PROVEN, WHOLE, Case, texts_of

ATTACH: Final = "Attach it: a volume comes back beside its instance and not in it."
NAME: Final = "Give it its aliases, and let DNS name it."
BY_MACHINE: Final = SENTENCES[MachineStep.WRITER]
_WITHOUT_SANA: Final = a_policy_content(groups={"approvers": [MARIA, LENA], "oncall": [OMAR], "others": [SANA]})


def listed(*then: Callable[[Play], object], rules: dict[str, object] | None = None) -> Play:
    """A restore with two steps by hand and one of the machine's, and what happened of them after its end."""
    content = a_request_content(rules, steps=[ATTACH, NAME, BY_MACHINE])
    play = a_restored_play(MARIA, LENA, play=Play(request=content))
    for each in then:
        play.wait(minutes=1)
        each(play)
    return play


def by(person: str = OMAR, step: str = ATTACH, **changes: Any) -> Callable[[Play], object]:
    """That person states a step as done, about something else by these changes."""
    return lambda play: play.state(person, step, **changes)


def dismissed(person: str = OMAR, step: str = NAME) -> Callable[[Play], object]:
    """That person dismisses the step."""
    return by(person, step, outcome=StatedOutcome.DISMISSED, reason="its old name is gone for good")


def files(*then: Callable[[Play], object], rules: dict[str, object] | None = None) -> Callable[[], tuple[str, str]]:
    """The bundle and the trust file."""
    return lambda: texts_of(listed(*then, rules=rules))


def changed(change: Callable[[dict[str, object]], object], *, again: bool = False) -> Callable[[], tuple[str, str]]:
    """What was stated is changed in the bundle, or stands there once more."""

    def make() -> tuple[str, str]:
        bundle, trust = files(by())()
        content = read_canonical(bundle)
        change(content["stated"][0])
        content["stated"] *= 1 + again
        return canonical_text(content), trust

    return make


def _with_another_step(part: dict[str, object]) -> None:
    stated = part["stated"]
    assert isinstance(stated, dict)
    stated["statement"] = canonical_text(read_canonical(stated["statement"]) | {"step": NAME})


def _seen_by_the_witness_alone() -> tuple[str, str]:
    """The step is in a log that the witness has signed, and the log itself has not."""
    play = listed(by())
    bundle, trust = texts_of(play)
    content, play.signers = read_canonical(bundle), (play.witness,)
    content["stated"][0]["logged"] = play.log_proof(len(play.logged) - 1)
    return canonical_text(content), trust


STATED: Final = {
    "a step that was stated": Case(files(by()), PROVEN),
    "each step, one dismissed": Case(files(by(), dismissed()), PROVEN),
    "a step that an approver stated": Case(files(by(MARIA)), PROVEN),
    "a step that an approver stated by a login": Case(files(by(LENA)), PROVEN),
    "a step that nobody stated": Case(files(), PROVEN),
    "a step that somebody else states": Case(
        files(by(SANA), rules=_WITHOUT_SANA), BROKEN, "stated 1: it is stated by somebody who may neither ask"
    ),
    "a step by a key that nobody knows": Case(
        files(lambda play: play.state(OMAR, ATTACH, by=OTHER_KEY)), BROKEN, "stated 1: nobody here has enrolled"
    ),
    "a step that was never on the list": Case(
        files(by(step="Open the firewall.")), BROKEN, "stated 1: the step 'Open the firewall.' was never on the list"
    ),
    "a step of the machine's": Case(files(by(step=BY_MACHINE)), BROKEN, "was never on the list"),
    "a step that is stated twice": Case(files(by(), by(MARIA)), BROKEN, "stated 2: the step 'Attach it"),
    "the same words twice": Case(changed(lambda _: None, again=True), BROKEN, "is stated twice"),
    "a step of another request": Case(files(by(request="r-bbbbbbbbbbbb")), BROKEN, "it is about another request"),
    "a step of another text": Case(files(by(request_digest="0" * 64)), BROKEN, "it is about another request"),
    "a step under other rules": Case(files(by(policy="0" * 64)), BROKEN, "it is about another request"),
    "a step in the form of a vote": Case(
        files(by(format="strongroom-approval/1")), BROKEN, "the statement is not of the format strongroom-stated/1"
    ),
    "a vote among what is stated": Case(files(lambda play: play.stated.append(play.proofs[0])), BROKEN, "stated 1: "),
    "another outcome": Case(files(by(outcome="approved")), BROKEN, "outcome is none that is known"),
    "dismissed without a reason": Case(files(by(outcome="dismissed")), BROKEN, "dismissed with a reason"),
    "done with a reason": Case(files(by(reason="so")), BROKEN, "dismissed with a reason"),
    "a reason of two lines": Case(files(by(outcome="dismissed", reason="so\nso")), BROKEN, "is not a line"),
    "signed for tomorrow": Case(
        files(by(issued_at="2026-11-28T14:00:00Z")), BROKEN, "signed for later than it was there"
    ),
    "another step in its text": Case(changed(_with_another_step), BROKEN, "stated 1: the log's proof of it"),
    "what the log has not seen": Case(
        changed(lambda part: part.update(logged="")), BROKEN, "stated 1: the log's proof of it"
    ),
    "what the log itself has not signed": Case(_seen_by_the_witness_alone, WHOLE),
    "more than was stated": Case(changed(lambda part: part.update(more="")), BROKEN, "stated 1: "),
}
