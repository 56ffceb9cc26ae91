"""Look at a live organisation, assumption by assumption, and say what holds there; nothing is changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from strongroom.domain.doctor.checks import ORGANIZATION
from strongroom.domain.doctor.diagnosis import summed
from strongroom.domain.errors import StrongroomError, WrongAccountError
from strongroom.domain.rollout.switches import ALL_FEATURES
from strongroom.services.doctor import look_around, look_at_backups, look_at_evidence, look_into_accounts
from strongroom.services.doctor.visit import DoctorNeeds, Visit, unseen

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from strongroom.domain.doctor.diagnosis import Diagnosis
    from strongroom.domain.rollout.desired import Desired

# In the order in which a first deployment depends on them.
LOOKS: Final = (*look_around.LOOKS, *look_into_accounts.LOOKS, *look_at_backups.LOOKS, *look_at_evidence.LOOKS)


def ensure_organization(desired: Desired, *, needs: DoctorNeeds) -> Diagnosis:
    """The first line; a StrongroomError where nothing can be said of this organisation at all."""
    place = desired.intent.organization
    switches = needs.rollout.organization.read()
    if switches.feature_set != ALL_FEATURES:
        raise WrongAccountError(
            f"the organization {place.id} has consolidated billing only, and neither policies nor trusted access; "
            "enable all features in the management account: organizations:EnableAllFeatures"
        )
    return ORGANIZATION.holds(place.id, f"account {place.management_account}, all features")


def examine_organization(desired: Desired, *, needs: DoctorNeeds, now: datetime) -> Iterator[Diagnosis]:
    """Every diagnosis as it is found; what stops one check is its line, and the others go on."""
    visit = Visit(desired, needs=needs, now=now)
    for check, look in LOOKS:
        try:
            yield from summed(look(visit))
        except StrongroomError as error:
            yield unseen(check, "the organisation", error)
