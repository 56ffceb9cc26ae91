"""Every case: bundles beside those of the vectors, each with the exit code that both readers must give."""

from collections.abc import Iterable
from typing import Final

from tests.browser.verifier_page.cases.happening import HAPPENING
from tests.browser.verifier_page.cases.plays import Case
from tests.browser.verifier_page.cases.rules import RULES
from tests.browser.verifier_page.cases.signing import SIGNING
from tests.browser.verifier_page.cases.trust import TRUST
from tests.browser.verifier_page.cases.writing import WRITING
from tests.unit.domain.evidence.forged.following import FOLLOWING
from tests.unit.domain.evidence.forged.opened import OPENED_BY_A_TEAM
from tests.unit.domain.evidence.forged.stated import STATED

_SHARED: Final = [Case(name, each.make, each.code) for name, each in (STATED | FOLLOWING | OPENED_BY_A_TEAM).items()]
CASES: Final[Iterable[Case]] = [*SIGNING, *RULES, *TRUST, *HAPPENING, *WRITING, *_SHARED]
