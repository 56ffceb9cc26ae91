"""Rules, buses and queues, as EventBridge and SQS have them.

Sources: EventBridge API reference, DescribeEventBus, ListRules and ListTargetsByRule; SQS API reference,
GetQueueAttributes.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from strongroom.adapters.aws.errors import aws_errors
from strongroom.domain.doctor.found import BusFound, RuleFound
from strongroom.domain.errors import NotFoundError
from strongroom.domain.identifiers import AccountId, Arn, Region

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from strongroom.adapters.aws.account_access import AccountClients
    from strongroom.domain.statements import Statements

ACTIONS = (
    "events:DescribeEventBus",
    "events:ListRules",
    "events:ListTargetsByRule",
    "sqs:GetQueueAttributes",
    "sqs:GetQueueUrl",
)

_WAITING = "ApproximateNumberOfMessages"


class Deliveries:
    """How events travel."""

    def __init__(self, clients: AccountClients) -> None:
        """`clients` reach every account."""
        self._clients = clients

    def bus(self, name: str, *, account: AccountId, region: Region) -> BusFound | None:
        """The bus with its rules and their queues, None where there is none."""
        events = self._clients.client("events", account=account, region=region)
        try:
            with aws_errors():
                policy = events.describe_event_bus(Name=name).get("Policy")
        except NotFoundError:
            return None
        rules = tuple(self._rules(account, region, EventBusName=name))
        queues = dict.fromkeys(arn for rule in rules for arn in rule.targets if Arn.parse(arn).service == "sqs")
        return BusFound(
            statements=_statements(policy),
            rules=rules,
            queues={arn: _statements(self._queue(arn, "Policy")) for arn in queues},
        )

    def rules(self, prefix: str, *, account: AccountId, region: Region) -> tuple[RuleFound, ...]:
        """The rules of the account's own bus whose names begin so."""
        return tuple(self._rules(account, region, NamePrefix=prefix))

    def _rules(self, account: AccountId, region: Region, **request: str) -> Iterator[RuleFound]:
        events = self._clients.client("events", account=account, region=region)
        bus = {"EventBusName": request["EventBusName"]} if "EventBusName" in request else {}
        with aws_errors():
            pages = list(events.get_paginator("list_rules").paginate(**request))
        for rule in (rule for page in pages for rule in page["Rules"]):
            with aws_errors():
                found = events.get_paginator("list_targets_by_rule").paginate(Rule=rule["Name"], **bus)
                targets = [target for page in found for target in page["Targets"]]
            yield RuleFound(
                name=rule["Name"],
                is_enabled=rule["State"].startswith("ENABLED"),
                targets=tuple(target["Arn"] for target in targets),
                dead_letters={arn: int(self._queue(arn, _WAITING) or 0) for arn in _dead_letters(targets)},
            )

    def _queue(self, arn: str, attribute: str) -> str | None:
        place = Arn.parse(arn)
        sqs = self._clients.client("sqs", account=place.account, region=place.region)
        with aws_errors(f"the queue {arn}"):
            url = sqs.get_queue_url(QueueName=place.resource)["QueueUrl"]
            attributes: Mapping[str, str] = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=[attribute]).get(
                "Attributes", {}
            )
        return attributes.get(attribute)


def _dead_letters(targets: list[dict[str, Any]]) -> dict[str, None]:
    return dict.fromkeys(target["DeadLetterConfig"]["Arn"] for target in targets if "DeadLetterConfig" in target)


def _statements(policy: str | None) -> Statements:
    if not policy:
        return ()
    found = json.loads(policy)["Statement"]
    return tuple([found] if isinstance(found, dict) else found)
