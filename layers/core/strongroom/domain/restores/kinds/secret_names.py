"""Names behind which secrets lie, whoever gives them: what has one is neither signed nor shown."""

import re
from typing import Final

from strongroom.domain.restores.kinds.anywhere import folded_name

# Patterns of folded names.
SECRET_PARTS: Final = (
    *("passw", "passphrase", "pass$", "pwd", "secret", "credential", "token"),
    *("apikey", "accesskey", "privatekey"),
)
# What such a name may say all the same: that there is a secret, or none.
FLAGS: Final = ("true", "false")
_SECRET: Final = re.compile("|".join(SECRET_PARTS))


def tells_secret(name: str, value: str) -> bool:
    """Whether that value is taken for a secret, by the name that it has."""
    return _SECRET.search(folded_name(name)) is not None and value not in FLAGS
