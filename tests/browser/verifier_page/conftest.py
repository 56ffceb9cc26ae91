"""The page as the command writes it, in the one browser of all pages."""

from collections.abc import Iterator

import pytest

from strongroom_cli.main import main
from tests.browser.chromium import PROGRAM, Chromium
from tests.browser.verifier_page.verifier import Verifier

collect_ignore_glob = [] if PROGRAM else ["test_*.py"]


@pytest.fixture(scope="session")
def verifier(browser: Chromium, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Verifier]:
    """The page, as wide as a telephone."""
    folder = tmp_path_factory.mktemp("verifier")
    file = folder / "page.html"
    assert main(["evidence", "page", "--output", str(file)]) == 0
    opened = browser.page(width=390, height=844)
    verifier = Verifier(opened, file, folder)
    verifier.open()
    yield verifier
    opened.close()


@pytest.fixture
def page(verifier: Verifier) -> Verifier:
    """The page, opened anew, with nothing heard of it yet."""
    verifier.page.heard.clear()
    verifier.open()
    return verifier
