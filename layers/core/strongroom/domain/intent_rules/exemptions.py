"""What is wrong with the exceptions: each is about one thing, ends, and has somebody who answers for it."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from strongroom.domain.findings import Finding, error, warning
from strongroom.domain.forms import ACCOUNT_ID, RESOURCE_ARN
from strongroom.domain.intent.model import Exemption, Intent
from strongroom.domain.intent_rules.targets import unknown

LONGEST_EXEMPTION: Final = timedelta(days=366)


def find_exemption_contradictions(intent: Intent, *, today: date | None) -> Iterator[Finding]:
    """Every contradiction in the exceptions; without `today` their ends are not judged."""
    for number, exemption in enumerate(intent.exceptions):
        path = f"exceptions[{number}]"
        yield from _subject(exemption, path=path)
        if not exemption.reason.strip():
            yield error("exemption-reason", f"{path}.reason", "is empty; say why this is exempt")
        if not exemption.granted_by.strip():
            yield error("exemption-grantor", f"{path}.granted_by", "is empty; say who answers for this")
        elif intent.people and exemption.granted_by not in intent.people:
            yield error("unknown-person", f"{path}.granted_by", unknown("person", exemption.granted_by, intent.people))
        if today is not None:
            yield from _end(exemption, path=f"{path}.until", today=today)


def _subject(exemption: Exemption, *, path: str) -> Iterator[Finding]:
    if (exemption.resource is None) == (exemption.account is None):
        found = "neither is" if exemption.resource is None else "both are"
        yield error("exemption-subject", path, f"exactly one of resource and account must be given; {found}")
    if exemption.resource is not None and not RESOURCE_ARN.fits(exemption.resource):
        why = f"{exemption.resource!r} must be the exact ARN of one resource, without * and ?"
        yield error("exemption-subject", f"{path}.resource", why)
    if exemption.account is not None and not ACCOUNT_ID.fits(exemption.account):
        yield error("account-id", f"{path}.account", f"{exemption.account!r} is no account id of twelve digits")


def _end(exemption: Exemption, *, path: str, today: date) -> Iterator[Finding]:
    if exemption.until < today:
        why = f"ended on {exemption.until.isoformat()} and has no effect any more; renew it or take it out"
        yield warning("exemption-ended", path, why)
    elif exemption.until - today > LONGEST_EXEMPTION:
        why = (
            f"{exemption.until.isoformat()} is more than {LONGEST_EXEMPTION.days} days ahead; exempt for a year at most"
        )
        yield error("exemption-too-long", path, why)
