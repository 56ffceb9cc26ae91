"""A passkey belongs to the host of its page: one that anybody else could have is refused."""

import pytest

from strongroom.domain.findings import Level
from strongroom.domain.intent.model import Intent
from strongroom.domain.intent.proving.passkeys import Page
from strongroom.domain.intent_rules.ceremony.pages import PUBLIC_SUFFIXES, find_page_contradictions
from strongroom.domain.restores.ceremony import ceremony_of
from tests.builders.intents import with_restores

API = "a1b2c3d4e5.execute-api.eu-west-1.amazonaws.com"


def found(intent: Intent, rp_id: str, *origins: str) -> list[tuple[str, str, str]]:
    page = Page(rp_id=rp_id, origins=origins or (f"https://{rp_id}",))
    restores = ceremony_of(with_restores(intent, page=page)).restores
    return [(each.level, each.path, each.message) for each in find_page_contradictions(restores)]


GOOD = {
    "a custom domain": ("approve.example.com", ()),
    "two ports of it": ("approve.example.com", ("https://approve.example.com", "https://approve.example.com:8443")),
    "the machine itself": ("localhost", ("http://localhost:4566",)),
    "the machine itself by https": ("localhost", ("https://localhost",)),
    "a host of the machine": ("abc.execute-api.localhost", ("http://abc.execute-api.localhost:4566",)),
}


@pytest.mark.parametrize(("rp_id", "origins"), GOOD.values(), ids=GOOD)
def test_a_site_of_ones_own_is_taken(intent: Intent, rp_id: str, origins: tuple[str, ...]) -> None:
    assert found(intent, rp_id, *origins) == []


def test_without_a_page_nothing_is_said(intent: Intent) -> None:
    assert list(find_page_contradictions(ceremony_of(intent).restores)) == []


@pytest.mark.parametrize(
    "host", [API, API + ".cn", API.replace("amazonaws.com", "api.aws")], ids=["aws", "China", "dual-stack"]
)
def test_the_host_of_an_api_is_taken_with_a_warning(intent: Intent, host: str) -> None:
    [(level, path, message)] = found(intent, host)
    assert (level, path) == (Level.WARNING, "restores.page.rp_id")
    assert "a custom domain stays" in message


HOSTS_OF_OTHERS = [
    "amazonaws.com",
    "eu-west-1.amazonaws.com",
    "execute-api.eu-west-1.amazonaws.com",
    "execute-api.cn-north-1.amazonaws.com.cn",
    "elb.eu-west-1.amazonaws.com",
    "mine.s3.eu-west-1.amazonaws.com",
    "d111111abcdef8.cloudfront.net",
    "lambda-url.eu-west-1.on.aws",
    *sorted(PUBLIC_SUFFIXES),
]


@pytest.mark.parametrize("host", HOSTS_OF_OTHERS)
def test_a_host_under_which_others_have_theirs_is_refused(intent: Intent, host: str) -> None:
    [(level, path, message)] = found(intent, host)
    assert (level, path) == (Level.ERROR, "restores.page.rp_id")
    assert f"under {host} anybody gets a host" in message


@pytest.mark.parametrize(
    "host", ["intranet", "com", "127.0.0.1", "Approve.example.com", "example..com", "example.com."]
)
def test_what_is_no_host_of_two_labels_is_refused(intent: Intent, host: str) -> None:
    [(level, path, message), *_] = found(intent, host)
    assert (level, path) == (Level.ERROR, "restores.page.rp_id")
    assert message.startswith(f"{host!r} is no host")


NO_ORIGINS = {
    "another host": ("https://example.com", "its host is example.com, and rp_id is approve.example.com"),
    "a host below": ("https://a.approve.example.com", "its host is a.approve.example.com"),
    "without encryption": ("http://approve.example.com", "must begin with https://"),
    "another scheme": ("wss://approve.example.com", "must begin with https://"),
    "a path": ("https://approve.example.com/v1", "must be scheme, host and port alone"),
    "a slash": ("https://approve.example.com/", "must be scheme, host and port alone"),
    "a user": ("https://x@approve.example.com", "must be scheme, host and port alone"),
    "letters as typed": ("https://Approve.example.com", "must be scheme, host and port alone"),
    "the usual port": ("https://approve.example.com:443", "browsers leave the usual port out"),
    "no port": ("https://approve.example.com:x", "is no origin such as https://approve.example.com"),
    "a host alone": ("approve.example.com", "must be scheme, host and port alone"),
    "an address": ("https://127.0.0.1", "its host is 127.0.0.1"),
}


@pytest.mark.parametrize(("origin", "said"), NO_ORIGINS.values(), ids=NO_ORIGINS)
def test_an_origin_that_is_not_of_the_page_is_refused(intent: Intent, origin: str, said: str) -> None:
    [(level, path, message)] = found(intent, "approve.example.com", "https://approve.example.com", origin)
    assert (level, path) == (Level.ERROR, "restores.page.origins[1]")
    assert said in message


def test_a_page_has_an_origin_and_each_once(intent: Intent) -> None:
    restores = ceremony_of(with_restores(intent, page=Page(rp_id="a.example.com", origins=()))).restores
    [none] = find_page_contradictions(restores)
    assert (none.path, none.message) == ("restores.page.origins", "is empty, so nobody could sign anywhere")
    [twice] = found(intent, "a.example.com", "https://a.example.com", "https://a.example.com")
    assert twice == (Level.ERROR, "restores.page.origins", "an origin stands twice")
