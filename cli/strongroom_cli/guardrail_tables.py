"""The guardrails as Markdown tables: what each statement stops, on what, who is exempt and why."""

from collections.abc import Iterator, Sequence

from strongroom.domain.guardrails.backup_actions import HARMLESS
from strongroom.domain.guardrails.denials import Denial, characters
from strongroom.domain.guardrails.rendering import guardrail_targets, list_denials, render_guardrails
from strongroom.domain.intent.model import Intent


def render_tables(intent: Intent) -> str:
    """One table for each guardrail, one of the exempt, and one of the actions of AWS Backup that none refuses."""
    guardrails = list_denials(intent)
    lines = [*_documents(intent)]
    for name, denials in guardrails.items():
        lines += ["", f"## {name}", "", *_statements(denials)]
    lines += ["", "## Who is exempt", "", *_exempt([denial for each in guardrails.values() for denial in each])]
    lines += ["", "## What AWS Backup offers and no guardrail refuses", "", *_harmless()]
    return "\n".join(lines) + "\n"


def _documents(intent: Intent) -> Iterator[str]:
    targets = guardrail_targets(intent)
    yield "| document | statements | characters | attached to |"
    yield "|---|---|---|---|"
    for name, document in render_guardrails(intent).items():
        place = ", ".join(f"`{target}`" for target in targets[name])
        yield f"| `{name}` | {len(document['Statement'])} | {characters(document)} | {place} |"


def _statements(denials: Sequence[Denial]) -> Iterator[str]:
    yield "| statement | stops | actions | exempt |"
    yield "|---|---|---|---|"
    for denial in denials:
        actions = ", ".join(f"`{action}`" for action in denial.not_actions or denial.actions)
        told = f"all but {actions}" if denial.not_actions else actions
        exempt = ", ".join(each.who for each in denial.exempt if each.arns) or "nobody"
        yield f"| `{denial.sid}` | {denial.stops} | {told} | {exempt} |"


def _exempt(denials: Sequence[Denial]) -> Iterator[str]:
    yield "| who | ARN | from | why |"
    yield "|---|---|---|---|"
    by_reason: dict[tuple[str, str, str], list[str]] = {}
    for denial in denials:
        for each in denial.exempt:
            if each.arns:
                arns = ", ".join(f"`{arn}`" for arn in each.arns)
                by_reason.setdefault((each.who, arns, each.why), []).append(f"`{denial.sid}`")
    for (who, arns, why), sids in by_reason.items():
        yield f"| {who} | {arns} | {', '.join(dict.fromkeys(sids))} | {why} |"


def _harmless() -> Iterator[str]:
    yield "| action | why it may be called |"
    yield "|---|---|"
    for action, why in HARMLESS.items():
        yield f"| `{action}` | {why} |"
