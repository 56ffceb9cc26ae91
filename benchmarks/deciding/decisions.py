"""How many decisions a second the domain makes, beside the bare making of a verdict.

Each rate is over a mix of cases that between them reach the different verdicts.
"""

from collections import Counter
from collections.abc import Callable
from copy import replace
from datetime import date
from functools import partial
from typing import Any, Final

import msgspec

from benchmarks.measurement import PER_SECOND, ROOT, Measurement, compared, quickest_seconds
from strongroom.adapters.identity.signatures import CryptographySignatures
from strongroom.domain.catalogue.rows import ROWS
from strongroom.domain.copies.verification import CopyState, CopyVerdict, judge_copy
from strongroom.domain.findings import Finding
from strongroom.domain.identifiers import AccountId, Region
from strongroom.domain.intent.model import Intent
from strongroom.domain.intent_rules.contradictions import find_contradictions
from strongroom.domain.proofs.decisions import decide
from strongroom.domain.proofs.statements import Decision
from strongroom.domain.tags.creations import Resource
from strongroom.domain.tags.standing import Known, judge_resource
from strongroom.domain.tampering.judging import judge_tampering
from strongroom.domain.tampering.scopes import Surroundings
from strongroom.runtime.contracts.envelope import Event
from strongroom.runtime.contracts.trail import TrailRecord
from tests.builders.copies import COPY, IN_TIME, SOURCE, TOO_LATE, a_copy, a_promise, a_vault
from tests.builders.places import CENTRAL_VAULT
from tests.builders.proving.signed_requests import (
    MARIA,
    OMAR,
    PIET,
    SOON,
    a_policy,
    an_asked,
    by_passkey,
    by_token,
    the_evidence,
)

type Cases = tuple[Callable[[], Any], ...]

_BARE: Final = "bare_dataclass"


def measure_decisions(intent: Intent, *, loops: int = 500, runs: int = 20) -> tuple[Measurement, ...]:
    """Each decision, beside the construction of one verdict."""
    deciders = {
        "judge_copy": copy_cases(intent),
        "judge_resource": tag_cases(intent),
        "judge_tampering": tampering_cases(intent),
        "decide_approval": proof_cases(),
        "find_contradictions": contradiction_cases(intent),
    }
    mixes = {_BARE: bare_cases()} | deciders
    seconds = quickest_seconds({name: partial(_run_each, mixes[name]) for name in mixes}, runs=runs, loops=loops)
    rates = {name: round(len(cases) / seconds[name], 1) for name, cases in mixes.items()}
    bare = Measurement(name=f"decisions.{_BARE}", value=rates[_BARE], unit=PER_SECOND)
    rows = [bare]
    for name, cases in deciders.items():
        told = Counter(outcome for case in cases for outcome in _outcomes(case()))
        costs = round(bare.value / rates[name], 1)
        rows.append(
            compared(
                f"decisions.{name}", rates[name], PER_SECOND, to=bare, costs_constructions=costs, outcomes=dict(told)
            )
        )
    return tuple(rows)


def bare_cases() -> Cases:
    """As many constructions of a verdict as the others have cases."""
    construct = partial(
        CopyVerdict,
        state=CopyState.VERIFIED,
        reason="as promised",
        recovery_point=SOURCE,
        destination=CENTRAL_VAULT,
        copy=COPY,
    )
    return (construct,) * 5


def copy_cases(intent: Intent) -> Cases:
    """A copy in time, one too late, one on its way, one that never came, one with every fault."""
    judge = partial(judge_copy, a_promise(), vault=a_vault(), intent=intent, now=IN_TIME)
    faulty = a_copy(retention_days=35, encryption_key="arn:aws:kms:eu-west-1:222222222222:key/local")
    return (
        partial(judge, found=a_copy()),
        partial(judge, found=a_copy(), now=TOO_LATE),
        partial(judge, found=a_copy(status="CREATING")),
        partial(judge, found=None),
        partial(judge, found=faulty, vault=a_vault(is_locked=False)),
    )


def tag_cases(intent: Intent) -> Cases:
    """A right tag, none, a wrong value, a key in other letters, and an account that is not governed."""
    account, region = AccountId("222222222222"), Region("eu-west-1")
    orders = Resource(
        arn=f"arn:aws:rds:{region}:{account}:db:orders", label="RDS instance", account=account, region=region
    )
    others = {f"team:{name}": "payments" for name in ("owner", "cost-centre", "stage", "on-call", "service")}
    [database] = [row for row in ROWS if row.arn == "arn:{partition}:rds:{region}:{account}:db:{id}"]
    known = Known(resource=orders, type=database, target=intent.targets[0], tags=others)
    cases = (
        replace(known, tags=others | {intent.tag_key: "monthly-prod"}),
        known,
        replace(known, tags=others | {intent.tag_key: "weekly"}),
        replace(known, tags=others | {intent.tag_key.upper(): "daily-prod"}),
        replace(known, target=None),
    )
    return tuple(partial(judge_resource, each, intent=intent, today=date(2026, 9, 1)) for each in cases)


def tampering_cases(intent: Intent) -> Cases:
    """A backup deleted, a refused try, AWS's own act, a vault that is not ours, and a call that harms nothing."""
    sample = (ROOT / "events" / "aws.backup" / "call_delete_recovery_point.json").read_bytes()
    event = msgspec.json.decode(sample, type=Event[TrailRecord])
    elsewhere = event.detail.observed(event)
    call = replace(
        elsewhere,
        caller_type="AssumedRole",
        caller="arn:aws:sts::222222222222:assumed-role/Developer/eve",
        role="arn:aws:iam::222222222222:role/Developer",
        request={"backupVaultName": intent.vaults["local"].name, "recoveryPointArn": SOURCE},
    )
    own = replace(call, invoked_by="backup.amazonaws.com")
    judge = partial(judge_tampering, surroundings=Surroundings(), intent=intent)
    return (
        partial(judge, call),
        partial(judge, replace(call, error_code="AccessDenied")),
        partial(judge, own),
        partial(judge, elsewhere),
        partial(judge, replace(call, name="ListRecoveryPointsByBackupVault")),
    )


def proof_cases() -> Cases:
    """Nobody yet, one of two, both, a denial, and the requester's own word, by passkeys and by ID tokens."""
    asked = an_asked(a_policy(rules=[{"group": "approvers", "needed": 2}]))
    evidence = replace(the_evidence(), signatures=CryptographySignatures())
    decision = partial(decide, asked, evidence=evidence, now=SOON, also=None, ticket_approver="")
    maria, piet, omar = by_passkey(MARIA, asked), by_token(PIET, asked), by_passkey(OMAR, asked)
    denial = by_passkey(PIET, asked, Decision.DENY)
    return tuple(partial(decision, proofs) for proofs in ((), (maria,), (maria, piet), (maria, denial), (maria, omar)))


def contradiction_cases(intent: Intent) -> Cases:
    """The example, and the same with a few mistakes."""
    place = replace(intent.organization, backup_account=intent.organization.management_account, root_id="root")
    mistaken = replace(intent, organization=place, tag_key="aws:backup")
    return partial(find_contradictions, intent), partial(find_contradictions, mistaken)


def _run_each(cases: Cases) -> None:
    for case in cases:
        case()


def _outcomes(decided: Any) -> list[str]:
    if isinstance(decided, tuple):
        return [finding.code for finding in decided if isinstance(finding, Finding)]
    return [str(decided.state)]
