"""How long a whole organisation's backup policies take: each linted once, merged for every account, and judged.

Every document is one that Strongroom renders, with a plan of its own. The policies hang on a root, three layers of
units and a tenth of the accounts; what many accounts inherit is merged once.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from benchmarks.measurement import MILLISECONDS, Measurement, compared, peak_of, quickest_seconds
from strongroom.domain.backup_policy.documents import PolicyText, parse_policy
from strongroom.domain.backup_policy.lint import lint
from strongroom.domain.backup_policy.organization import EffectivePolicies, Organization, effective_policies
from strongroom.domain.backup_policy.rendering import render_backup_policies
from strongroom.domain.findings import Finding, Level
from strongroom.domain.intent.model import Intent

SIZES: Final = (1_000, 5_000)
MOST_MILLISECONDS: Final = 5_000
MOST_MEGABYTES: Final = 300
LEAST_LINEAR: Final = 1.2  # an account may cost so much more among the many than among the few

_POLICIES: Final = 40
_BRANCHES: Final = (4, 3, 2)  # units below the root, below each of those, and below each of these
_AT_THE_ROOT: Final = 4
_WITH_OWN_POLICY: Final = 10  # every tenth account
_OWN_POLICIES: Final = 8


@dataclass(frozen=True, slots=True)
class Estate:
    """Units with their parents, accounts with theirs, what is attached where, and each document as text."""

    units: Mapping[str, str | None]
    accounts: Mapping[str, str]
    attachments: Mapping[str, tuple[str, ...]]
    texts: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Judged:
    """What every account has, and what the linter says of the documents and of the results."""

    effective: EffectivePolicies
    findings: tuple[Finding, ...]


def measure_organization_policies(
    intent: Intent, *, sizes: tuple[int, ...] = SIZES, runs: int = 3
) -> tuple[Measurement, ...]:
    """The milliseconds of each size, beside the smallest; the largest must keep its budgets and be linear."""
    estates = {size: estate_of(intent, accounts=size) for size in sizes}
    works: dict[str, Callable[[], object]] = {
        str(size): lambda estate=estate: judge(estate)  # type: ignore[misc]
        for size, estate in estates.items()
    }
    seconds = quickest_seconds(works, runs=runs)
    return tuple(_row(size, estates, {int(name): taken * 1000 for name, taken in seconds.items()}) for size in sizes)


def estate_of(intent: Intent, *, accounts: int) -> Estate:
    """An organisation of that many accounts, five levels and forty policies."""
    units: dict[str, str | None] = {"root": None}
    layer = ["root"]
    for branches in _BRANCHES:
        below = {f"{parent}-{place}": parent for parent in layer for place in range(branches)}
        units |= below
        layer = list(below)
    texts = _texts(intent)
    inherited, own = list(texts)[:-_OWN_POLICIES], list(texts)[-_OWN_POLICIES:]
    shared, one_each = tuple(inherited[:_AT_THE_ROOT]), inherited[_AT_THE_ROOT:]
    attachments = {unit: (one_each[place % len(one_each)],) for place, unit in enumerate(units)} | {"root": shared}
    owners = {f"{number:012}": layer[number % len(layer)] for number in range(accounts)}
    for place, account in enumerate(list(owners)[::_WITH_OWN_POLICY]):
        attachments[account] = (own[place % len(own)],)
    return Estate(units, owners, attachments, texts)


def judge(estate: Estate) -> Judged:
    """Read and lint every document, merge what every account inherits, judge and lint each result."""
    read = {policy: parse_policy(text) for policy, text in estate.texts.items()}
    effective = effective_policies(
        Organization(
            units=estate.units,
            accounts=estate.accounts,
            attachments=estate.attachments,
            documents={policy: text.document for policy, text in read.items()},
        )
    )
    results = [PolicyText(_assigned(group.effective), duplicates=(), characters=0) for group in effective.groups]
    return Judged(effective, tuple(finding for text in (*read.values(), *results) for finding in lint(text)))


def _row(size: int, estates: Mapping[int, Estate], milliseconds: Mapping[int, float]) -> Measurement:
    smallest = min(estates)
    base = Measurement(name=_name(smallest), value=round(milliseconds[smallest], 1), unit=MILLISECONDS)
    per_account = {each: taken / each for each, taken in milliseconds.items()}
    found, megabytes = peak_of(lambda: judge(estates[size]))
    return compared(
        _name(size),
        round(milliseconds[size], 1),
        MILLISECONDS,
        to=base,
        policies=len(estates[size].texts),
        merges=len(found.effective.groups),
        invalid=sum(bool(group.faults) for group in found.effective.groups),
        lint_errors=sum(finding.level is Level.ERROR for finding in found.findings),
        megabytes=megabytes,
        holds=milliseconds[size] < MOST_MILLISECONDS
        and megabytes < MOST_MEGABYTES
        and per_account[size] <= per_account[smallest] * LEAST_LINEAR,
    )


def _assigned(effective: Mapping[str, Any]) -> dict[str, Any]:
    """The effective policy as a document that assigns it."""
    return {
        name: _assigned(child) if isinstance(child, Mapping) else {"@@assign": child}
        for name, child in effective.items()
    }


def _texts(intent: Intent) -> dict[str, str]:
    rendered = list(render_backup_policies(intent).values())
    texts: dict[str, str] = {}
    for number in range(_POLICIES):
        # Without the control on `plans` itself, since plans are added on every level here.
        plans: dict[str, Any] = rendered[number % len(rendered)]["plans"]
        renamed = {f"{name}-{number}": plan for name, plan in plans.items() if not name.startswith("@@")}
        texts[f"p-{number:02}"] = json.dumps({"plans": renamed}, separators=(",", ":"))
    return texts


def _name(size: int) -> str:
    return f"organization_policies.{size}_accounts"
