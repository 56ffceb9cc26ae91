"""The patterns of IAM as regular expressions of the solver.

Source: IAM User Guide, "IAM JSON policy elements: Resource" and "Condition operators".
"""

from functools import cache

import z3

_STRINGS = z3.ReSort(z3.StringSort())
_ONE = z3.AllChar(_STRINGS)
ANYTHING = z3.Full(_STRINGS)
_ONE_IN_PART = z3.Union(z3.Range("\\u{0}", "9"), z3.Range(";", "\\u{2ffff}"))
_PART_OF_ARN = z3.Star(_ONE_IN_PART)
# The last of the six parts of an ARN may hold colons.
_PARTS = 6


def like(text: z3.SeqRef, pattern: str) -> z3.BoolRef:
    """Whether the text matches, its colons being characters like all others."""
    return z3.InRe(text, as_text(pattern))


def arn_like(text: z3.SeqRef, pattern: str) -> z3.BoolRef:
    """Whether the text is an ARN that matches part by part: no wildcard reaches over a colon into the next part.

    Where AWS lets it reach further, more is refused than what is proved here.
    """
    return z3.InRe(text, ANYTHING if pattern == "*" else _as_arn(pattern))


@cache
def as_text(pattern: str) -> z3.ReRef:
    """The texts that match."""
    return _joined([_character(each, ANYTHING, _ONE) for each in pattern])


@cache
def _as_arn(pattern: str) -> z3.ReRef:
    found: list[z3.ReRef] = []
    for number, part in enumerate(pattern.split(":", _PARTS - 1), start=1):
        many, one = (ANYTHING, _ONE) if number == _PARTS else (_PART_OF_ARN, _ONE_IN_PART)
        found += [z3.Re(":")] if found else []
        found += [_character(each, many, one) for each in part]
    return _joined(found)


def _character(character: str, many: z3.ReRef, one: z3.ReRef) -> z3.ReRef:
    return {"*": many, "?": one}.get(character) if character in "*?" else z3.Re(character)


def _joined(parts: list[z3.ReRef]) -> z3.ReRef:
    return z3.Concat(z3.Re(""), z3.Re(""), *parts)
