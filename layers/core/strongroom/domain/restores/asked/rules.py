"""What S3 demands of every list of rules of a bucket, whatever they do: each has an ID of its own and is on or off.

Source: Amazon S3 API Reference, LifecycleRule and ReplicationRule.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final, TypeIs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

MOST_RULES: Final = 20
_ID: Final = re.compile(r"[ -~]{1,255}")


def is_rules(said: Any) -> TypeIs[list[Any]]:
    """Whether it is a list of as many rules as are asked for at once."""
    return isinstance(said, list) and 0 < len(said) <= MOST_RULES


def rules_faults(
    rules: list[Any], *, known: Iterable[str], faults_of: Callable[[Mapping[str, Any]], Iterator[str]]
) -> Iterator[str]:
    """What is wrong with the rules, a sentence each; `known` is what one may say, and `faults_of` judges the rest."""
    ids = [rule.get("ID") for rule in rules if isinstance(rule, dict)]
    if len(ids) != len(rules) or not all(isinstance(each, str) and _ID.fullmatch(each) for each in ids):
        yield "each of the Rules must be a mapping with an ID of its own, of 1 to 255 visible ASCII characters"
        return
    if len(set(ids)) != len(ids):
        yield "two of the Rules have one ID"
    for rule in rules:
        for fault in (*_every_rule_faults(rule, known=known), *faults_of(rule)):
            yield f"rule {rule['ID']}: {fault}"


def _every_rule_faults(rule: Mapping[str, Any], *, known: Iterable[str]) -> Iterator[str]:
    if unknown := sorted(set(rule).difference(known)):
        yield f"{', '.join(unknown)[:200]} is not known here"
    if rule.get("Status") not in ("Enabled", "Disabled"):
        yield "Status must be Enabled or Disabled"
