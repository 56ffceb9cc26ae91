"""Create actions that are refused without a valid backup tag.

Service-linked roles (Auto Scaling's among them) are not bound by SCPs. CloudFormation creates with its caller's or its
service role's identity and with the tags of template and stack, so it is bound like its caller.
"""

from collections.abc import Iterator, Sequence

from strongroom.domain.catalogue.model import EVERYTHING
from strongroom.domain.catalogue.rows import creations_by_call, joined
from strongroom.domain.guardrails.denials import Condition, Denial, Exempt, in_own_account, numbered
from strongroom.domain.guardrails.members import break_glass, by_hand_role
from strongroom.domain.guardrails.tag_values import GuardedTag, guarded_tags
from strongroom.domain.intent.governed import tiers_below
from strongroom.domain.intent.model import Intent, Target


def require_backup_tag(intent: Intent, top: Target) -> tuple[Denial, ...]:
    """Three statements for what is tagged whole, three for what is tagged in part; none for no action.

    A further key whose values are guarded has two more of each.
    """
    restorer = Exempt(
        who="the role of restore jobs",
        arns=in_own_account(intent.roles.restore_job),
        why="AWS Backup restores under it, untagged; the control plane tags what was restored",
    )
    return tuple(
        Denial(
            sid=sid + suffix,
            stops=stops,
            actions=actions,
            resources=resources,
            when=when,
            exempt=(restorer, *by_hand_role(intent), break_glass(intent)),
        )
        for suffix, actions, resources in _creations(intent.guardrails.tag_required_on)
        for sid, stops, when in _conditions(guarded_tags(intent, top), is_needed=not _takes_everything(intent, top))
    )


def _takes_everything(intent: Intent, top: Target) -> bool:
    """Whether what has no tag is backed up, too."""
    return any(tier.everything for tier in tiers_below(intent, top).values())


def _conditions(tags: Sequence[GuardedTag], *, is_needed: bool) -> Iterator[tuple[str, str, Condition]]:
    if tags and is_needed:
        untagged: Condition = {"Null": {tag.requested: "true" for tag in tags}}
        yield "RequireTag", "creating without the backup tag", untagged
    for number, tag in enumerate(tags):
        mark = "Of" + chr(ord("A") + number) if number else ""
        given = {"Null": {tag.requested: "false"}}
        known: Condition = {**given, "StringNotEquals": {tag.requested: list(tag.values)}}
        yield f"RequireKnownTier{mark}", "creating with a value of the tag that is no tier on offer", known
        # Tag keys in conditions match in any letter case; the selection of a backup plan does not.
        spelled: Condition = {**given, "ForAllValues:StringNotEquals": {"aws:TagKeys": tag.key}}
        yield (
            f"RequireSpelling{mark}",
            "creating with the tag's key in other letters, which no backup plan selects",
            spelled,
        )


def _creations(actions: Sequence[str]) -> Iterator[tuple[str, tuple[str, ...], tuple[str, ...]]]:
    """The actions that are judged whatever they name, and those that are judged on what carries the tags.

    The second may share a statement: none of them names what only another of them makes.
    """
    known = {action: creations_by_call()[action].tagged for action in sorted(set(actions))}
    whole = tuple(action for action, tagged in known.items() if tagged == EVERYTHING)
    partly = {action: tagged for action, tagged in known.items() if tagged != EVERYTHING}
    groups = [(whole, EVERYTHING), (tuple(partly), joined(partly.values()))]
    for number, (together, resources) in enumerate((each for each in groups if each[0]), start=1):
        yield numbered("", number), together, resources
