"""What is wrong with the page on which passkeys sign: a passkey belongs to the host of its page, and to no other.

Source: Web Authentication Level 3, sections 5.1.2 and 13.4.9; browsers take more than it says (`amazonaws.com`).
"""

import re
from collections.abc import Iterator
from typing import Final
from urllib.parse import urlsplit

from strongroom.domain.findings import Finding, error, warning
from strongroom.domain.forms import HOST
from strongroom.domain.intent.ceremony import Restores
from strongroom.domain.intent.proving.passkeys import Page

_PATH: Final = "restores.page"
_LOCAL: Final = "localhost"
_USUAL_PORTS: Final = {"https": 443, "http": 80}
# Of AWS's own domains only the whole host of one API is a site of one's own.
_OF_AWS: Final = re.compile(r"(.+\.)?(amazonaws\.(com|com\.cn|eu)|api\.aws|on\.aws|cloudfront\.net|awsapprunner\.com)")
_API: Final = re.compile(r"[a-z0-9-]+\.execute-api\.[a-z0-9-]+\.(amazonaws\.(com|com\.cn|eu)|api\.aws)")
# Suffixes under which anybody gets a name, as far as pages like this one are put there. The whole list is at
# publicsuffix.org; that the page's own host must be meant keeps the others away.
PUBLIC_SUFFIXES: Final = frozenset(
    {
        "azurewebsites.net",
        "co.jp",
        "co.nz",
        "co.uk",
        "co.za",
        "com.au",
        "com.br",
        "com.cn",
        "github.io",
        "gov.uk",
        "herokuapp.com",
        "netlify.app",
        "ngrok.io",
        "org.uk",
        "pages.dev",
        "run.app",
        "vercel.app",
        "web.app",
        "workers.dev",
    }
)


def find_page_contradictions(restores: Restores) -> Iterator[Finding]:
    """Every contradiction in the page, and a word for a host that does not last."""
    page = restores.page
    if page is None:
        return
    if refusal := _why_no_site(page.rp_id):
        yield error("page-host", f"{_PATH}.rp_id", refusal)
    if not page.origins:
        yield error("page-origin", f"{_PATH}.origins", "is empty, so nobody could sign anywhere")
    if len(page.origins) != len(set(page.origins)):
        yield error("page-origin", f"{_PATH}.origins", "an origin stands twice")
    for number, origin in enumerate(page.origins):
        if refusal := _why_no_origin(origin, page):
            yield error("page-origin", f"{_PATH}.origins[{number}]", refusal)
    if _API.fullmatch(page.rp_id):
        why = (
            f"{page.rp_id} ends with its API: one that is made anew has another host, and every passkey must be "
            "enrolled again; a custom domain stays, with DisableExecuteApiEndpoint for the API's own host"
        )
        yield warning("page-host-of-api", f"{_PATH}.rp_id", why)


def _is_local(host: str) -> bool:
    return host == _LOCAL or host.endswith(f".{_LOCAL}")


def _why_no_site(host: str) -> str:
    if _is_local(host):
        return ""
    if not HOST.fits(host):
        why = "it has two labels at least, in lower case, and is no address in digits"
        return f"{host!r} is no host such as approve.example.com: {why}"
    if host in PUBLIC_SUFFIXES or (_OF_AWS.fullmatch(host) and not _API.fullmatch(host)):
        return f"under {host} anybody gets a host, who could then ask for these passkeys: write the page's whole host"
    return ""


def _why_no_origin(origin: str, page: Page) -> str:
    try:
        parts = urlsplit(origin)
        port = parts.port
    except ValueError:
        return f"{origin!r} is no origin such as https://{page.rp_id}"
    host = parts.hostname or ""
    if origin != f"{parts.scheme}://{host}{'' if port is None else f':{port}'}" or not host:
        return f"{origin!r} must be scheme, host and port alone, as https://{page.rp_id}"
    if port is not None and port == _USUAL_PORTS.get(parts.scheme):
        return f"browsers leave the usual port out: write {parts.scheme}://{host}"
    if parts.scheme != "https" and not (parts.scheme == "http" and _is_local(host)):
        return f"must begin with https://: without it only a page on {_LOCAL} has passkeys"
    if host != page.rp_id:
        return f"its host is {host}, and rp_id is {page.rp_id}: they must be the same, so that no other page can ask"
    return ""
