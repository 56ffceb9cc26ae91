"""How events reach the control plane: forwarding rules, the bus, its rules, their queues, and what was left behind.

Sources: EventBridge User Guide, "Permissions for event buses" and "Using dead-letter queues to process undelivered
events"; SQS Developer Guide, "Identity and access management".
"""

from collections.abc import Iterable, Iterator
from typing import Final

from strongroom.domain.accounts.readiness import FORWARDER_RULE
from strongroom.domain.doctor.checks import BUS, FORWARDERS
from strongroom.domain.doctor.diagnosis import Diagnosis, listed
from strongroom.domain.doctor.found import BusFound, RuleFound
from strongroom.domain.statements import Statements, allows, is_for_service, organizations_of

MEMBER_RULES: Final = (
    FORWARDER_RULE,
    *(f"{FORWARDER_RULE}-{what}" for what in ("creation", "life", "refusals", "tags", "tampering")),
)
# Past the control plane, on the bus of the audit account.
AUDIT_RULES: Final = (f"{FORWARDER_RULE}-restores",)
# Where the global Region is not governed.
GLOBAL_RULES: Final = tuple(f"{FORWARDER_RULE}-global{what}" for what in ("", "-life", "-refusals"))
MANAGEMENT_RULES: Final = (FORWARDER_RULE,)
# Of an account of vaults.
VAULT_RULES: Final = tuple(f"{FORWARDER_RULE}{what}" for what in ("", "-refusals", "-shares", "-tampering"))

_EVENTS: Final = "events.amazonaws.com"
_PUT: Final = "events:PutEvents"
_SEND: Final = "sqs:SendMessage"


def judge_bus(found: BusFound | None, *, organization: str, where: str) -> Diagnosis:
    """Whether the bus is open to the organisation and to nobody else, and its rules are able to fill their queues."""
    if found is None:
        return BUS.fails(where, "there is no bus", remedy="deploy the control plane")
    wrong = [
        *_wrong_with_policy(found.statements, organization=organization),
        *(f"the rule {rule.name} is disabled" for rule in found.rules if not rule.is_enabled),
        *(f"EventBridge may not fill {arn}" for arn, policy in found.queues.items() if not _is_filled(policy)),
    ]
    return BUS.judged(where, f"{len(found.rules)} rules fill {len(found.queues)} queues", wrong=wrong)


def judge_forwarders(rules: Iterable[RuleFound], *, bus: str, wanted: Iterable[str], where: str) -> Diagnosis:
    """Whether every wanted rule works, and everything arrived."""
    found = {rule.name: rule for rule in rules}
    wrong = [each for name in wanted for each in _wrong_with_rule(name, found.get(name), bus=bus)]
    left = {queue: count for rule in found.values() for queue, count in rule.dead_letters.items() if count}
    wrong += [f"{count} events were not delivered and lie in {queue}" for queue, count in left.items()]
    return FORWARDERS.judged(where, f"enabled, all delivered: {listed(sorted(found))}", wrong=wrong)


def _wrong_with_policy(statements: Statements, *, organization: str) -> Iterator[str]:
    granting = [each for each in statements if allows(each, _PUT)]
    if not any(organization in organizations_of(each) for each in granting):
        yield f"its policy does not let {organization} put events"
    if any(organizations_of(each) != {organization} for each in granting):
        yield "its policy lets others put events"


def _wrong_with_rule(name: str, rule: RuleFound | None, *, bus: str) -> Iterator[str]:
    if rule is None:
        yield f"there is no rule {name}"
        return
    if not rule.is_enabled:
        yield f"{name} is disabled"
    if bus not in rule.targets:
        yield f"{name} does not send to {bus}"
    if not rule.dead_letters:
        yield f"{name} has no queue for what it cannot deliver"


def _is_filled(statements: Statements) -> bool:
    return any(allows(each, _SEND) and is_for_service(each, _EVENTS) for each in statements)
