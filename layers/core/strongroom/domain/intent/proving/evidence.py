"""Whose signatures stand under the log of the evidence, and how long the evidence is kept."""

from typing import Annotated

from msgspec import Struct

from strongroom.domain import forms


class EvidenceLog(Struct, frozen=True, kw_only=True):
    """The log in the audit account, in which every piece of evidence stands before anything is done on its word."""

    origin: Annotated[str | None, forms.LOG_NAME, "The log's name, as its checkpoints begin."] = None
    log_key: Annotated[str | None, forms.NOTE_KEY, "The log's public key, as a signed note names it."] = None
    witness: Annotated[
        str | None, forms.NOTE_KEY, "The public key of the witness, who says when the log was seen; in the same form."
    ] = None
    witness_required: Annotated[bool, "Whether nothing is done before the witness has signed, too."] = True
    retention_days: Annotated[
        int | None,
        forms.RETENTION_DAYS,
        "Days for which Object Lock keeps each piece of evidence. Left out, as long as `audit.report_retention_days`.",
    ] = None
