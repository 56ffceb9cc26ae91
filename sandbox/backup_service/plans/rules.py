"""Plans as AWS Backup runs them, wherever they come from: rules, copy actions and selections."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from fnmatch import fnmatchcase

from sandbox.backup_service.estate import CopyAction, CreatedBy
from sandbox.backup_service.lifecycles import FOREVER, Lifecycle
from sandbox.backup_service.surroundings import Place


@dataclass(frozen=True, slots=True)
class Rule:
    """When to back up, into which vault, for how long; what can goes into the air-gapped vault, if there is one."""

    id: str
    name: str
    schedule: str
    vault_name: str
    lifecycle: Lifecycle = FOREVER
    copy_actions: tuple[CopyAction, ...] = ()
    recovery_point_tags: Mapping[str, str] = field(default_factory=dict)
    start_window: timedelta = timedelta(hours=8)
    is_continuous: bool = False
    air_gapped_vault_arn: str | None = None


@dataclass(frozen=True, slots=True)
class TagCondition:
    """What a tag must be like besides; `*` counts in the values of the like forms only."""

    tag_key: str
    value: str
    is_like: bool
    is_negated: bool

    def holds(self, tags: Mapping[str, str]) -> bool:
        """Whether a resource with these tags meets it; one without the tag meets the negated forms."""
        found = tags.get(self.tag_key)
        matches = found is not None and (fnmatchcase(found, self.value) if self.is_like else found == self.value)
        return matches is not self.is_negated


@dataclass(frozen=True, slots=True)
class Selection:
    """What to back up: by tag values, or by ARN patterns; every condition must hold."""

    name: str
    role_arn: str
    tag_key: str | None = None
    tag_values: tuple[str, ...] = ()
    patterns: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    conditions: tuple[TagCondition, ...] = ()

    def picks(self, arn: str, tags: Mapping[str, str]) -> bool:
        """Whether a resource is selected; tag values are case-sensitive."""
        if not all(condition.holds(tags) for condition in self.conditions):
            return False
        if self.tag_key is not None and tags.get(self.tag_key) in self.tag_values:
            return not self._excludes(arn)
        return any(fnmatchcase(arn, pattern) for pattern in self.patterns) and not self._excludes(arn)

    def _excludes(self, arn: str) -> bool:
        return any(fnmatchcase(arn, pattern) for pattern in self.excluded)


@dataclass(frozen=True, slots=True)
class Plan:
    """A backup plan of one account and Region."""

    id: str
    name: str
    version: str
    place: Place
    rules: tuple[Rule, ...]
    selections: tuple[Selection, ...]

    @property
    def arn(self) -> str:
        """The plan's ARN."""
        return f"arn:aws:backup:{self.place.region}:{self.place.account}:backup-plan:{self.id}"

    def created_by(self, rule: Rule) -> CreatedBy:
        """The mark that the plan leaves on the jobs of a rule."""
        return CreatedBy(self.id, self.arn, self.version, rule.id, rule.name, self.name)
