"""`strongroom evidence trust`: what whoever checks evidence believes, out of the reviewed intent."""

import argparse
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from strongroom.domain.canonical import canonical_text
from strongroom.domain.errors import MalformedRequestError
from strongroom.domain.evidence.object_keys import policy_key
from strongroom.domain.intent.model import Intent
from strongroom.domain.proofs.trust import Period
from strongroom.domain.rulebook.in_force import periods_of, texts_in_force
from strongroom.domain.rulebook.trust import ceremony_trust
from strongroom.domain.written import moment_of, moment_text
from strongroom_cli.errors import tell
from strongroom_cli.evidence.history import read_history
from strongroom_cli.intent.file import load_intent_file
from strongroom_cli.looking import add_access_role


def add_trust(verbs: Any) -> None:
    """Add the verb."""
    text = "write whose signatures count, and which rules are in force, for `verify --trust`"
    parser: argparse.ArgumentParser = verbs.add_parser("trust", help=text, description=text)
    parser.add_argument("intent", type=Path, help="the reviewed intent")
    parser.add_argument("--output", type=Path, metavar="FILE", help="write it there instead of printing it")
    parser.add_argument(
        "--since",
        metavar="TIME",
        help="from when on these rules were in force, as 2026-11-26T14:00:00Z; left out, whenever something was signed",
    )
    parser.add_argument(
        "--kept",
        action="store_true",
        help="read in the audit account's bucket when which rules were in force and which keys the identity provider "
        "had, with the management account's credentials; needed for what was done under former rules or keys",
    )
    add_access_role(parser, where="in the audit account, with --kept")
    parser.add_argument(
        "--without-issuer",
        action="store_true",
        help="do not ask the identity provider for its keys: then no ID token counts, and passkeys alone do",
    )
    parser.set_defaults(run=_trust)


def _trust(arguments: argparse.Namespace) -> int:
    intent, _ = load_intent_file(arguments.intent)
    if intent.restores is None:
        raise MalformedRequestError(f"{arguments.intent} has no section restores, so there is no evidence to check")
    if intent.evidence is None or intent.restores.page is None:
        missing = "evidence" if intent.evidence is None else "restores.page"
        raise MalformedRequestError(
            f"{arguments.intent} has no section {missing}, which is what evidence is checked by"
        )
    if arguments.kept and arguments.since is not None:
        raise MalformedRequestError("--kept reads since when which rules were in force: leave --since out")
    text = canonical_text(_kept_trust(intent, arguments) if arguments.kept else _trust_of_today(intent, arguments))
    if arguments.output is None:
        print(text)
        return 0
    arguments.output.write_text(text, encoding="utf-8")
    print(
        f"{arguments.output}: {len(intent.people)} people; keep it where those whose evidence it checks cannot write."
    )
    return 0


def _trust_of_today(intent: Intent, arguments: argparse.Namespace) -> dict[str, Any]:
    """By the file alone, and the keys that the identity provider publishes now."""
    since = None if arguments.since is None else moment_of(arguments.since, of="--since")
    keys = {} if arguments.without_issuer else _published_keys(intent)
    return ceremony_trust(intent, at=datetime.now(UTC), since=since, issuer_keys=keys)


def _kept_trust(intent: Intent, arguments: argparse.Namespace) -> dict[str, Any]:
    """By what was kept each time that rules were applied, and whenever the identity provider had other keys."""
    found, now = read_history(intent, through=arguments.through), datetime.now(UTC)
    if texts_in_force((intent,), at=now).keys() - {each.digest for each in found.records[-1].policies}:
        tell(f"warning: {arguments.intent} has other rules than those that are in force, which are told here")
    for record in found.records:
        if record.agreed:
            tell(f"looser rules from {moment_text(record.at)} on: {policy_key(record.agreed)} is what governors signed")
    keys = {} if arguments.without_issuer else found.issuer_keys or _published_keys(intent)
    return ceremony_trust(intent, at=now, issuer_keys=keys, recorded=periods_of(found.records))


def _published_keys(intent: Intent) -> Mapping[str, Period]:
    """The thumbprints of the keys that the identity provider publishes now."""
    from strongroom.adapters.identity.oidc import IdentityTokens, Web

    if intent.identity_provider is None:
        return {}
    return dict.fromkeys(IdentityTokens(intent.identity_provider, http=Web()).thumbprints(), Period())
