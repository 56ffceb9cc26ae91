"""The identity provider's login page, and the person's password manager and authenticator app."""

from collections.abc import Mapping

from markupsafe import Markup

from sandbox.people import PEOPLE, Person
from sandbox.web.pages import hidden, joined, link, page


def login_page(
    base_url: str, parameters: Mapping[str, str], *, chosen: str, application: str, wants_mfa: bool, complaint: str = ""
) -> str:
    """Return the login form; the authorization request travels in hidden fields."""
    people = joined(
        Markup('<option value="{}"{}>{}, {}</option>').format(
            person.name,
            Markup(" selected") if person.name == chosen else "",
            person.display_name,
            person.title.lower(),
        )
        for person in PEOPLE
    )
    wanted = "needed for this application" if wants_mfa else "leave empty to log in with the password only"
    form = Markup(
        '<form method="post" action="{base}/authorize">{hidden}'
        '<label>Person <select name="login">{people}</select></label>'
        '<label>Password <input type="password" name="password" required></label>'
        '<label>One-time code <input name="otp" inputmode="numeric" autocomplete="one-time-code"> ({wanted})</label>'
        '<button class="primary">Log in</button></form>'
    ).format(base=base_url, hidden=hidden(parameters), people=people, wanted=wanted)
    return page(
        "Log in",
        Markup('<p>to continue to <b>{}</b></p><p role="alert">{}</p>').format(application, complaint),
        form,
        Markup('<p class="quiet">Passwords and authenticator apps of the sandbox: {}</p>').format(_devices(base_url)),
    )


def index_page(base_url: str) -> str:
    """Return the provider's front page: who there is, and where each person's devices are."""
    return page(
        "Identity provider",
        Markup("<p>Applications send people here to log in; these are their devices: {}</p>").format(
            _devices(base_url)
        ),
        Markup('<p class="quiet">Configuration: {}</p>').format(
            link("openid-configuration", f"{base_url}/.well-known/openid-configuration")
        ),
    )


def _devices(base_url: str) -> Markup:
    return joined(
        Markup('<a href="{}/authenticator/{}" target="_blank">{}</a>').format(base_url, person.name, person.name)
        for person in PEOPLE
    )


def authenticator_page(person: Person, *, password: str, code: str) -> str:
    """Return what the person's own devices show."""
    return page(
        f"{person.display_name}'s devices",
        Markup("<p>your password manager: <code>{}</code></p>").format(password),
        Markup("<p>your authenticator app: <code>{}</code></p>").format(code),
    )
