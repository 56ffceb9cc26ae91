"""What the function that reports tampering makes of a call: the same use case, for each answer of the world."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from strongroom.domain.calls import ApiCall
from strongroom.domain.catalogue.model import Scope
from strongroom.domain.copies.found import VaultFound
from strongroom.domain.errors import AccessRefusedError
from strongroom.domain.intent.model import Intent
from strongroom.domain.tampering.judging import target_of, threat_of
from strongroom.domain.tampering.refusals import refusing_denial
from strongroom.services.tampering.report_tampering import TamperingReportNeeds, report_tampering
from strongroom_cli.explain.answers import Known, Outcome
from strongroom_cli.explain.world import Notes, noted_alerts

_WHEN = {True: "", False: "if "}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Supposed:
    """What is supposed of the target: whether it is ours, and in which words."""

    is_ours: bool = True
    when: str = ""

    def describe(self, vault: str) -> VaultFound | None:
        """A vault that nobody may ask for: then every key may be its own. Otherwise there is none."""
        if self.is_ours:
            raise AccessRefusedError(f"{vault} is not asked for from here")
        return None

    def knows(self, recovery_point: str) -> bool:
        """Whether the ledger knows it."""
        del recovery_point
        return self.is_ours


def explain_call(call: ApiCall, *, intent: Intent, now: datetime) -> Iterator[Outcome]:
    """What becomes of the call, for each answer that only the world has, the likeliest first."""
    seen: set[tuple[str, str]] = set()
    for supposed in _suppositions(call):
        notes = Notes()
        needs = TamperingReportNeeds(intent=intent, vaults=supposed, promises=supposed, alerts=noted_alerts(notes))
        verdict = report_tampering(call, needs=needs, now=now)
        if (verdict.state, verdict.reason) in seen:
            continue
        seen.add((verdict.state, verdict.reason))
        yield Outcome(
            state=verdict.state,
            reason=verdict.reason,
            resource=verdict.target,
            when=supposed.when,
            would=notes.all(),
        )


def call_facts(call: ApiCall, *, intent: Intent) -> Iterator[Known]:
    """The row of the table of threats, and the statement of the guardrails."""
    threat, denial = threat_of(call), refusing_denial(call, intent)
    if threat is not None:
        said = f"{threat.what}; it concerns us {_WHEN[threat.scope is Scope.ANYTHING]}{threat.scope}"
        yield Known(name="row of the threats", value=said, origin=f"the table of threats, {threat.call}")
        yield Known(name="target", value=target_of(call) or "not named", origin="the request in the event")
    else:
        yield Known(name="row of the threats", value="none", origin=f"the table of threats has no {call.action}")
    if call.is_denied:
        said = "none that the record shows" if denial is None else f"{denial.sid} stops {denial.stops}"
        yield Known(name="refused by", value=said, origin="the guardrails of the intent")


def _suppositions(call: ApiCall) -> tuple[_Supposed, ...]:
    threat = threat_of(call)
    match None if threat is None else threat.scope:
        case Scope.VAULT_KEY:
            ours, other = "it may be the key of a vault", "it is the key of no vault"
        case Scope.NATIVE_BACKUP:
            ours, other = "the ledger knows it as a recovery point", "the ledger does not know it"
        case _:
            return (_Supposed(),)
    return _Supposed(when=ours), _Supposed(is_ours=False, when=other)
