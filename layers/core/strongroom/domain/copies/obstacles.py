"""What stops a copy for good: no other try helps until somebody changes a key or its policy."""

import re
from typing import Final

from strongroom.domain.copies.found import CopyJob

# AWS knowledge center, "Given key ID not accessible", and the texts of EBS and RDS.
_OBSTACLES: Final = (
    (re.compile(r"AWS[ -]managed (CMK|(KMS )?key)", re.IGNORECASE), "cannot: AWS-managed key"),
    (
        re.compile(
            r"key ID is not accessible|KMS key .*(not exist|not enabled|permission|denied|accessible)|\bkms:[A-Z]",
            re.IGNORECASE,
        ),
        "cannot: key policy",
    ),
)


def obstacle_of(job: CopyJob) -> str | None:
    """What stopped a failed copy and would stop the next one as well; None where another try may help."""
    if not job.has_failed or not job.message:
        return None
    return next((obstacle for pattern, obstacle in _OBSTACLES if pattern.search(job.message)), None)
