"""An OpenID Connect provider on loopback: code flow with PKCE, sessions, step-up and real one-time codes."""

# Decision: ours, not oidc-provider-mock 0.4.8. That one logs anybody in by name alone, stamps auth_time
# anew at every authorization and knows neither amr, acr_values, max_age nor prompt, which are what a step-up stands on.

import base64
import binascii
import hashlib
import json
import secrets
from collections.abc import Callable, Mapping
from copy import replace
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import unquote, urlencode, urlsplit

from sandbox.people import PEOPLE, Person, UnknownPersonError, person_named
from sandbox.settings import Settings
from sandbox.standins.identity.clients import CLI_CLIENT, Client, ClientCredentials, Device, Grant
from sandbox.standins.identity.one_time_codes import code_at, is_code_valid
from sandbox.standins.identity.pages import authenticator_page, index_page, login_page
from sandbox.standins.identity.tokens import ACR_MFA, ACR_PASSWORD, DOWN, FAULTS, TOKEN_LIFETIME, Login, TokenSigner
from sandbox.web import control
from sandbox.web.asgi import Application, Installed, Request, RequestRefusedError, Response

PREFIX = "/_idp"
CONTROL_PLANE_CLIENT = "strongroom-control-plane"

_COOKIE = "idp_session"
_CODE_LIFETIME = timedelta(seconds=60)
_RESPONSE_MODES = ("query",)
_PROMPTS = frozenset({"none", "login"})
_LOGIN_FIELDS = ("login", "password", "otp")


