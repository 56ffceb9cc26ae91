"""The pages between a login and what it signs, made whole here: they need no script to be read or pressed."""

from collections.abc import Mapping
from typing import Final, NamedTuple, Protocol

from strongroom.domain.errors import NotAuthenticatedError
from strongroom.domain.restores.approving.logins import BrowserSecret
from strongroom.runtime.requests import HttpAnswer, HttpRequest
from strongroom.runtime.signing_pages import Shown, asking_page, filled, notice, said, shown_text

_COOKIE: Final = "__Host-strongroom"
_COOKIE_LASTS: Final = 300
_ASSETS: Final = "../enrol"
_SEE_OTHER, _CONFLICT = 303, 409
_GROUP: Final = 4
_VERBS: Final = {"approve": "approve", "deny": "refuse", "cancel": "take back"}
_TITLES: Final = {400: "This cannot be read", 401: "This login signs nothing", 403: "This is not allowed"}


class Answered(NamedTuple):
    """What the identity provider sent back with the browser (OpenID Connect Core 1.0, section 3.1.2.5)."""

    code: str
    state: str


class ToConfirm(Protocol):
    """What somebody is about to sign, in names."""

    @property
    def decision(self) -> str:
        """What is decided."""

    @property
    def requester(self) -> str:
        """Who asks."""

    @property
    def what(self) -> str:
        """What comes back, and as what."""

    @property
    def account(self) -> str:
        """Where."""

    @property
    def reason(self) -> str:
        """Why, as the requester says."""

    @property
    def ticket(self) -> str:
        """The ticket's key."""

    @property
    def mark(self) -> str:
        """The first twelve digits of the request's hash."""


class Taken(Protocol):
    """What became of a proof: its SHA-256 where it counts, else the reason."""

    @property
    def proof(self) -> str:
        """The SHA-256 of what is kept of it; empty where it does not count."""

    @property
    def reason(self) -> str:
        """Where the request stands, or why it does not count."""


class Confirmed(Protocol):
    """The page of the request, and what became of the proof; None where the login had signed before."""

    @property
    def page(self) -> str:
        """Where people see the request."""

    @property
    def taken(self) -> Taken | None:
        """What became of it."""


def browser_secret(request: HttpRequest) -> BrowserSecret:
    """The secret that only the browser has in which the login began; NotAuthenticatedError without it."""
    return BrowserSecret(request.cookie(_COOKIE))


def answered(fields: Mapping[str, str]) -> Answered:
    """The code and the state; NotAuthenticatedError where the login was not made."""
    code, state = fields.get("code", ""), fields.get("state", "")
    if not code or not state or "error" in fields:
        raise NotAuthenticatedError("the identity provider sent you back without a login: nothing was signed")
    return Answered(code, state)


def given_secret(secret: BrowserSecret) -> dict[str, str]:
    """The header that gives it to the browser: to this host alone, for no script, and not from other sites' forms."""
    kept = f"{_COOKIE}={secret.text}; Secure; HttpOnly; SameSite=Lax; Path=/; Max-Age={_COOKIE_LASTS}"
    return {"Set-Cookie": kept}


def confirmation_page(shown: ToConfirm, back: Answered, *, issuer: str) -> HttpAnswer:
    """What the login will sign, with the button that lets it: coming here has signed nothing."""
    told = {
        "verb": _VERBS[shown.decision],
        "requester": shown.requester,
        "what": shown.what,
        "account": shown.account,
        "reason": shown.reason,
        "ticket": shown.ticket,
        "mark": " ".join(shown.mark[at : at + _GROUP] for at in range(0, len(shown.mark), _GROUP)),
        "code": back.code,
        "state": back.state,
    }
    written = {name: shown_text(text) for name, text in told.items()}
    content = filled("confirm.html", told=written)
    return asking_page(Shown(f"You {written['verb']}", content, _ASSETS, script="confirm.js"), issuer=issuer)


def confirmed(done: Confirmed) -> HttpAnswer:
    """Back to the page of the request, which is told what to look for in the log; or what did not count.

    What stands behind `#` the browser keeps to itself.
    """
    taken = done.taken
    if taken is None:
        return HttpAnswer(status=_SEE_OTHER, location=done.page)
    if taken.proof:
        return HttpAnswer(status=_SEE_OTHER, location=f"{done.page}#signed={taken.proof}")
    content = f'{said(taken.reason)}\n<p><a href="{shown_text(done.page)}">Back to the request</a></p>'
    return _stopped("It does not count", content=content, status=_CONFLICT)


def refusal(answer: HttpAnswer) -> HttpAnswer:
    """The page for an error."""
    title = _TITLES.get(answer.status, "This did not work")
    return _stopped(title, content=said(str(answer.content["error"])), status=answer.status)


def _stopped(title: str, *, content: str, status: int) -> HttpAnswer:
    return asking_page(notice(assets=_ASSETS, title=title, look="bad", content=content), status=status)
