"""The alerts topic: what people subscribe to by mail, pager or chat."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from strongroom.adapters.aws.errors import aws_errors
from strongroom.domain.alerts.complaints import Whose
from strongroom.domain.alerts.meanings import MEANING_OF
from strongroom.domain.alerts.messages import NO_TICKET_YET, account_of, section_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from strongroom.domain.alerts.complaints import Alert
    from strongroom.domain.alerts.digest import Digest
    from strongroom.domain.alerts.owner_news import OwnerNews

ACTIONS = ("sns:Publish",)
_SUBJECT_LIMIT = 100  # SNS refuses longer ones (API reference of Publish)


class AlertsTopic:
    """Announces alerts on one SNS topic; the message is JSON, its attributes allow subscription filters.

    Where nobody is named as owner, or no target is known, the message has no attribute of that name: SNS takes no empty
    ones, and a filter may ask for that (SNS Developer Guide, "String value matching", `exists`).
    """

    def __init__(self, sns: Callable[[], Any], arn: str, *, runbook: str | None = None) -> None:
        """`sns` gives an SNS client when it is needed, `arn` the topic's, `runbook` the runbook's address."""
        self._sns = sns
        self._arn = arn
        self._runbook = runbook

    def announce_opened(self, alert: Alert, *, link: str = "") -> None:
        """Say that the alert is open, with the link by which somebody can look after it, if there is one."""
        self._publish(alert, status="opened", reason=alert.reason, link=link)

    def announce_resolved(self, alert: Alert, *, reason: str) -> None:
        """Say that what the alert complained about is mended."""
        self._publish(alert, status="resolved", reason=reason)

    def tell_digest(self, digest: Digest) -> None:
        """Send the day's digest, whose attribute `status` is `digest`."""
        self._send(f"Strongroom {digest.title}", digest.text, {"status": "digest"})

    def tell_owner(self, news: OwnerNews) -> None:
        """Send an owner what was done to what is theirs; the attribute `status` is `tagged`, `owner` whom it is to."""
        attributes = {"status": "tagged"} | ({"owner": news.owner} if news.owner else {})
        self._send(f"Strongroom {news.title}", news.text, attributes)

    def _publish(self, alert: Alert, *, status: str, reason: str, link: str = "") -> None:
        whose, meaning = alert.whose or Whose(), MEANING_OF[alert.kind]
        message = {
            "status": status,
            "kind": alert.kind,
            "cause": alert.cause,
            "severity": alert.severity,
            "account": alert.account,
            "region": alert.region,
            "subject": alert.subject,
            "resource": alert.resource or alert.subject,
            "reason": reason,
            "account_name": whose.account_name,
            "owner": whose.owner,
            "unit": whose.unit,
            "means": meaning.means,
            "to_do": meaning.to_do,
            "runbook": section_of(alert.kind, runbook=self._runbook),
            "fingerprint": alert.fingerprint,
        }
        if alert.wants_ticket and status == "opened":
            # None can be open yet: this is what makes one be opened.
            message["ticket"] = NO_TICKET_YET
        if link:
            message["link"] = link
        named = ("status", "kind", "cause", "severity", "account", "owner", "unit")
        attributes = {name: message[name] for name in named if message[name]}
        self._send(
            f"[{alert.severity}] {alert.kind} {status}: {account_of(alert)}", json.dumps(message, indent=2), attributes
        )

    def _send(self, subject: str, message: str, attributes: Mapping[str, str]) -> None:
        with aws_errors():
            self._sns().publish(
                TopicArn=self._arn,
                Subject=_ascii(subject),
                Message=message,
                MessageAttributes={
                    name: {"DataType": "String", "StringValue": value} for name, value in attributes.items()
                },
            )


def _ascii(text: str) -> str:
    """ASCII without control characters, which is all that SNS takes as a subject (API reference of Publish)."""
    return "".join(each if " " <= each <= "~" else "?" for each in text)[:_SUBJECT_LIMIT]
