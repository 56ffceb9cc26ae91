"""The intent that the deployed functions carry: whether it is the one in the file, and in what it differs.

Those of the control plane act by it; the watch in the audit account explains by it what was done.

Who may approve, with what proof and for how long, stands nowhere else: no policy and no parameter shows it.
"""

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Final

from strongroom.domain.findings import Finding, error, warning
from strongroom.domain.intent.compiled import CompiledIntent
from strongroom.domain.intent.model import Intent
from strongroom.domain.rollout.desired import Desired, StackPlace
from strongroom.domain.rollout.live import LiveOrganization
from strongroom.domain.rollout.losses.looser_promises import looser_promises
from strongroom.domain.rollout.stacks import existing
from strongroom.domain.rollout.steps import DeployControlPlane, DeployEvidenceLog, Step, StepKind
from strongroom.domain.rulebook.agreement import RulesEvidence, why_not_agreed
from strongroom.domain.rulebook.loosening import are_signed, looser_rules

RULES_LOOSENED: Final = "rules-loosened"
_NOTHING: Final = "nothing"
_DIGITS: Final = 12

type _Difference = tuple[str, str, str]


def outdated_intent(desired: Desired, live: LiveOrganization) -> Step | None:
    """The step that a person takes when a function carries another intent than the file, or none at all."""
    return _deployed_again(
        desired,
        live,
        desired.control_plane,
        carried=live.carried,
        outdated=_acted_by(desired, live),
        id_="control-plane",
        who="the functions carry",
        how="`sam deploy`",
        act=DeployControlPlane(),
    )


def outdated_watch(desired: Desired, live: LiveOrganization) -> Step | None:
    """The step that a person takes when the watch in the audit account carries another intent, or none at all."""
    if desired.evidence_log is None:
        return None
    return _deployed_again(
        desired,
        live,
        desired.evidence_log,
        carried=live.watch_carried,
        outdated=_watched_by(desired, live),
        id_="evidence-log",
        who="the watch of restores carries",
        how="`sam deploy --config-env audit`",
        act=DeployEvidenceLog(),
    )


def _deployed_again(
    desired: Desired,
    live: LiveOrganization,
    place: StackPlace,
    *,
    carried: tuple[CompiledIntent, ...],
    outdated: tuple[CompiledIntent, ...],
    id_: str,
    who: str,
    how: str,
    act: DeployControlPlane | DeployEvidenceLog,
) -> Step | None:
    if existing(live, place.name) is None or (carried and not outdated):
        return None
    changes = [change for each in outdated for change in intent_differences(each.document, desired.compiled.document)]
    sections = ", ".join(dict.fromkeys(path.partition(".")[0] for path, *_ in changes)) or "intent"
    digests = ", ".join(each.digest[:_DIGITS] for each in carried) or "missing"
    return Step(
        id=id_,
        kind=StepKind.CONFIRM,
        account=place.account,
        region=place.region,
        what=f"the intent that {who} ({sections}): run `strongroom compile`, `sam build` and {how} in this account, "
        "then this command again",
        before="; ".join((digests, *(f"{path} = {old}" for path, old, _ in changes))),
        after="; ".join((desired.compiled.digest[:_DIGITS], *(f"{path} = {new}" for path, _, new in changes))),
        act=act,
    )


def judge_carried(desired: Desired, live: LiveOrganization, *, now: datetime) -> Iterator[Finding]:
    """An error for each promise that would be weaker than what the functions are held to now.

    So for the rules of the ceremony, as long as nobody could sign looser ones.
    """
    for before in _outdated_intents(desired, live):
        rules = () if are_signed(before) else looser_rules(before, desired.intent, at=now)
        for path, sentence in (*looser_promises(before, desired.intent), *rules):
            yield error("protection-shrinks", path, sentence)


def judge_rules(
    desired: Desired, live: LiveOrganization, *, now: datetime, evidence: RulesEvidence | None
) -> Iterator[Finding]:
    """An error for each looser rule of a ceremony, which nothing makes good but the evidence that governors agreed."""
    for before in _outdated_intents(desired, live):
        looser = looser_rules(before, desired.intent, at=now) if are_signed(before) else ()
        if not looser:
            continue
        refusal = _refusal(evidence, before, desired.intent, now=now)
        for path, sentence in looser:
            yield (error if refusal else warning)(RULES_LOOSENED, path, sentence)
        if refusal:
            yield error("rules-evidence", "restores", refusal)


def agreement_needed(desired: Desired, live: LiveOrganization, *, now: datetime) -> bool:
    """Whether a rule that people sign by would become looser."""
    outdated = _outdated_intents(desired, live)
    return any(are_signed(before) and looser_rules(before, desired.intent, at=now) for before in outdated)


def _refusal(evidence: RulesEvidence | None, before: Intent, after: Intent, *, now: datetime) -> str:
    if evidence is None:
        return (
            "looser rules are applied with --rules-evidence FILE only: what two governors of today's rules have signed"
        )
    return why_not_agreed(evidence, before=before, after=after, now=now)


def _outdated_intents(desired: Desired, live: LiveOrganization) -> Iterator[Intent]:
    """The intents that functions carry and the file does not say, of this release's form."""
    yield from (each.intent for each in _outdated(desired, live) if each.intent is not None)


def judge_form(desired: Desired, live: LiveOrganization) -> Iterator[Finding]:
    """A warning where nobody can say whether a rule becomes looser."""
    for each in _outdated(desired, live):
        if each.intent is None:
            yield warning(
                "intent-of-another-release",
                ".",
                f"the functions carry an intent of another form ({each.digest[:_DIGITS]}): which rules of the ceremony "
                "become looser cannot be said, look at the differences",
            )


def intent_differences(before: Any, after: Any) -> tuple[_Difference, ...]:
    """Where two compiled intents differ: the path, what stands there, and what will; of lists what goes and comes."""
    return tuple(_differences("", before, after))


def _outdated(desired: Desired, live: LiveOrganization) -> tuple[CompiledIntent, ...]:
    """What any function carries that the file does not say, each once."""
    outdated = (*_acted_by(desired, live), *_watched_by(desired, live))
    return tuple({each.digest: each for each in outdated}.values())


def _acted_by(desired: Desired, live: LiveOrganization) -> tuple[CompiledIntent, ...]:
    return tuple(each for each in live.carried if each.digest != desired.compiled.digest)


def _watched_by(desired: Desired, live: LiveOrganization) -> tuple[CompiledIntent, ...]:
    """What the watch carries but for `evidence`: the keys there are made by the deployment that brings the watch."""
    wanted = _but_for_evidence(desired.compiled)
    return tuple(each for each in live.watch_carried if _but_for_evidence(each) != wanted)


def _but_for_evidence(compiled: CompiledIntent) -> Mapping[str, Any]:
    return {name: value for name, value in compiled.document.items() if name != "evidence"}


def _differences(path: str, before: Any, after: Any) -> Iterator[_Difference]:
    if before == after:
        return
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        for name in sorted({*before, *after}):
            yield from _differences(f"{path}.{name}" if path else name, before.get(name), after.get(name))
    elif isinstance(before, list) and isinstance(after, list):
        gone, come = ([each for each in one if each not in other] for one, other in ((before, after), (after, before)))
        # The same things in another order.
        yield path, *((_told(gone), _told(come)) if gone or come else (_told(before), _told(after)))
    else:
        yield path, _told(before), _told(after)


def _told(value: Any) -> str:
    if value in (None, []):
        return _NOTHING
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)
