"""The pages that people see, and what they are made of: files of this package."""

import pkgutil
import re
import unicodedata
from collections.abc import Mapping
from functools import cache
from html import escape
from typing import Final
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
            *("showing.js", "progress.js", "logins.js", "receipts.js", "approving.js"),
        ),
    ),
    "confirm.js": (_SCRIPT, ("confirming.js",)),
    "agree.js": (_SCRIPT, ("canonical.js", "words.js", "passkeys.js", "lines.js", "agreeing.js")),
    "outage.js": (_SCRIPT, ("canonical.js", "words.js", "passkeys.js", "lines.js", "outaging.js")),
    "review.js": (
        _SCRIPT,
        ("canonical.js", "words.js", "api.js", "passkeys.js", "signed_texts.js", "reviewing.js"),
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
_SIGN_AND_COPY: Final = "publickey-credentials-get=(self), clipboard-write=(self)"
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


def approval_page(request_id: str, *, issuer: str) -> HttpAnswer:
    """The page of a request, the same for all of them; `issuer` is the identity provider's URL."""
    return _page("page.html", assets=request_id, issuer=issuer, powers="publickey-credentials-get=(self)")


def enrolment_page(*, issuer: str) -> HttpAnswer:
    """The page on which somebody makes a passkey."""
    powers = "publickey-credentials-get=(self), publickey-credentials-create=(self), clipboard-write=(self)"
    return _page("enrol.html", assets="enrol", issuer=issuer, powers=powers)


def agreement_page(*, issuer: str) -> HttpAnswer:
    """The page on which a governor agrees to looser rules."""
    return _page("agree.html", assets="rules", issuer=issuer, powers=_SIGN_AND_COPY)


def outage_page(*, issuer: str) -> HttpAnswer:
    """The page on which people account for a restore that they made while the control plane was away."""
    return _page("outage.html", assets="outages", issuer=issuer, powers=_SIGN_AND_COPY)


def review_page(request_id: str, *, issuer: str) -> HttpAnswer:
    """The page on which somebody reviews an urgent restore."""
    return _page("review.html", assets=request_id, issuer=issuer, powers="publickey-credentials-get=(self)")


def page_of(name: str, *, told: Mapping[str, str], issuer: str = "", status: int = 200) -> HttpAnswer:
    """A page below `/logins/` with what it tells, which is written as it can stand in HTML."""
    page = filled(name, told=told)
    headers = _headers(issuer=issuer, powers=_NO_POWERS) | _FORM_HEADERS
    return HttpAnswer(status=status, page=page, headers=headers)


def still_page(name: str, *, told: Mapping[str, str], status: int = 200) -> HttpAnswer:
    """A page without any script, with what it tells, which is written as it can stand in HTML."""
    page = filled(name, told=told)
    headers = _HEADERS | {"Content-Security-Policy": _STILL, "Permissions-Policy": _NO_POWERS}
    return HttpAnswer(status=status, page=page, headers=headers)


def filled(name: str, *, told: Mapping[str, str]) -> str:
    """A page, or a part of one, with what it tells, which is written as it can stand in HTML."""
    return _FIELD.sub(lambda found: told[found[1]], _text(name))


def notice(*, assets: str, title: str, look: str, content: str) -> dict[str, str]:
    """What `notice.html` tells: a title as it is, and a content that is written as it can stand in HTML."""
    return {"assets": assets, "title": shown_text(title), "look": look, "content": content}


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


def _page(name: str, *, assets: str, issuer: str, powers: str) -> HttpAnswer:
    """A page whose scripts and style lie in the folder `assets` beside it."""
    page = _text(name).replace("{assets}", escape(quote(assets, safe=""), quote=True))
    return HttpAnswer(page=page, headers=_headers(issuer=issuer, powers=powers))


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
