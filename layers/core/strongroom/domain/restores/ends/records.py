"""What is kept of an open end beside the evidence of its restore, whose chain has ended by then."""

from datetime import datetime
from typing import Final

from strongroom.domain.canonical import canonical_text
from strongroom.domain.restores.ends.standing import OpenEnd
from strongroom.domain.written import moment_text

_FORMAT: Final = "strongroom-end/1"


def opened_text(end: OpenEnd) -> str:
    """What was left behind, whose it is, and by when it is gone: the same text however often it is made."""
    return canonical_text(
        {
            "account": end.account,
            "expires_at": moment_text(end.expires_at),
            "format": _FORMAT,
            "gone_by": moment_text(end.gone_by),
            "job": end.job,
            "number": end.number,
            "owner": end.owner,
            "recovery_point": end.recovery_point,
            "region": end.region,
            "request": end.request_id,
            "resource": end.resource,
            "since": moment_text(end.since),
            "source": end.source,
            "vault": end.vault,
        }
    )


def revoking_text(end: OpenEnd, *, source: str, team: str, at: datetime) -> str:
    """That the team of the vault `source` is asked to let the access be revoked: written before it is asked."""
    return canonical_text(
        {
            "at": moment_text(at),
            "format": _FORMAT,
            "number": end.number,
            "request": end.request_id,
            "source": source,
            "team": team,
            "vault": end.vault,
        }
    )


def asked_text(end: OpenEnd, *, refused: str, at: datetime) -> str:
    """What came of asking: AWS Backup took it, or why it did not."""
    return canonical_text(
        {
            "at": moment_text(at),
            "format": _FORMAT,
            "is_asked": not refused,
            "number": end.number,
            "refused": refused,
            "request": end.request_id,
        }
    )


def closed_text(end: OpenEnd, *, at: datetime) -> str:
    """That it was looked for in its vault, and is not there."""
    return canonical_text(
        {
            "at": moment_text(at),
            "format": _FORMAT,
            "number": end.number,
            "reason": end.reason,
            "recovery_point": end.recovery_point,
            "request": end.request_id,
            "vault": end.vault,
        }
    )
