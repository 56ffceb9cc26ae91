"""`strongroom evidence trust`: what whoever checks evidence believes, out of the reviewed intent."""

import argparse
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from strongroom.domain.canonical import canonical_text
from strongroom.domain.errors import MalformedRequestError
from strongroom.domain.intent.model import Intent
from strongroom.domain.proofs.trust import Period
from strongroom.domain.rulebook.trust import ceremony_trust
from strongroom.domain.written import moment_of
from strongroom_cli.intent.file import load_intent_file


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
    since = None if arguments.since is None else moment_of(arguments.since, of="--since")
    keys = dict.fromkeys(() if arguments.without_issuer else _issuer_keys(intent), Period())
    text = canonical_text(ceremony_trust(intent, at=datetime.now(UTC), since=since, issuer_keys=keys))
    if arguments.output is None:
        print(text)
        return 0
    arguments.output.write_text(text, encoding="utf-8")
    print(
        f"{arguments.output}: {len(intent.people)} people; keep it where those whose evidence it checks cannot write."
    )
    return 0


def _issuer_keys(intent: Intent) -> tuple[str, ...]:
    """The thumbprints of the keys that the identity provider publishes now."""
    from strongroom.adapters.identity.oidc import IdentityTokens, Web

    if intent.identity_provider is None:
        return ()
    return tuple(sorted(IdentityTokens(intent.identity_provider, http=Web()).thumbprints()))
