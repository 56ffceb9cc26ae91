"""Names that AWS Step Functions takes (API Reference, StartExecution, `name`)."""

import re
from typing import Final

_NAME: Final = re.compile(r"""[^\s<>{}\[\]?*"#%\\^|~`$&,;:/\x00-\x1f\x7f-\x9f]{1,80}""")


def is_name(text: str) -> bool:
    """Whether an execution may be called that."""
    return _NAME.fullmatch(text) is not None
