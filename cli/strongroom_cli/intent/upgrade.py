"""`strongroom intent upgrade`: rewrites an intent file of version 1 in version 2, with its comments, order and quotes.

ruamel.yaml keeps what PyYAML throws away when it reads: comments and the style of every value.
"""

import argparse
from io import StringIO
from pathlib import Path
from typing import Any, Final

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap
from ruamel.yaml.error import CommentMark
from ruamel.yaml.tokens import CommentToken

from strongroom.domain.intent.schedule_words import words_of
from strongroom_cli.errors import show_findings
from strongroom_cli.intent.file import load_intent_file
from strongroom_cli.intent.version_1 import APPROVER_FIELD, TIER_KEYS, keep_of_version_1

NEWEST: Final = 2
OUTDATED: Final = 1

_INDENT: Final = {"mapping": 2, "sequence": 4, "offset": 2}
_WIDEST: Final = 4096  # lines are broken where their author broke them


def add_parser(actions: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Register the action."""
    parser = actions.add_parser(
        "upgrade",
        help="rewrite an intent file of an older version in the newest one",
        description="Rewrites the file in place, with its comments; what is rendered from it stays the same.",
    )
    parser.add_argument("file", type=Path, metavar="FILE", help="the intent file")
    parser.add_argument("--check", action="store_true", help="write nothing; exit code 1 where the file is older")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """0 where the file is of the newest version now, 1 where --check finds that it is not."""
    _, findings = load_intent_file(arguments.file)
    if all(finding.code != "version" for finding in findings):
        print(f"{arguments.file} is of version {NEWEST} already")
        return 0
    if arguments.check:
        show_findings([each for each in findings if each.code == "version"], source=arguments.file)
        return OUTDATED
    text = upgraded_text(arguments.file.read_text(encoding="utf-8"))
    arguments.file.write_text(text, encoding="utf-8")
    print(f"{arguments.file} is of version {NEWEST} now")
    return 0


def upgraded_text(text: str) -> str:
    """The text of a file of version 1, whose structure is right, in version 2."""
    yaml = YAML()
    yaml.preserve_quotes = True
    yaml.width = _WIDEST
    yaml.indent(**_INDENT)
    document: CommentedMap = yaml.load(text)
    _move_the_replica(document)
    for tier in document["tiers"].values():
        _keep(tier)
    _drop(document["tickets"], APPROVER_FIELD)
    # Left out, version 1 names nobody, and version 2 a role of Organizations.
    document["guardrails"].setdefault("deployer_role_arns", [])
    _put_version(document)
    written = StringIO()
    yaml.dump(document, written)
    return written.getvalue()


def _move_the_replica(document: CommentedMap) -> None:
    region, vault = document["organization"].pop("replica_region"), document["vaults"]["replica"]
    vault.insert(list(vault).index("name") + 1, "region", region)


def _keep(tier: CommentedMap) -> None:
    """`keep` where the first of the old keys stood, with the comments of all; and the schedule in words."""
    old = [name for name in tier if name in TIER_KEYS]
    place, keep = list(tier).index(old[0]), _flow(keep_of_version_1(tier))
    said = [_comment(tier, name) for name in old]
    # What stands below the last of them, blank lines and the comments of what comes next, stays below.
    below = said[-1].partition("\n")[2]
    beside = "; ".join(line for each in said if (line := each.partition("\n")[0].strip("# ")))
    for name in old:
        del tier[name]
    tier.insert(place, "keep", keep)
    _put_comment(tier, "keep", beside, below)
    if (words := words_of(tier["schedule"])) is not None:
        beside, _, below = _comment(tier, "schedule").partition("\n")
        tier["schedule"] = words
        _put_comment(tier, "schedule", beside.strip("# "), below)


def _drop(mapping: CommentedMap, key: str) -> None:
    """Take a key out; what stands below it stays below the one before."""
    names, below = list(mapping), _comment(mapping, key).partition("\n")[2]
    before = names[names.index(key) - 1]
    del mapping[key]
    beside, _, own = _comment(mapping, before).partition("\n")
    _put_comment(mapping, before, beside.strip("# "), own + below)


def _comment(mapping: CommentedMap, key: str) -> str:
    """The text from the comment beside a value to the next key."""
    tokens = mapping.ca.items.get(key)
    return tokens[2].value if tokens and tokens[2] is not None else ""


def _put_comment(mapping: CommentedMap, key: str, beside: str, below: str) -> None:
    text = f"# {beside}\n{below}" if beside else f"\n{below}" if below else ""
    mapping.ca.items.pop(key, None)
    if text:
        mapping.ca.items[key] = [None, None, CommentToken(text, CommentMark(0), None), None]


def _flow(keep: dict[str, Any]) -> CommentedMap:
    mapping = CommentedMap((name, _flow(value) if isinstance(value, dict) else value) for name, value in keep.items())
    mapping.fa.set_flow_style()
    return mapping


def _put_version(document: CommentedMap) -> None:
    first = next(iter(document))
    if first == "version":
        document["version"] = NEWEST
        return
    document.pop("version", None)
    document.insert(0, "version", NEWEST)
