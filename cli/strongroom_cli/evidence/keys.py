"""`strongroom evidence keys`: the public keys of the evidence log and its witness, as the intent names them."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from strongroom.adapters.aws.evidence.log_signer import LogSigner
from strongroom.domain.errors import CeremonyMissingError
from strongroom.domain.evidence.log.notes import LOG_TYPE, WITNESS_TYPE
from strongroom.domain.intent.model import Intent
from strongroom.domain.stacks.evidence_log import LOG_KEY_ALIAS, WITNESS_KEY_ALIAS, log_names
from strongroom_cli.compile import DEFAULT_INTENT
from strongroom_cli.intent.file import load_intent_file
from strongroom_cli.looking import add_access_role
from strongroom_cli.rollout.organization import enter

_DESCRIPTION = """\
Read the two public keys in the audit account, with the management account's credentials, and print them as the
section `evidence` of strongroom.yaml has them. The application of the audit account must be deployed. Nothing is
changed.

Example:
  strongroom evidence keys strongroom.yaml
"""


def add_keys(verbs: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the verb to `strongroom evidence`."""
    keys = verbs.add_parser(
        "keys",
        help="print the public keys of the evidence log for strongroom.yaml",
        description=_DESCRIPTION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    keys.add_argument("file", nargs="?", type=Path, default=DEFAULT_INTENT, metavar="FILE", help="the intent file")
    keys.add_argument("--json", action="store_true", help="print JSON")
    add_access_role(keys, where="in the audit account")
    keys.set_defaults(run=_keys)


def _keys(arguments: argparse.Namespace) -> int:
    intent, _ = load_intent_file(arguments.file)
    found = _read(intent, through=arguments.through)
    if arguments.json:
        print(json.dumps(found, indent=2))
    else:
        print("\n".join(("evidence:", *(f"  {name}: {value}" for name, value in found.items()))))
    return 0


def _read(intent: Intent, *, through: str) -> dict[str, str]:
    place = intent.organization
    if place.audit_account is None:
        raise CeremonyMissingError("organization.audit_account is not given, and so there is no evidence log")
    kms = enter(intent, through=through).client("kms", account=place.audit_account, region=place.home_region)
    names = log_names(intent)
    return {
        "origin": names.origin,
        "log_key": LogSigner(kms, LOG_KEY_ALIAS, name=names.origin, kind=LOG_TYPE).key().text,
        "witness": LogSigner(kms, WITNESS_KEY_ALIAS, name=names.witness, kind=WITNESS_TYPE).key().text,
    }
