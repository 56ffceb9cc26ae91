"""What is wrong with how people prove themselves by a login: methods that are none, and classes that are no class."""

from collections.abc import Iterator
from typing import Final

from strongroom.domain.findings import Finding, error
from strongroom.domain.intent.ceremony import IdentityProvider, Restores
from strongroom.domain.intent.proving.logins import Authorize

WEAK_METHODS: Final = frozenset({"pwd", "pin", "kba", "rba", "user"})
# RFC 8176, section 2: how somebody logged in, which no provider takes for the class of a login.
_OTHER_METHODS: Final = frozenset(
    {"face", "fpt", "geo", "hwk", "iris", "mca", "mfa", "otp", "retina", "sc", "sms", "swk", "tel", "vbm", "wia"}
)
# OpenID Connect Core 1.0, section 11.
_OFFLINE: Final = "offline_access"
_PATH: Final = "identity_provider"


def find_method_contradictions(restores: Restores) -> Iterator[Finding]:
    """What is wrong with the methods that a login must name."""
    if not restores.accepted_methods:
        yield error("methods", "restores.accepted_methods", "is empty, so nobody could ever prove to be present")
    for number, method in enumerate(restores.accepted_methods):
        if method in WEAK_METHODS:
            why = f"{method!r} is no second factor; accept for instance mfa or hwk"
            yield error("methods", f"restores.accepted_methods[{number}]", why)


def find_login_contradictions(provider: IdentityProvider) -> Iterator[Finding]:
    """What is wrong with the assurance that is demanded of a login, and with how it is asked for."""
    yield from _assurance(provider)
    authorize = provider.authorize or Authorize()
    for number, value in enumerate(authorize.acr_values):
        if value in WEAK_METHODS | _OTHER_METHODS:
            why = f"{value!r} is a method, as amr names it, and no class of login: ask for the issuer's own class"
            yield error("acr-value", f"{_PATH}.authorize.acr_values[{number}]", why)
    for number, value in enumerate(authorize.scopes):
        if value == _OFFLINE:
            why = f"{value!r} asks for a token that outlives the login; a proof needs none"
            yield error("login-scope", f"{_PATH}.authorize.scopes[{number}]", why)
    for name in ("subject_claim", "tenant"):
        if getattr(provider, name) == "":
            yield error("login-claim", f"{_PATH}.{name}", "is empty; take it out, or name the claim")


def _assurance(provider: IdentityProvider) -> Iterator[Finding]:
    assurance, path = provider.assurance, f"{_PATH}.assurance"
    if assurance is None:
        return
    if not assurance.any_of and not assurance.all_of:
        yield error("assurance", path, "any_of and all_of are both empty, so no login would ever be strong enough")
    if assurance.claim == "acr" and len({*assurance.all_of}) > 1:
        yield error("assurance", f"{path}.all_of", "acr is one text, which cannot have several values at once")
    if assurance.claim == "amr" and WEAK_METHODS.issuperset(assurance.all_of):
        for number, method in enumerate(assurance.any_of):
            if method in WEAK_METHODS:
                why = f"{method!r} is no second factor; accept for instance mfa or hwk"
                yield error("methods", f"{path}.any_of[{number}]", why)
        if assurance.all_of and not assurance.any_of:
            why = f"{' and '.join(assurance.all_of)} are no second factor; demand for instance mfa or hwk"
            yield error("methods", f"{path}.all_of", why)
