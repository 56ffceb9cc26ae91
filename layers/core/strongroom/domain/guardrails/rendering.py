"""The service control policies: their documents, what each is attached to, and whether all of them fit there.

Sources: Organizations User Guide, "Service control policies" and "Quotas and service limits".
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import replace
from typing import Any, Final

from msgspec import Struct

from strongroom.domain.findings import Finding, error, warning
from strongroom.domain.guardrails.control_plane import protect_control_plane
from strongroom.domain.guardrails.denials import Denial, Document, fill_documents, numbered
from strongroom.domain.guardrails.landing_zones import slots_of_landing_zones
from strongroom.domain.guardrails.members import protect_backups
from strongroom.domain.guardrails.packing import merged
from strongroom.domain.guardrails.scope import both, left_out, within
from strongroom.domain.guardrails.tags import require_backup_tag
from strongroom.domain.intent.governed import topmost_targets
from strongroom.domain.intent.model import Intent, Target

PROTECT_BACKUPS: Final = "protect-backups"
PROTECT_CONTROL_PLANE: Final = "protect-control-plane"
REQUIRE_BACKUP_TAG: Final = "require-backup-tag"

_FULL_ACCESS: Final = 1  # each target has FullAWSAccess already

type _Denials = Mapping[str, tuple[Denial, ...]]


class _Set(Struct, frozen=True, kw_only=True):
    """Guardrails for the same targets, by their names; `targets` are the ids that their documents are attached to."""

    targets: tuple[str, ...]
    guardrails: _Denials


def list_denials(intent: Intent) -> dict[str, tuple[Denial, ...]]:
    """The statements of each guardrail with their reasons, by the guardrail's name; an empty guardrail is left out.

    Where targets have different ones, those of the second are called `<name>-for-2` and so on.
    """
    return {name: denials for each in _sets(intent) for name, denials in each.guardrails.items() if denials}


def render_guardrails(intent: Intent) -> dict[str, dict[str, Any]]:
    """The documents by name; what does not fit into one is continued in `<name>-2` and so on.

    Guardrails for the same targets share documents, because a target takes few, and merge their statements where that
    saves one. GuardrailTooLargeError where a single statement is over the limit.
    """
    return {name: document for _, documents in _documents(intent) for name, document in documents.items()}


def guardrail_targets(intent: Intent) -> dict[str, tuple[str, ...]]:
    """The ids of the root, units and accounts that each document is attached to, by the document's name."""
    return {name: each.targets for each, documents in _documents(intent) for name in documents}


def guardrail_of(document: str) -> str:
    """The guardrail that a document begins with, by the document's name."""
    known = (PROTECT_BACKUPS, PROTECT_CONTROL_PLANE, REQUIRE_BACKUP_TAG)
    return next(name for name in known if document.startswith(name))


def find_crowded_targets(intent: Intent) -> tuple[Finding, ...]:
    """A warning for each target that gets more documents than it has room for beside FullAWSAccess."""
    slots = intent.guardrails.scp_slots
    return tuple(
        warning(
            "too-many-guardrails",
            "guardrails",
            f"{target} gets {count} service control policies beside {_others(intent, target)}; where AWS attaches no"
            f" more than {slots} to a target, the last cannot be attached: name fewer roles or create actions",
        )
        for target, count in _counts(_documents(intent)).items()
        if count > _room(intent, target)
    )


def find_unknown_statements(intent: Intent) -> Iterator[Finding]:
    """An error for each statement that is left out and that there is none of."""
    everything = replace(intent, guardrails=replace(intent.guardrails, leave_out={}))
    known = {
        denial.sid
        for top in topmost_targets(intent)
        for each in _of_target(everything, top).values()
        for denial in each
    }
    for sid in intent.guardrails.leave_out:
        if sid not in known:
            why = f"there is no statement of this name in governed accounts; there are {', '.join(sorted(known))}"
            yield error("left-out", f"guardrails.leave_out.{sid}", why)


def _documents(intent: Intent) -> tuple[tuple[_Set, dict[str, Document]], ...]:
    return tuple((each, _filled(each.guardrails)) for each in _sets(intent))


def _filled(guardrails: _Denials) -> dict[str, Document]:
    """Each statement by itself, in order; merged only where that saves a document."""
    plain = fill_documents(guardrails)
    fewer = fill_documents(merged(guardrails), keeps_order=False)
    return fewer if len(fewer) < len(plain) else plain


def _room(intent: Intent, target: str) -> int:
    return intent.guardrails.scp_slots - _FULL_ACCESS - _slots_of_others(intent, target)


def _others(intent: Intent, target: str) -> str:
    others = _slots_of_others(intent, target)
    return f"FullAWSAccess and {others} of the landing zone" if others else "FullAWSAccess"


def _slots_of_others(intent: Intent, target: str) -> int:
    """A landing zone hangs its own on units."""
    return slots_of_landing_zones(intent) if target.startswith("ou-") else 0


def _counts(documents: Sequence[tuple[_Set, Mapping[str, Document]]]) -> dict[str, int]:
    attached = [target for each, own in documents for target in each.targets for _ in own]
    return {target: attached.count(target) for target in attached}


def _sets(intent: Intent) -> Iterator[_Set]:
    """Those of the topmost targets, the same for as many of them as there are, then those of the control plane."""
    together: dict[str, list[Target]] = {}
    for top in topmost_targets(intent):
        together.setdefault(repr((_is_on_the_root(intent, top), _of_target(intent, top))), []).append(top)
    for number, tops in enumerate(together.values(), start=1):
        mine = _of_target(intent, tops[0])
        if is_bound := _is_on_the_root(intent, tops[0]):
            mine = _bound(intent, mine, tops)
        yield _Set(
            targets=(intent.organization.root_id,) if is_bound else tuple(top.id(intent) for top in tops),
            guardrails={numbered(name, number, mark="-for-"): denials for name, denials in mine.items() if denials},
        )
    yield _Set(
        targets=intent.guarded_accounts,
        guardrails={PROTECT_CONTROL_PLANE: _placed(intent, protect_control_plane(intent))},
    )


def _of_target(intent: Intent, top: Target) -> _Denials:
    """Without what the intent leaves out, and bound to no account that the target excludes."""
    where = left_out(intent, top)
    return {
        name: tuple(
            replace(denial, when=both(denial.when, where))
            for denial in _placed(intent, denials)
            if denial.sid not in intent.guardrails.leave_out
        )
        for name, denials in (
            (PROTECT_BACKUPS, protect_backups(intent, top)),
            (REQUIRE_BACKUP_TAG, require_backup_tag(intent, top)),
        )
    }


def _placed(intent: Intent, denials: Iterable[Denial]) -> tuple[Denial, ...]:
    return tuple(denial.placed_in(intent.partition.name) for denial in denials)


def _is_on_the_root(intent: Intent, top: Target) -> bool:
    return top.root or (intent.guardrails.attach == "root" and top.account is None)


def _bound(intent: Intent, guardrails: _Denials, tops: Sequence[Target]) -> _Denials:
    where = within(intent, tops)
    return {
        name: tuple(replace(denial, when=both(denial.when, where)) for denial in denials)
        for name, denials in guardrails.items()
    }
