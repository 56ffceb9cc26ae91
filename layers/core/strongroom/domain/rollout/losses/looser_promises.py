"""What the functions would no longer hold themselves to: deadlines, a voice outside, teams, a log with fewer witnesses.

In what the rules of the ceremony become looser, `rulebook/loosening.py` says.
"""

from collections.abc import Iterator
from datetime import timedelta

from strongroom.domain.intent.destinations import guarded_vaults
from strongroom.domain.intent.model import Intent

type _Loss = tuple[str, str]


def looser_promises(before: Intent, after: Intent) -> Iterator[_Loss]:
    """The place in the file and a sentence for each way in which `after` promises less than `before`."""
    for clock in ("copy_verified_within", "copy_retry_after", "grace", "look_every", "second_look"):
        yield from _longer(f"deadlines.{clock}", getattr(before.deadlines, clock), getattr(after.deadlines, clock))
    if before.deadlines.copy_verified_at_most or after.deadlines.copy_verified_at_most:
        was_most, most = before.deadlines.verified_at_most, after.deadlines.verified_at_most
        yield from _longer("deadlines.copy_verified_at_most", was_most, most)
    # Where neither file says it, it follows from what is told already.
    if before.deadlines.copy_stuck_after or after.deadlines.copy_stuck_after:
        yield from _longer("deadlines.copy_stuck_after", before.deadlines.stuck_after, after.deadlines.stuck_after)
    if before.alerts.dead_man_url is not None and after.alerts.dead_man_url is None:
        yield "alerts.dead_man_url", "would be gone: nobody outside would notice that the control plane is silent"
    yield from _unguarded(before, after)
    was, will = before.evidence, after.evidence
    if was is None or after.restores is None:
        return
    if was.log_key is not None and (will is None or will.log_key is None):
        yield "evidence.log_key", "would be gone: nobody could tell whether evidence is in the log"
    if was.witness is not None and was.witness_required and (will is None or not will.witness_required):
        yield "evidence.witness_required", "restores would be carried out before the witness has signed"


def _unguarded(before: Intent, after: Intent) -> Iterator[_Loss]:
    """Vaults out of which nothing came back without a team's vote, and would by then, or by another's."""
    teams = {vault.arn: vault.approval_team for vault in guarded_vaults(after)}
    for vault in guarded_vaults(before):
        if teams.get(vault.arn) == vault.approval_team:
            continue
        who = f"by {teams[vault.arn]}" if vault.arn in teams else "without a vote"
        yield f"{vault.path}.approval_team", f"restores out of {vault.name} would be possible {who}"


def _longer(path: str, before: timedelta, after: timedelta) -> Iterator[_Loss]:
    if after > before:
        yield path, f"would be {after} in place of {before}"
