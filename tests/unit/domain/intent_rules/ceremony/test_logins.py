"""A login must be strong in words that the issuer uses, and that it can be asked for."""

from copy import replace
from typing import Any

import pytest

from strongroom.domain.intent.model import Intent
from strongroom.domain.intent.proving.logins import Assurance, Authorize
from strongroom.domain.intent_rules.ceremony.logins import find_login_contradictions
from strongroom.domain.restores.ceremony import ceremony_of

GOOD: dict[str, dict[str, Any]] = {
    "as it is": {},
    "Entra ID": {
        "subject_claim": "oid",
        "tenant": "72f988bf-86f1-41af-91ab-2d7cd011db47",
        "assurance": Assurance(claim="acrs", any_of=("c1",)),
    },
    "Okta": {
        "assurance": Assurance(claim="acr", any_of=("urn:okta:loa:2fa:any", "phr", "phrh")),
        "authorize": Authorize(acr_values=("urn:okta:loa:2fa:any",)),
    },
    "a password, and a second factor always": {"assurance": Assurance(claim="amr", any_of=("pwd",), all_of=("mfa",))},
}


@pytest.mark.parametrize("changes", GOOD.values(), ids=GOOD)
def test_a_login_as_providers_have_it_is_taken(intent: Intent, changes: dict[str, Any]) -> None:
    assert list(find_login_contradictions(replace(ceremony_of(intent).identity_provider, **changes))) == []


WRONG: dict[str, tuple[dict[str, Any], str, str]] = {
    "no class at all": ({"assurance": Assurance(claim="amr")}, "assurance", "no login would ever be strong enough"),
    "two classes at once": (
        {"assurance": Assurance(claim="acr", all_of=("a", "b"))},
        "assurance.all_of",
        "acr is one text",
    ),
    "a password": (
        {"assurance": Assurance(claim="amr", any_of=("mfa", "pwd"))},
        "assurance.any_of[1]",
        "'pwd' is no second",
    ),
    "a password always": (
        {"assurance": Assurance(claim="amr", all_of=("pwd",))},
        "assurance.all_of",
        "no second factor",
    ),
    "a method as a class": (
        {"authorize": Authorize(acr_values=("x", "mfa"))},
        "authorize.acr_values[1]",
        "is a method",
    ),
    "a token for later": (
        {"authorize": Authorize(scopes=("groups", "offline_access"))},
        "authorize.scopes[1]",
        "outlives the login",
    ),
    "no claim": ({"subject_claim": ""}, "subject_claim", "is empty"),
    "no tenant": ({"tenant": ""}, "tenant", "is empty"),
}


@pytest.mark.parametrize(("changes", "path", "said"), WRONG.values(), ids=WRONG)
def test_a_login_that_shows_nothing_is_refused(intent: Intent, changes: dict[str, Any], path: str, said: str) -> None:
    [found] = find_login_contradictions(replace(ceremony_of(intent).identity_provider, **changes))
    assert found.path == f"identity_provider.{path}"
    assert said in found.message
