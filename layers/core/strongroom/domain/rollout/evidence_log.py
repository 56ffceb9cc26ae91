"""The application of the audit account, which a person deploys: without it nothing is restored that was approved."""

from collections.abc import Iterator

from strongroom.domain.findings import Finding, warning
from strongroom.domain.rollout.desired import Desired
from strongroom.domain.rollout.live import LiveOrganization
from strongroom.domain.rollout.stacks import changed_parameters, existing


def judge_evidence_log(desired: Desired, live: LiveOrganization) -> Iterator[Finding]:
    """A warning where there is a ceremony and no log, or one under other names."""
    place = desired.evidence_log
    if place is None:
        return
    found = existing(live, place.name)
    where = f"the stack {place.name} in account {place.account}, {place.region},"
    if found is None:
        yield warning(
            "evidence-log-missing",
            place.name,
            f"{where} is not there: nothing is restored before its log holds who approved it; deploy audit/ there",
        )
        return
    wanted = desired.rendered.parameters["audit-log"]
    if changed := changed_parameters(wanted, found.parameters):
        listed = ", ".join(f"{name} is {found.parameters.get(name, 'none')}, not {wanted[name]}" for name in changed)
        yield warning("evidence-log-differs", place.name, f"{where} was told otherwise: {listed}")
