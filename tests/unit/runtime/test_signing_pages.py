"""The pages on which people sign let nothing in but themselves."""

import re
from importlib.resources import files
from importlib.resources.abc import Traversable

import pytest

from strongroom.domain.errors import NotFoundError
from strongroom.runtime.requests import HttpAnswer
from strongroom.runtime.signing_pages import (
    agreement_page,
    approval_page,
    enrolment_page,
    outage_page,
    page_asset,
    review_page,
)

PARTS = "strongroom.runtime.approval_page"
ISSUER = "https://login.example/tenant/v2.0"
PAGES = {
    "approval": approval_page("r-abcdefgh2345", issuer=ISSUER),
    "enrolment": enrolment_page(issuer=ISSUER),
    "agreement": agreement_page(issuer=ISSUER),
    "outage": outage_page(issuer=ISSUER),
    "review": review_page("r-abcdefgh2345", issuer=ISSUER),
}
page = pytest.mark.parametrize("answer", PAGES.values(), ids=PAGES.keys())


def _read(part: Traversable) -> str:
    return part.read_text(encoding="utf-8")


def policy_of(answer: HttpAnswer) -> dict[str, str]:
    parts = (part.strip().partition(" ") for part in answer.headers["Content-Security-Policy"].split(";"))
    return {name: value for name, _, value in parts}


@page
def test_nothing_comes_in_but_what_is_ours(answer: HttpAnswer) -> None:
    assert policy_of(answer) == {
        "default-src": "'none'",
        "script-src": "'self'",
        "connect-src": "'self'",
        "style-src": "'self'",
        "base-uri": "'none'",
        "frame-ancestors": "'none'",
        "require-trusted-types-for": "'script'",
        "form-action": "'self' https://login.example",
    }
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=63072000")
    assert "publickey-credentials-get=(self)" in answer.headers["Permissions-Policy"]


@page
def test_every_page_stands_in_the_one_frame(answer: HttpAnswer) -> None:
    frame = files(PARTS).joinpath("frame.html").read_text(encoding="utf-8")
    before, _, after = frame.partition("{content}")
    assert answer.page.startswith(before.partition("<title>")[0])
    assert before[before.index("</head>") :] in answer.page
    assert answer.page.endswith(after)
    assert re.findall(r"<title>(.*) · Strongroom</title>", answer.page)[0]


def test_no_other_part_has_a_head_of_its_own() -> None:
    headed = [part.name for part in files(PARTS).iterdir() if part.name.endswith(".html") and "<head" in _read(part)]
    assert headed == ["frame.html"]


@page
def test_no_script_and_no_style_stands_in_the_page(answer: HttpAnswer) -> None:
    assert re.findall(r"<script[^>]*>(?!</script>)|<style| style=| on[a-z]+=|javascript:", answer.page) == []


@page
def test_everything_that_a_page_loads_is_given_out(answer: HttpAnswer) -> None:
    loaded = [page_asset(name) for name in re.findall(r'(?:src|href)="[^"#]*/([^"/]+)"', answer.page)]
    assert [asset.media_type.split(";")[0] for asset in loaded] == ["text/css", "text/javascript"]
    assert all(asset.page.strip() for asset in loaded)


def test_every_file_of_the_folder_is_given_out() -> None:
    names = ("page.css", "page.js", "enrol.js", "confirm.js", "agree.js", "outage.js", "review.js", "checklist.js")
    given = "".join(page_asset(name).page for name in names)
    parts = [part for part in files(PARTS).iterdir() if part.name.endswith((".js", ".css"))]
    assert len(parts) > 3
    assert [part.name for part in parts if _read(part) not in given] == []


def test_the_page_of_any_id_holds_no_markup_of_its_sender() -> None:
    answer = approval_page('"><script>alert(1)</script>', issuer=ISSUER)
    assert "alert(1)<" not in answer.page
    assert "%22%3E%3Cscript%3E" in answer.page


@pytest.mark.parametrize(
    "name", ["page.html", "frame.html", "../requests.py", "__init__.py", "", "page.js/", "canonical.js"]
)
def test_nothing_else_is_given_out(name: str) -> None:
    with pytest.raises(NotFoundError, match="nothing is served under this path"):
        page_asset(name)
