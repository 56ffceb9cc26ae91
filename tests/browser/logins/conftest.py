"""The functions of the page as they are deployed, with people who log in: no part of the ceremony is invented."""

import json
from collections.abc import Callable, Iterator
from copy import replace
from typing import Any

import pytest

from strongroom.adapters.aws import secrets
from strongroom.domain.intent.model import Intent
from strongroom.domain.intent.proving.passkeys import Page as PageOfIntent
from strongroom.domain.restores.drafts import Link, page_of
from strongroom_cli.intent.file import load_intent_file
from tests.browser import chromium
from tests.browser.chromium import Chromium, Page
from tests.browser.logins import site as login_site
from tests.browser.logins.site import LoginSite
from tests.browser.server import STAGE
from tests.builders.intents import with_restores
from tests.builders.proving.signing import ORIGIN, RP_ID
from tests.builders.restores import a_proving_intent
from tests.conftest import ROOT, FakeClients
from tests.fakes.ceremony import CEREMONY, FakeSecrets, Functions
from tests.fakes.evidence.bucket import LOG
from tests.fakes.restores.world import MACHINE

collect_ignore_glob = [] if chromium.PROGRAM else ["test_*.py"]


class OwnSecrets(FakeSecrets):
    """The secrets of a deployment whose page lies at the address."""

    def __init__(self, public_url: str) -> None:
        self._public_url = public_url

    def get_secret_value(self, **asked: str) -> dict[str, str]:
        kept = json.loads(super().get_secret_value(**asked)["SecretString"])
        return {"SecretString": json.dumps(kept | {"public_url": self._public_url})}


@pytest.fixture(scope="session")
def served() -> Iterator[LoginSite]:
    """One server for all tests."""
    with login_site.serving() as running:
        yield running


@pytest.fixture(scope="session")
def intent(served: LoginSite) -> Intent:
    """The example, with its page and its identity provider on loopback."""
    loaded, _ = load_intent_file(ROOT / "strongroom.yaml")
    page = PageOfIntent(rp_id=RP_ID, origins=(ORIGIN, served.origin))
    made = with_restores(replace(a_proving_intent(loaded), evidence=LOG), page=page)
    assert made.identity_provider is not None
    return replace(made, identity_provider=replace(made.identity_provider, issuer=served.issuer))


@pytest.fixture
def site(
    served: LoginSite,
    intent: Intent,
    dynamodb: Any,
    platform_environment: None,
    fake_clients: FakeClients,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[LoginSite]:
    """The server with a deployment of its own."""
    monkeypatch.setenv("STRONGROOM_CEREMONY", CEREMONY)
    monkeypatch.setenv("STRONGROOM_RESTORE_MACHINE", MACHINE)
    secrets.forget()
    served.forget()
    served.functions = Functions(dynamodb, intent, fake_clients, monkeypatch)
    fake_clients.own["secretsmanager"] = OwnSecrets(f"{served.origin}{STAGE}")
    yield served
    secrets.forget()


@pytest.fixture
def browse(browser: Chromium, site: LoginSite) -> Iterator[Callable[..., Page]]:
    """Open a page in a browser that was nowhere before, on a phone; all are closed afterwards."""
    opened: list[Page] = []

    def visit(address: str) -> Page:
        page = browser.page()
        opened.append(page)
        page.open(address)
        return page

    yield visit
    for page in opened:
        page.close()


@pytest.fixture
def link(site: LoginSite) -> Callable[..., str]:
    """The address of a request's page, as the requester or chat has it."""

    def of(request: str, *, by: Link = Link.PAGE) -> str:
        return page_of(f"{site.origin}{STAGE}", site.functions.world.asking.drafts.read(request), link=by)

    return of