@dataclass(slots=True)
class Provider:
    """Everything that the provider remembers."""

    issuer: str
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    clients: dict[str, Client] = field(default_factory=dict)
    devices: dict[str, Device] = field(default_factory=lambda: {person.name: Device() for person in PEOPLE})
    sessions: dict[str, Login] = field(default_factory=dict, repr=False)
    codes: dict[str, Grant] = field(default_factory=dict, repr=False)
    fault: str | None = None
    signer: TokenSigner = field(init=False)

    def __post_init__(self) -> None:
        """Make the signing key and the two clients."""
        self.signer = TokenSigner(self.issuer)
        self.clients[CLI_CLIENT] = Client(CLI_CLIENT)
        self.clients[CONTROL_PLANE_CLIENT] = Client(CONTROL_PLANE_CLIENT, secrets.token_urlsafe(24))

    def mount(self, application: Application) -> None:
        """Add the routes."""
        application.add("GET", "/", lambda _: Response.of_html(index_page(self.issuer)))
        application.add("GET", "/.well-known/openid-configuration", self._unless_down(self.configuration))
        application.add("GET", "/jwks", self._unless_down(lambda _: Response.of_json(self.signer.key_set())))
        application.add("GET", "/authorize", self._unless_down(self.authorize))
        application.add("POST", "/authorize", self._unless_down(self.log_in))
        application.add("POST", "/token", self._unless_down(self.exchange))
        application.add("GET", "/authenticator/{name}", self.authenticator)

    def configuration(self, _: Request) -> Response:
        """Describe the provider."""
        return Response.of_json(
            {
                "issuer": self.issuer,
                "authorization_endpoint": f"{self.issuer}/authorize",
                "token_endpoint": f"{self.issuer}/token",
                "jwks_uri": f"{self.issuer}/jwks",
                "response_types_supported": ["code"],
                "response_modes_supported": list(_RESPONSE_MODES),
                "grant_types_supported": ["authorization_code"],
                "subject_types_supported": ["public"],
                "id_token_signing_alg_values_supported": ["RS256"],
                "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post", "none"],
                "code_challenge_methods_supported": ["S256"],
                "acr_values_supported": [ACR_PASSWORD, ACR_MFA],
                "prompt_values_supported": ["none", "login"],
                "scopes_supported": ["openid", "email", "profile"],
                "claims_parameter_supported": True,
                "claims_supported": ["sub", "email", "name", "auth_time", "acr", "amr", "nonce"],
            }
        )

    def authorize(self, request: Request) -> Response:
        """Send the browser back with a code if its session suffices, else show the login page."""
        asked = request.query
        client = self._client_asking(asked)
        self._check(asked)
        session = self.sessions.get(request.cookie(_COOKIE))
        if session is not None and self._suffices(session, asked):
            return self._granted(session, asked)
        if asked.get("prompt") == "none":
            return _returned(asked, error="login_required")
        return self._login_shown(client, asked, chosen=_hinted(asked))

    def log_in(self, request: Request) -> Response:
        """Check password and one-time code, and send the browser back with a code.

        `acr_values` is a voluntary request (OpenID Connect Core, 3.1.2.1): a login with the password alone goes on, and
        the token says so. It is the application that must refuse.
        """
        form = request.form()
        asked = {name: value for name, value in form.items() if name not in _LOGIN_FIELDS}
        client = self._client_asking(asked)
        self._check(asked)
        login = self._proved(form)
        if login is None:
            said = "The password or the one-time code is wrong."
            return self._login_shown(client, asked, chosen=form.get("login", ""), complaint=said, status=401)
        session = secrets.token_urlsafe(18)
        self.sessions[session] = login
        cookie = f"{_COOKIE}={session}; Path={PREFIX}; HttpOnly; SameSite=Lax"
        answer = self._granted(login, asked)
        return replace(answer, headers=dict(answer.headers) | {"set-cookie": cookie})

    def exchange(self, request: Request) -> Response:
        """Exchange a code, once, for an ID token."""
        form = request.form()
        client = self._authenticated(request, form)
        if form.get("grant_type") != "authorization_code":
            raise _token_error("unsupported_grant_type", "only authorization_code is offered")
        grant = self.codes.pop(form.get("code", ""), None)
        if grant is None or grant.expires < self.now() or grant.client_id != client.client_id:
            raise _token_error("invalid_grant", "the code is unknown, used, expired or another client's")
        if grant.redirect_uri != form.get("redirect_uri"):
            raise _token_error("invalid_grant", "redirect_uri differs from the authorization request")
        if grant.challenge and not _is_verifier(form.get("code_verifier", ""), grant.challenge):
            raise _token_error("invalid_grant", "code_verifier does not match the challenge")
        token = self.signer.id_token(
            grant.login, audience=client.client_id, nonce=grant.nonce, now=self.now(), fault=self.fault
        )
        seconds = int(TOKEN_LIFETIME.total_seconds())
        granted = {"token_type": "Bearer", "expires_in": seconds, "scope": "openid email profile"}
        return Response.of_json({"access_token": secrets.token_urlsafe(24), "id_token": token} | granted)

    def authenticator(self, request: Request, *, name: str) -> Response:
        """Show the person's own devices: password manager and authenticator app."""
        try:
            person = person_named(name)
        except UnknownPersonError as error:
            return Response.of_text(str(error), status=404)
        device = self.devices[name]
        code = code_at(device.seed, self.now())
        if "text/html" not in request.headers.get("accept", ""):
            return Response.of_json({"password": device.password, "code": code})
        return Response.of_html(authenticator_page(person, password=device.password, code=code))

    def _unless_down(self, handler: Callable[[Request], Response]) -> Callable[[Request], Response]:
        def guarded(request: Request) -> Response:
            return Response.of_text("Service Unavailable", status=503) if self.fault == DOWN else handler(request)

        return guarded

    def _client_asking(self, asked: Mapping[str, str]) -> Client:
        client = self.clients.get(asked.get("client_id", ""))
        if client is None or not client.may_return_to(asked.get("redirect_uri", "")):
            # Never redirect to an address that is not the client's.
            said = "unknown client_id, or a redirect_uri that is not registered for it"
            raise RequestRefusedError(Response.of_text(said, status=400))
        return client

    def _check(self, asked: Mapping[str, str]) -> None:
        if asked.get("response_type") != "code":
            raise RequestRefusedError(_returned(asked, error="unsupported_response_type"))
        if "openid" not in asked.get("scope", "").split():
            raise RequestRefusedError(_returned(asked, error="invalid_scope"))
        is_challenged = asked.get("code_challenge_method") == "S256" and bool(asked.get("code_challenge"))
        is_public = self.clients[asked["client_id"]].secret is None
        if not is_challenged and (is_public or "code_challenge" in asked):
            raise RequestRefusedError(_returned(asked, error="invalid_request"))
        if not asked.get("max_age", "0").isdecimal() or asked.get("response_mode", "query") not in _RESPONSE_MODES:
            raise RequestRefusedError(_returned(asked, error="invalid_request"))
        if not _PROMPTS.issuperset(asked.get("prompt", "").split()) or _wished(asked) is None:
            raise RequestRefusedError(_returned(asked, error="invalid_request"))

    def _suffices(self, session: Login, asked: Mapping[str, str]) -> bool:
        if "login" in asked.get("prompt", "").split():
            return False
        if "max_age" in asked and self.now() - session.at >= timedelta(seconds=int(asked["max_age"])):
            return False
        hint = _hinted(asked)
        return (session.is_mfa or not _wants_mfa(asked)) and hint in ("", session.person.name)

    def _login_shown(
        self, client: Client, asked: Mapping[str, str], *, chosen: str, complaint: str = "", status: int = 200
    ) -> Response:
        shown = login_page(
            self.issuer,
            asked,
            chosen=chosen,
            application=client.client_id,
            wants_mfa=_wants_mfa(asked),
            complaint=complaint,
        )
        return Response.of_html(shown, status=status)

    def _proved(self, form: Mapping[str, str]) -> Login | None:
        try:
            person: Person = person_named(form.get("login", ""))
        except UnknownPersonError:
            return None
        device, code, now = self.devices[person.name], form.get("otp", "").strip(), self.now()
        if not secrets.compare_digest(device.password.encode(), form.get("password", "").encode()):
            return None
        if code and not is_code_valid(device.seed, code, now=now):
            return None
        return Login(person, now, is_mfa=bool(code))

    def _granted(self, login: Login, asked: Mapping[str, str]) -> Response:
        code = secrets.token_urlsafe(24)
        self.codes[code] = Grant(
            client_id=asked["client_id"],
            redirect_uri=asked["redirect_uri"],
            challenge=asked.get("code_challenge", ""),
            nonce=asked.get("nonce"),
            login=login,
            expires=self.now() + _CODE_LIFETIME,
        )
        return _returned(asked, code=code)

    def _authenticated(self, request: Request, form: Mapping[str, str]) -> Client:
        client_id, secret = form.get("client_id", ""), form.get("client_secret", "")
        scheme, _, encoded = request.headers.get("authorization", "").partition(" ")
        if scheme == "Basic":
            client_id, secret = _basic(encoded)
        client = self.clients.get(client_id)
        if client is None or not secrets.compare_digest((client.secret or "").encode(), secret.encode()):
            raise _token_error("invalid_client", "unknown client or wrong secret", status=401)
        return client


