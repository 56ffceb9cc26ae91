"""What the intent says of restores that cannot wait: who may do what, while approvers, tickets or all else is away."""

from datetime import timedelta
from typing import Annotated

from msgspec import Struct

from strongroom.domain import forms

_Duration = Annotated[timedelta, forms.DURATION]


class BreakGlass(Struct, frozen=True, kw_only=True):
    """Urgent restores, which take an incident in place of a ticket, and the users for when the control plane is away.

    Whoever may ask for restores may ask for urgent ones, too.
    """

    group: Annotated[
        str, "The group of which two people, besides the one who asks, approve an urgent restore by their passkeys."
    ]
    reviewers: Annotated[
        str,
        "The group of which somebody who took no part in it reviews an urgent restore, before which there is no other.",
    ]
    incident: Annotated[
        str,
        forms.INCIDENT,
        "How the id of an incident is spelled: `#` stands for digits, `*` for capital letters and digits.",
    ] = "INC-#"
    act_within: Annotated[
        _Duration, "How long an urgent request may be approved and begun, counted from the asking; PT30M at most."
    ] = timedelta(minutes=30)
    users: Annotated[
        tuple[Annotated[str, forms.USER_ARN], ...],
        "Exact ARNs of the two IAM users of the audit account who restore, with hardware MFA, while the control plane "
        "is away. Left out, nobody can then.",
    ] = ()
