"""What is wrong with how the guardrails are to be: which keys they guard, and what they leave alone."""

from collections.abc import Iterator
from datetime import date

from strongroom.domain.findings import Finding, error, note, warning
from strongroom.domain.forms import SCP_SLOTS
from strongroom.domain.intent.model import Intent
from strongroom.domain.intent.tier_names import tag_of
from strongroom.domain.intent_rules.tier_tags import is_tag_key


def find_guardrail_contradictions(intent: Intent, *, today: date | None) -> Iterator[Finding]:
    """Every contradiction in the guardrails; without `today` (UTC) nothing is said about plans of others."""
    guardrails = intent.guardrails
    used = {key for name in intent.offered_tiers() for key in tag_of(intent, name)}
    for number, key in enumerate(guardrails.tag_keys):
        path = f"guardrails.tag_keys[{number}]"
        if not is_tag_key(key):
            yield error("tag-key", path, f"{key!r} is no tag key of 1 to 128 plain characters without aws:")
        elif key not in used:
            why = f"no tier that is offered is chosen by {key}; there are {', '.join(sorted(used))}"
            yield error("unused-key", path, why)
    if not SCP_SLOTS.holds(guardrails.scp_slots):
        why = f"AWS attaches 5 or 10 service control policies to a target, not {guardrails.scp_slots}"
        yield error("scp-slots", "guardrails.scp_slots", why)
    for sid, reason in guardrails.leave_out.items():
        if not reason.strip():
            yield error("left-out", f"guardrails.leave_out.{sid}", "says no reason: write why it is left out")
    yield from _foreign_policies(intent, today=today)


def _foreign_policies(intent: Intent, *, today: date | None) -> Iterator[Finding]:
    kept, path = intent.guardrails.foreign_policies, "guardrails.foreign_policies.keep_until"
    if kept is None or today is None:
        return
    if today > kept.keep_until:
        why = f"plans of others below ours went on until {kept.keep_until}, and stop now: take this out"
        yield note("foreign-policies-ended", path, why)
    else:
        why = (
            f"until {kept.keep_until} whoever may edit backup policies below ours can add plans, and with a wrong one "
            "make an account keep its last valid policy"
        )
        yield warning("foreign-policies-kept", path, why)
