"""The pages that people see, and what they are made of: files of this package."""

import pkgutil
import re
import unicodedata
from collections.abc import Mapping
from functools import cache
from html import escape
from typing import Final, NamedTuple
from urllib.parse import quote, urlsplit

from strongroom.domain.errors import NotFoundError
from strongroom.runtime.requests import HttpAnswer

_PACKAGE: Final = "strongroom.runtime.approval_page"
_SCRIPT: Final = "text/javascript; charset=utf-8"
# Each is given out as one file, so that a page takes few requests; what needs another part comes behind it.
_ASSETS: Final = {
    "page.css": ("text/css; charset=utf-8", ("page.css",)),
    "page.js": (
        _SCRIPT,
        (
            *("canonical.js", "words.js", "api.js", "passkeys.js", "signed_texts.js", "log.js"),
            *("showing.js", "candidates.js", "progress.js", "logins.js", "receipts.js", "approving.js"),
        ),
    ),
    "confirm.js": (_SCRIPT, ("confirming.js",)),
    "agree.js": (_SCRIPT, ("canonical.js", "words.js", "passkeys.js", "lines.js", "agreeing.js")),
    "outage.js": (_SCRIPT, ("canonical.js", "words.js", "passkeys.js", "lines.js", "outaging.js")),
    "review.js": (
        _SCRIPT,
        ("canonical.js", "words.js", "api.js", "passkeys.js", "signed_texts.js", "pressing.js", "reviewing.js"),
    ),
    "checklist.js": (
        _SCRIPT,
        ("canonical.js", "words.js", "api.js", "passkeys.js", "signed_texts.js", "pressing.js", "stating.js"),
    ),
    "enrol.js": (_SCRIPT, ("canonical.js", "words.js", "passkeys.js", "enrolling.js")),
}
# No script or style but ours, no other place to send anything to, and no frame: what is signed is what is seen.
_POLICY: Final = (
    "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; base-uri 'none'; "
    "frame-ancestors 'none'; require-trusted-types-for 'script'; form-action 'self' {issuer}"
)
# A page that runs and asks nothing: there is its style, and a form that goes back to where it came from.
_STILL: Final = "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'"
_SIGN: Final = "publickey-credentials-get=(self)"
_SIGN_AND_COPY: Final = f"{_SIGN}, clipboard-write=(self)"
_NO_POWERS: Final = "publickey-credentials-get=()"
# With `no-referrer` a browser calls the origin of a form `null` (Fetch, "append a request `Origin` header"); this tells
# the origin, and nothing of the address, which holds the code.
_FORM_HEADERS: Final = {"Referrer-Policy": "strict-origin"}
_UNSEEN: Final = frozenset({"Cc", "Cf", "Co", "Cn", "Cs", "Zl", "Zp"})
_FIELD: Final = re.compile(r"\{([a-z_]+)\}")
_HEADERS: Final = {
    "Strict-Transport-Security": "max-age=63072000; includeSubDomains",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Frame-Options": "DENY",
}


class Shown(NamedTuple):
    """What a page shows in the frame that all of them have, written as it can stand in HTML.

    Its style and its script, if it has one, lie in the folder `assets` beside it.
    """

    title: str
    content: str
    assets: str
    script: str = ""


def approval_page(request_id: str, *, issuer: str) -> HttpAnswer:
    """The page of a request, the same for all of them; `issuer` is the identity provider's URL."""
    shown = Shown("Restore", _text("page.html"), _folder(request_id), script="page.js")
    return _signing_page(shown, issuer=issuer, powers=_SIGN)


def enrolment_page(*, issuer: str) -> HttpAnswer:
    """The page on which somebody makes a passkey."""
    shown = Shown("Enrol a passkey", _text("enrol.html"), "enrol", script="enrol.js")
    return _signing_page(shown, issuer=issuer, powers=f"{_SIGN_AND_COPY}, publickey-credentials-create=(self)")


def agreement_page(*, issuer: str) -> HttpAnswer:
    """The page on which a governor agrees to looser rules."""
    shown = Shown("Agree to looser rules", _text("agree.html"), "rules", script="agree.js")
    return _signing_page(shown, issuer=issuer, powers=_SIGN_AND_COPY)


