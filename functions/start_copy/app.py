"""Start a copy again that did not come about, where that can help."""

from strongroom.runtime.contracts.remediation import CopyInput
from strongroom.runtime.platform import Platform
from strongroom.runtime.steps import each_step
from strongroom.services.copies.remediation.start_copy import StartVerdict, start_copy
from strongroom.wiring.copies.remediating import copy_start


@each_step(CopyInput)
def handler(step: CopyInput, platform: Platform) -> StartVerdict:
    """Read everything again, and start the copy only where nothing speaks against it."""
    return start_copy(step.key, needs=copy_start(platform))
