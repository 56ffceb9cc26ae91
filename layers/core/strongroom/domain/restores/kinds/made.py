"""Whether what a job says that it made is what was approved, as far as its ARN tells."""

import re
from collections.abc import Mapping

from strongroom.domain.errors import MalformedIdentifierError
from strongroom.domain.identifiers import Arn
from strongroom.domain.restores.kinds.model import RestoreKind, Use
from strongroom.domain.restores.kinds.table import kind_of
from strongroom.domain.restores.requests import RestoreRequest


def why_not_the_approved(created: str, *, request: RestoreRequest) -> str:
    """Why it is another one, in words; empty where it is none.

    AWS tells no account and no Region of a bucket, and of a file system no name, which is not looked for there.
    """
    try:
        made = Arn.parse(created)
    except MalformedIdentifierError:
        return "is no ARN"
    if made.account not in ("", request.account):
        return f"is of account {made.account}, and not of {request.account}"
    if made.region not in ("", request.region):
        return f"is in {made.region}, and not in {request.region}"
    kind = kind_of(request.resource_type, resource=request.resource, backup={})
    said = {key.lower(): value for key, value in request.metadata}
    if created == request.resource and not (request.goes_into_what_lives or _goes_into_existing(kind, said)):
        return "is what was backed up, and nothing new"
    name = "" if kind is None else _name_said(kind, said)
    return f"is not called {name}" if kind is not None and name and name.lower() != _name_told(kind, made) else ""


def _goes_into_existing(kind: RestoreKind | None, said: Mapping[str, str]) -> bool:
    if kind is None:
        return False
    into = any(key.use is Use.NEW and said.get(key.name.lower()) == "false" for key in kind.keys)
    return into or kind.is_overwriting or bool(kind.lives_in)


def _name_said(kind: RestoreKind, said: Mapping[str, str]) -> str:
    keys = (kind.name_key, kind.into_existing, kind.lives_in)
    return next((said[key.lower()] for key in keys if said.get(key.lower())), "")


def _name_told(kind: RestoreKind, made: Arn) -> str:
    """In small letters, because RDS tells every name so."""
    parts = re.split(r"[:/]", made.resource.lower())
    return "".join(parts[kind.target.part :][:1])
