"""How many restores of one kind run at once in an account, and whose turn it is.

AWS Backup Developer Guide, "Amazon Aurora DSQL restore"; Amazon Timestream Developer Guide, "Quota and limits" of
backups. Neither says what becomes of one too many.
"""

from collections.abc import Sequence

from strongroom.domain.errors import TemporarilyUnavailableError
from strongroom.domain.restores.kinds.model import RestoreKind
from strongroom.domain.restores.kinds.table import kind_of_request
from strongroom.domain.restores.requests import RestoreRequest


def most_of_ours(request: RestoreRequest) -> int | None:
    """How many of its kind we let run at once in its account: one less than AWS does, and one at least.

    None where AWS says no number.
    """
    kind = _kind(request)
    return None if kind is None or not kind.at_once else max(1, kind.at_once - 1)


def demand_turn(request: RestoreRequest, *, running: Sequence[str]) -> None:
    """Pass where another one of its kind may run; TemporarilyUnavailableError while too many do, `running` by id."""
    most, kind = most_of_ours(request), _kind(request)
    if most is None or kind is None or len(running) < most:
        return
    raise TemporarilyUnavailableError(
        f"it waits for its turn: {len(running)} of {kind.name} are being restored in account {request.account} in "
        f"{request.region}, and AWS lets {kind.at_once} run at once, {most} of them ours"
    )


def of_turn(request: RestoreRequest) -> tuple[str, ...]:
    """What approvers read of it, a sentence, where there is such a number."""
    most, kind = most_of_ours(request), _kind(request)
    if most is None or kind is None:
        return ()
    return (f"At most {most} of {kind.name} {'is' if most == 1 else 'are'} restored at once: it waits for its turn.",)


def _kind(request: RestoreRequest) -> RestoreKind | None:
    return None if request.kind else kind_of_request(request)
