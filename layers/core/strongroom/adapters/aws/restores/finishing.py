"""What is done on what was restored, in a member account: protection, continuous backups, instances, alarms."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final

from strongroom.adapters.aws.errors import aws_errors
from strongroom.adapters.aws.restores import alarms_anew, cluster_instances, protecting
from strongroom.adapters.aws.restores.alarms_anew import make_alarms_anew
from strongroom.adapters.aws.restores.cluster_instances import make_readers, make_writer
from strongroom.adapters.aws.restores.protecting import make_continuous, protect_cluster, protect_table
from strongroom.domain.identifiers import Arn
from strongroom.domain.restores.kinds.finishing import MachineStep, StepOutcome, StepTaken
from strongroom.domain.restores.session_policy import alarms_session_policy, behalf_of, finishing_session_policy

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from strongroom.adapters.aws.backup.restores import AttributedClients
    from strongroom.domain.restores.requests import RestoreRequest
    from strongroom.domain.restores.settings.note import SettingsNote

    type Client = Callable[..., Any]
    type Act = Callable[[Client, Arn, RestoreRequest], tuple[StepOutcome, str]]

ACTIONS: tuple[str, ...] = ()
MEMBER_ACTIONS = (
    *alarms_anew.MEMBER_ACTIONS,
    *cluster_instances.MEMBER_ACTIONS,
    *protecting.MEMBER_ACTIONS,
)

# A table is there some time before its backups are ("Errors" of UpdateContinuousBackups).
_EARLY: Final = ("ContinuousBackupsUnavailableException",)


class MemberFinishing:
    """Takes steps on what a restore created, each in a session that may change that and nothing else."""

    def __init__(self, borrowers: AttributedClients) -> None:
        """`borrowers` are the clients of the role for what follows a restore, lent for a person and a ticket."""
        self._borrowers = borrowers

    def take(self, step: MachineStep, *, created: str, request: RestoreRequest, note: SettingsNote | None) -> StepTaken:
        """Take the step, unless it is so already; `note` is what was set on the original, where that was noted."""
        arn = Arn.parse(created)
        act = _ACTS.get((arn.service, step))
        if step is MachineStep.ALARMS:
            client = self._client("cloudwatch", request, policy=alarms_session_policy(request))
            with aws_errors():
                outcome, reason = make_alarms_anew(client, arn, request, note)
        elif (arn.service, step) == ("rds", MachineStep.READERS):
            with aws_errors(early=_EARLY):
                outcome, reason = make_readers(partial(self._of_cluster, request, created), arn, request, note)
        elif act is None:
            outcome, reason = StepOutcome.SKIPPED, f"nobody here knows how that is done for {created}"
        else:
            client = self._client(arn.service, request, policy=finishing_session_policy(created))
            with aws_errors(early=_EARLY):
                outcome, reason = act(client, arn, request)
        return StepTaken(step=step, outcome=outcome, reason=reason)

    def _of_cluster(self, request: RestoreRequest, created: str, instance: str) -> Client:
        return self._client("rds", request, policy=finishing_session_policy(created, instance=instance))

    def _client(self, service: str, request: RestoreRequest, *, policy: str) -> Client:
        """What lends a client of the service in a Region of the account, which may do what `policy` allows."""
        behalf = behalf_of(request)
        return partial(self._borrowers.client, service, account=request.account, behalf=behalf, policy=policy)


_ACTS: Final[Mapping[tuple[str, MachineStep], Act]] = {
    ("dynamodb", MachineStep.DELETION_PROTECTION): protect_table,
    ("dynamodb", MachineStep.CONTINUOUS_BACKUPS): make_continuous,
    ("rds", MachineStep.DELETION_PROTECTION): protect_cluster,
    ("rds", MachineStep.WRITER): make_writer,
}
