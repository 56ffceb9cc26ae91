"""All bundles of the table, by name."""

from typing import Final

from tests.unit.domain.evidence.forged.following import FOLLOWING
from tests.unit.domain.evidence.forged.happened import HAPPENED
from tests.unit.domain.evidence.forged.honest import HONEST
from tests.unit.domain.evidence.forged.logged import LOGGED
from tests.unit.domain.evidence.forged.opened import OPENED_BY_A_TEAM
from tests.unit.domain.evidence.forged.said import SAID
from tests.unit.domain.evidence.forged.stated import STATED
from tests.unit.domain.evidence.forged.trusted import TRUSTED
from tests.unit.domain.evidence.forged.unreadable import UNREADABLES

FORGED: Final = SAID | TRUSTED | HAPPENED | LOGGED | UNREADABLES
ALL: Final = HONEST | STATED | FOLLOWING | OPENED_BY_A_TEAM | FORGED