def outage_page(*, issuer: str) -> HttpAnswer:
    """The page on which people account for a restore that they made while the control plane was away."""
    shown = Shown("Account for an outage", _text("outage.html"), "outages", script="outage.js")
    return _signing_page(shown, issuer=issuer, powers=_SIGN_AND_COPY)


def review_page(request_id: str, *, issuer: str) -> HttpAnswer:
    """The page on which somebody reviews an urgent restore."""
    shown = Shown("Review an urgent restore", _text("review.html"), _folder(request_id), script="review.js")
    return _signing_page(shown, issuer=issuer, powers=_SIGN)


def checklist_page(request_id: str, *, issuer: str) -> HttpAnswer:
    """The page on which somebody states the steps by hand of a restore."""
    shown = Shown("Steps by hand", _text("checklist.html"), _folder(request_id), script="checklist.js")
    return _signing_page(shown, issuer=issuer, powers=_SIGN)


def asking_page(shown: Shown, *, issuer: str = "", status: int = 200) -> HttpAnswer:
    """A page below `/logins/`, whose form comes back to us or goes on to the identity provider."""
    headers = _headers(issuer=issuer, powers=_NO_POWERS) | _FORM_HEADERS
    return HttpAnswer(status=status, page=_framed(shown), headers=headers)


def still_page(shown: Shown, *, status: int = 200) -> HttpAnswer:
    """A page without any script."""
    headers = _HEADERS | {"Content-Security-Policy": _STILL, "Permissions-Policy": _NO_POWERS}
    return HttpAnswer(status=status, page=_framed(shown), headers=headers)


def filled(name: str, *, told: Mapping[str, str]) -> str:
    """A part of a page with what it tells, which is written as it can stand in HTML."""
    return _FIELD.sub(lambda found: told[found[1]], _text(name))


def notice(*, assets: str, title: str, look: str, content: str) -> Shown:
    """A title as it is, and a content that is written as it can stand in HTML."""
    told = {"title": shown_text(title), "look": look, "content": content}
    return Shown(told["title"], filled("notice.html", told=told), assets)


def said(text: str) -> str:
    """A text as a sentence of a notice."""
    return f'<p id="text">{shown_text(sentence(text))}</p>'


def shown_text(text: str) -> str:
    """The text as it can stand in a page; characters that nobody sees, or that turn others around, are named."""
    named = (f"⟨U+{ord(each):04X}⟩" if unicodedata.category(each) in _UNSEEN else each for each in text)
    return escape("".join(named), quote=True)


def sentence(text: str) -> str:
    """The text as a sentence."""
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "!", "?")) else ".")


def page_asset(name: str) -> HttpAnswer:
    """A script or the style of the pages; NotFoundError for anything else."""
    if name not in _ASSETS:
        raise NotFoundError("nothing is served under this path")
    media_type, parts = _ASSETS[name]
    return HttpAnswer(page="\n".join(map(_text, parts)), media_type=media_type, headers=_HEADERS)


def _signing_page(shown: Shown, *, issuer: str, powers: str) -> HttpAnswer:
    return HttpAnswer(page=_framed(shown), headers=_headers(issuer=issuer, powers=powers))


def _framed(shown: Shown) -> str:
    script = f'<script type="module" src="{shown.assets}/{shown.script}"></script>' if shown.script else ""
    return filled("frame.html", told=shown._asdict() | {"script": script})


def _folder(request_id: str) -> str:
    return escape(quote(request_id, safe=""), quote=True)


def _headers(*, issuer: str, powers: str) -> dict[str, str]:
    told = urlsplit(issuer)
    policy = _POLICY.format(issuer=f"{told.scheme}://{told.netloc}" if issuer else "").strip()
    return _HEADERS | {"Content-Security-Policy": policy, "Permissions-Policy": powers}


@cache
def _text(name: str) -> str:
    content = pkgutil.get_data(_PACKAGE, name)
    if content is None:
        raise NotFoundError(f"there is no {name}")
    return content.decode()
