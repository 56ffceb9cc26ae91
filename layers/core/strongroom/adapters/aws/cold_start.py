"""What a cold start need not pay for."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def kept_for_good() -> Iterator[None]:
    """Collect no garbage meanwhile, and never look for any in what is there afterwards.

    What an import makes lives as long as the process, and botocore makes so much that looking through it again and
    again costs a cold first event up to a tenth (Python Library Reference, `gc.freeze`).
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
        gc.freeze()
    finally:
        if was_enabled:
            gc.enable()
