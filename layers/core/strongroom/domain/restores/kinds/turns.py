"""How many restores of one kind run at once in an account, and whose turn it is.

AWS Backup Developer Guide, "Amazon Aurora DSQL restore" and "AWS Backup quotas" (EKS); Amazon Timestream Developer
Guide, "Quota and limits" of backups. None says what becomes of one too many.
"""

from collections.abc import Sequence

from strongroom.domain.errors import TemporarilyUnavailableError
from strongroom.domain.restores.kinds.model import RestoreKind
from strongroom.domain.restores.kinds.table import kind_of_request
from strongroom.domain.restores.requests import RestoreRequest


def most_of_ours(request: RestoreRequest) -> int | None:
    """How many of its kind we let run at once in its account: one less than AWS does, and one at least.

    Where AWS has a number for one target, no more than that, whichever target it is. None where AWS says no number.
    """
    kind = _kind(request)
    if kind is None or not kind.at_once:
        return None
    return kind.at_once_into_one or max(1, kind.at_once - 1)


def demand_turn(request: RestoreRequest, *, running: Sequence[str]) -> None:
    """Pass where another one of its kind may run; TemporarilyUnavailableError while too many do, `running` by id."""
    most, kind = most_of_ours(request), _kind(request)
    if most is None or kind is None or len(running) < most:
        return
    count, into_one = len(running), kind.at_once_into_one
    theirs = f"AWS lets {kind.at_once} in an account{f', and {into_one} into one target' if into_one else ''}"
    raise TemporarilyUnavailableError(
        f"it waits for its turn: {count} of {kind.name} {'is' if count == 1 else 'are'} being restored in account "
        f"{request.account} in {request.region}, and at most {most} of ours {'runs' if most == 1 else 'run'} at once; "
        f"{theirs}"
    )


def start_in_turn(request: RestoreRequest) -> str:
    """What its start waits for, in words; empty where it waits for no turn. Whether it waits now nobody has written."""
    most, kind = most_of_ours(request), _kind(request)
    return "" if most is None or kind is None else f"its start, in its turn: at most {most} of {kind.name} at once"


def of_turn(request: RestoreRequest) -> tuple[str, ...]:
    """What approvers read of it, a sentence, where there is such a number."""
    most, kind = most_of_ours(request), _kind(request)
    if most is None or kind is None:
        return ()
    return (f"At most {most} of {kind.name} {'is' if most == 1 else 'are'} restored at once: it waits for its turn.",)


def _kind(request: RestoreRequest) -> RestoreKind | None:
    return None if request.kind else kind_of_request(request)
