"""Properties 8, 9 and 14: alerts in the ledger, in people's mail and in Slack, and what became of messages."""

from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from strongroom.domain.alerts.complaints import AlertKind, fingerprint, is_worse
from strongroom.domain.alerts.lifecycle import AlertState, AlertStatus
from strongroom.domain.copies.obstacles import Cause
from strongroom.domain.copies.promises import PromiseState
from strongroom.domain.copies.remediation.diagnosis import DIAGNOSED
from strongroom.domain.errors import AccessRefusedError, TemporarilyUnavailableError
from tests.simulation.judging.backups import ENDS
from tests.simulation.judging.cases import Case, alert_of_group
from tests.simulation.nights.functions import DiedError
from tests.simulation.nights.history import History
from tests.simulation.nights.people import Mail

_BAD: Final = frozenset({PromiseState.MISSING, PromiseState.FAILED, PromiseState.VANISHED})
_OF_GROUPS: Final = frozenset({AlertKind.COPIES_STOPPED_BY_KEY, AlertKind.COPIES_STOPPED_BY_ACCOUNT})
_OF_THE_MOMENT: Final = (TemporarilyUnavailableError, AccessRefusedError, DiedError)


def wrong_alerts(history: History) -> Iterator[str]:
    """What does not hold of alerts, whatever they are about."""
    by_alert: defaultdict[str, list[Mail]] = defaultdict(list)
    for mail in history.people.mails:
        by_alert[mail.alert.fingerprint].append(mail)
    for print_, mails in by_alert.items():
        subject = mails[0].alert.subject
        state = history.alerts.find(print_)
        yield from (f"8 {subject}: {line}" for line in _order(mails, excused=history.functions.interrupted[print_]))
        yield from (f"9 {subject}: {line}" for line in _agreement(state, mails, history.slack.last(print_)))
        yield from (f"9 {subject}: {line}" for line in _messages(history, print_))
    yield from _queues(history)


def wrong_alert_of(case: Case) -> Iterator[str]:
    """Whether the alert about a promise stands as the promise does."""
    promise = case.promise
    state = case.history.alerts.find(fingerprint(AlertKind.COPY_MISSING, promise.subject))
    is_open = state is not None and state.status is AlertStatus.OPEN
    if promise.untold:
        yield f"9 {case.name}: {promise.state}, and nobody was told"
    if promise.group is not None:
        is_own_open, told = is_open, case.history.alerts.find(alert_of_group(f"GROUP#{promise.group.text}"))
        is_open = told is not None and told.status is AlertStatus.OPEN
        if is_own_open:
            yield f"9 {case.name}: told as one with others, and an alert of its own is open"
    if promise.state in _BAD and not is_open:
        yield f"9 {case.name}: {promise.state}, and no alert is open"
    if promise.state not in _BAD and is_open:
        yield f"9 {case.name}: {promise.state}, and an alert is open"


def _order(mails: list[Mail], *, excused: int) -> Iterator[str]:
    """Each interrupted call excuses one repetition: the topic does not say whether it sent."""
    if mails[0].status != "opened":
        yield "resolved before it was opened"
    for before, after in pairwise(mails):
        if before.status != after.status:
            continue
        if after.status == "opened" and _is_larger(before, after):
            continue
        if after.status == "opened" and (_is_louder(before, after) or _says_why(before, after)):
            continue
        if excused > 0:
            excused -= 1
        else:
            yield f"{after.status} twice"


def _is_louder(before: Mail, after: Mail) -> bool:
    """Whether it is worse, or a backup that ended badly in another way."""
    kinds = {before.alert.kind, after.alert.kind}
    return is_worse(after.alert.kind, before.alert.kind) or (len(kinds) == 2 and kinds <= {*ENDS.values()})


def _is_larger(before: Mail, after: Mail) -> bool:
    """Whether a group stops ten times as many by now, or more is known of what it is."""
    if after.alert.kind not in _OF_GROUPS:
        return False
    sizes = [int(mail.alert.reason.partition(" ")[0]) for mail in (before, after)]
    causes = [mail.alert.reason.partition("; ")[2] for mail in (before, after)]
    return sizes[1] >= 10 * sizes[0] or causes[0] != causes[1]


def _says_why(before: Mail, after: Mail) -> bool:
    """Whether the later one says what stops the copy, and the earlier one did not, or that it was something else."""
    why = after.alert.reason.partition(DIAGNOSED)[2]
    is_worth_it = any(cause.is_told for cause in Cause if why.startswith(cause.words))
    return is_worth_it and why != before.alert.reason.partition(DIAGNOSED)[2]


def _agreement(state: AlertState | None, mails: list[Mail], shown: AlertStatus | None) -> Iterator[str]:
    if state is None:
        yield "told, and not in the ledger"
        return
    if (state.status is AlertStatus.OPEN) != (mails[-1].status == "opened"):
        yield f"the ledger says {state.status}, people were told {mails[-1].status}"
    if shown is None and state.status is AlertStatus.OPEN:
        yield "open, and Slack shows nothing"
    if shown is not None and shown is not state.status:
        yield f"the ledger says {state.status}, Slack shows {shown}"


def _messages(history: History, print_: str) -> Iterator[str]:
    """Of an alert's messages only the last shows it as open, but for those of which a poster never heard the answer."""
    shown = [status for each, status in history.slack.shown.values() if each == print_]
    left = sum(status is AlertStatus.OPEN for status in shown[:-1])
    if left > history.functions.interrupted[f"chat {print_}"]:
        yield f"{left} messages in Slack show it as open for ever"


def _queues(history: History) -> Iterator[str]:
    posts = history.delivery.posts
    if posts.dead or posts.lost:
        yield f"14 Slack's queue has {len(posts.dead)} dead messages and {len(posts.lost)} lost ones"
    for queue in history.delivery.queues:
        for message, error in queue.dead:
            if not isinstance(error, _OF_THE_MOMENT):
                yield f"14 {queue.name} {message}: {error!r}"
