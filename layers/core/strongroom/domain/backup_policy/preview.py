"""The effective policy that some levels of policies give, with what its reader should know about it.

Source: AWS Organizations User Guide, "Policy syntax and inheritance for management policy types".
"""

from collections.abc import Iterator, Sequence
from typing import Any

from msgspec import Struct

from strongroom.domain.backup_policy.documents import Document, json_path
from strongroom.domain.backup_policy.effective import in_force, validate
from strongroom.domain.backup_policy.faults import PolicyFault
from strongroom.domain.backup_policy.merge import IgnoredOperator, Merged, Reading, merge_levels
from strongroom.domain.findings import Finding, warning


class Preview(Struct, frozen=True, kw_only=True):
    """An effective policy, AWS's objections to it, the policy that then runs, and warnings; None runs if unknown."""

    effective: Document
    faults: tuple[PolicyFault, ...]
    in_force: Document | None
    findings: tuple[Finding, ...]


def preview(levels: Sequence[Sequence[Document]], *, last_valid: Document | None = None) -> Preview:
    """Merge levels as AWS documents it, root first; a finding's path is `$.levels[0][1]...` or `$.plans...`."""
    merged = merge_levels(levels)
    loose = merge_levels(levels, reading=Reading.LEAF_ONLY)
    effective = merged.effective
    faults = validate(effective)
    return Preview(
        effective=effective,
        faults=faults,
        in_force=in_force(effective, faults=faults, last_valid=last_valid),
        findings=(*_contested(merged), *_ignored(merged), *_readings(merged, loose)),
    )


def _contested(merged: Merged) -> Iterator[Finding]:
    for loser in merged.contested:
        yield warning(
            "attachment-order",
            json_path(("levels", loser.level, loser.document, *loser.path)),
            "a policy that was attached to the same place earlier assigns another value, and the first one wins; "
            "let one of the two say it",
        )


def _ignored(merged: Merged) -> Iterator[Finding]:
    for ignored in merged.ignored:
        yield warning(
            "operator-ignored",
            json_path(("levels", ignored.level, ignored.document, *ignored.path, ignored.operator)),
            f"AWS ignores {ignored.operator} on level {ignored.level}: {_reason(ignored)}",
        )


def _reason(ignored: IgnoredOperator) -> str:
    governor = json_path(ignored.governor)
    if len(ignored.governor) == len(ignored.path):
        return f"a child control at {governor} on a level above forbids it"
    return f"a child control at {governor} on a level above forbids anything new there"


def _readings(merged: Merged, loose: Merged) -> Iterator[Finding]:
    for key, value in loose.settings.items():
        if merged.settings.get(key) != value:
            yield warning(
                "readings-differ",
                json_path(loose.spelled(key)),
                f"if AWS lets children add to a container in spite of its control, this becomes {_told(value)}; "
                "set and lock it on the level above to be safe from either",
            )


def _told(value: Any) -> str:
    return repr(value) if isinstance(value, str) else repr(list(value))
