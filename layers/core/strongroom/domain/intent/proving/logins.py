"""How strong a login must be, and how the identity provider is asked for such a one."""

from typing import Annotated

from msgspec import Struct, field

from strongroom.domain import forms


class Assurance(Struct, frozen=True, kw_only=True):
    """What an ID token must say of its login: one of `any_of`, where there are any, and each of `all_of`."""

    claim: Annotated[str, "The claim that says it: `amr` or `acrs`, a list, or `acr`, a text."]
    any_of: Annotated[tuple[str, ...], "Values of which it must have one."] = ()
    all_of: Annotated[tuple[str, ...], "Values that it must have."] = ()


class ClaimWish(Struct, frozen=True, kw_only=True):
    """How one claim of the ID token is asked for (OpenID Connect Core 1.0, section 5.5.1)."""

    essential: Annotated[bool, "Whether the login is worth nothing without it."] = False
    value: Annotated[str | None, "The value that it shall have."] = None
    values: Annotated[tuple[str, ...], "The values of which it shall have one."] = ()


class Authorize(Struct, frozen=True, kw_only=True):
    """What the identity provider is asked for when somebody proves to be present."""

    acr_values: Annotated[tuple[str, ...], "The classes of login that are asked for, the best one first."] = ()
    claims: Annotated[dict[str, ClaimWish], "Claims of the ID token that are asked for, by name."] = field(
        default_factory=dict
    )
    scopes: Annotated[
        tuple[Annotated[str, forms.SCOPE], ...],
        "What is asked for besides `openid`, where the issuer tells a claim only then: `groups` of Okta for "
        "`groups_claim`.",
    ] = ()
