"""The service control policies: their documents, what each is attached to, and whether all of them fit there.

Sources: Organizations User Guide, "Service control policies" and "Quotas and service limits".
"""

from collections.abc import Mapping
from typing import Any, Final

from strongroom.domain.findings import Finding, warning
from strongroom.domain.guardrails.control_plane import protect_control_plane
from strongroom.domain.guardrails.denials import Denial, fill_documents
from strongroom.domain.guardrails.members import protect_backups
from strongroom.domain.guardrails.tags import require_backup_tag
from strongroom.domain.intent.model import Intent

PROTECT_BACKUPS: Final = "protect-backups"
PROTECT_CONTROL_PLANE: Final = "protect-control-plane"
REQUIRE_BACKUP_TAG: Final = "require-backup-tag"

# The smaller of the two limits that AWS documents (5 and 10); each target has FullAWSAccess already.
SCPS_PER_TARGET: Final = 5
_FULL_ACCESS: Final = 1


def list_denials(intent: Intent) -> dict[str, tuple[Denial, ...]]:
    """The statements of each guardrail with their reasons, by the guardrail's name; an empty guardrail is left out."""
    guardrails = {
        PROTECT_BACKUPS: protect_backups(intent),
        REQUIRE_BACKUP_TAG: require_backup_tag(intent),
        PROTECT_CONTROL_PLANE: protect_control_plane(intent),
    }
    name_of_partition = intent.partition.name
    return {
        name: tuple(each.placed_in(name_of_partition) for each in statements)
        for name, statements in guardrails.items()
        if statements
    }


def render_guardrails(intent: Intent) -> dict[str, dict[str, Any]]:
    """The documents by name; what does not fit into one is continued in `<name>-2` and so on.

    Guardrails for the same targets share documents, because a target takes few. GuardrailTooLargeError where a single
    statement is over the limit.
    """
    return {
        name: document
        for together in _by_targets(intent).values()
        for name, document in fill_documents(together).items()
    }


def guardrail_targets(intent: Intent) -> dict[str, tuple[str, ...]]:
    """The ids of the units and accounts that each document is attached to, by the document's name."""
    return {name: targets for targets, together in _by_targets(intent).items() for name in fill_documents(together)}


def find_crowded_targets(intent: Intent) -> tuple[Finding, ...]:
    """A warning for each target that gets more documents than the smaller limit of AWS admits beside FullAWSAccess."""
    attached = [target for targets in guardrail_targets(intent).values() for target in targets]
    return tuple(
        warning(
            "too-many-guardrails",
            "guardrails",
            f"{target} gets {count} service control policies beside FullAWSAccess; where AWS still holds to"
            f" {SCPS_PER_TARGET} for a target, the last cannot be attached: name fewer roles or create actions",
        )
        for target, count in {each: attached.count(each) for each in attached}.items()
        if count + _FULL_ACCESS > SCPS_PER_TARGET
    )


def _by_targets(intent: Intent) -> dict[tuple[str, ...], dict[str, tuple[Denial, ...]]]:
    """The guardrails by what they are attached to."""
    governed = tuple(target.id(intent) for target in intent.targets)
    place = intent.organization
    targets: Mapping[str, tuple[str, ...]] = {
        PROTECT_BACKUPS: governed,
        REQUIRE_BACKUP_TAG: governed,
        PROTECT_CONTROL_PLANE: tuple(dict.fromkeys((place.backup_account, place.audit_account))),
    }
    together: dict[tuple[str, ...], dict[str, tuple[Denial, ...]]] = {}
    for name, denials in list_denials(intent).items():
        together.setdefault(targets[name], {})[name] = denials
    return together