def _hinted(asked: Mapping[str, str]) -> str:
    hint = asked.get("login_hint", "").strip().lower()
    return next((person.name for person in PEOPLE if hint in (person.name, person.email, person.subject)), "")


def _wants_mfa(asked: Mapping[str, str]) -> bool:
    return ACR_MFA in (*asked.get("acr_values", "").split(), *(_wished(asked) or ()))


def _wished(asked: Mapping[str, str]) -> tuple[str, ...] | None:
    """The classes that the parameter `claims` asks for (OpenID Connect Core, 5.5.1.1); None for what is no such one."""
    try:
        claims = json.loads(asked.get("claims", "{}"))
        wish = claims.get("id_token", {}).get("acr") or {}
        return tuple(each for each in (wish.get("value"), *wish.get("values", ())) if each)
    except (ValueError, AttributeError, TypeError):
        return None


def _returned(asked: Mapping[str, str], **answer: str) -> Response:
    fields = answer | ({"state": asked["state"]} if "state" in asked else {})
    uri = asked["redirect_uri"]
    return Response.see_other(f"{uri}{'&' if urlsplit(uri).query else '?'}{urlencode(fields)}")


def _is_verifier(verifier: str, challenge: str) -> bool:
    digest = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=")
    return secrets.compare_digest(digest, challenge.encode())


def _basic(encoded: str) -> tuple[str, str]:
    try:
        name, _, secret = base64.b64decode(encoded, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return "", ""
    return unquote(name), unquote(secret)


def _token_error(code: str, description: str, *, status: int = 400) -> RequestRefusedError:
    answer = {"error": code, "error_description": description}
    headers = {"www-authenticate": 'Basic realm="token"'} if status == 401 else {}
    return RequestRefusedError(Response.of_json(answer, status=status, headers=headers))


app = Installed[Provider]("identity provider")


def install(settings: Settings) -> None:
    """Start a provider with a new key, new passwords and new seeds, and offer its control routes."""
    provider = Provider(settings.endpoint + PREFIX)
    application = Application()
    provider.mount(application)
    app.install(provider, application)
    control.register("POST", "/identity/faults", _set_fault)
    control.register("DELETE", "/identity/faults", _clear_fault)
    control.register("POST", "/identity/redirects", _add_redirect)


def credentials() -> ClientCredentials:
    """Return the confidential client that the control plane logs people in with."""
    client = app.state.clients[CONTROL_PLANE_CLIENT]
    return ClientCredentials(app.state.issuer, client.client_id, client.secret or "")


def _set_fault(body: dict[str, Any]) -> dict[str, Any]:
    if body["fault"] not in FAULTS:
        raise control.ControlError(f"fault must be one of {', '.join(sorted(FAULTS))}")
    app.state.fault = body["fault"]
    return {"fault": app.state.fault}


def _clear_fault(_: dict[str, Any]) -> dict[str, Any]:
    app.state.fault = None
    return {"fault": None}


def _add_redirect(body: dict[str, Any]) -> dict[str, Any]:
    client = app.state.clients[CONTROL_PLANE_CLIENT]
    client.redirect_uris.add(str(body["redirect_uri"]))
    return {"redirect_uris": sorted(client.redirect_uris)}
