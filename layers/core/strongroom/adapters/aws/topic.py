"""The alerts topic: what people subscribe to by mail, pager or chat."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from strongroom.adapters.aws.errors import aws_errors

if TYPE_CHECKING:
    from collections.abc import Callable

    from strongroom.domain.alerts.complaints import Alert

ACTIONS = ("sns:Publish",)
_SUBJECT_LIMIT = 100  # SNS refuses longer ones (API reference of Publish)


class AlertsTopic:
    """Announces alerts on one SNS topic; the message is JSON, its attributes allow subscription filters."""

    def __init__(self, sns: Callable[[], Any], arn: str) -> None:
        """`sns` gives an SNS client when it is needed, `arn` the topic's."""
        self._sns = sns
        self._arn = arn

    def announce_opened(self, alert: Alert) -> None:
        """Say that the alert is open."""
        self._publish(alert, status="opened", reason=alert.reason)

    def announce_resolved(self, alert: Alert, *, reason: str) -> None:
        """Say that what the alert complained about is mended."""
        self._publish(alert, status="resolved", reason=reason)

    def _publish(self, alert: Alert, *, status: str, reason: str) -> None:
        message = {
            "status": status,
            "kind": alert.kind,
            "severity": alert.severity,
            "account": alert.account,
            "region": alert.region,
            "resource": alert.subject,
            "reason": reason,
            "fingerprint": alert.fingerprint,
        }
        with aws_errors():
            self._sns().publish(
                TopicArn=self._arn,
                Subject=f"[{alert.severity}] {alert.kind} {status}: {alert.account}"[:_SUBJECT_LIMIT],
                Message=json.dumps(message, indent=2),
                MessageAttributes={
                    name: {"DataType": "String", "StringValue": message[name]}
                    for name in ("status", "kind", "severity", "account")
                },
            )
