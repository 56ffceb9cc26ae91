"""Find out what stops a copy, and tell what to change, where, and in whose account."""

from strongroom.runtime.contracts.remediation import DiagnosisInput
from strongroom.runtime.platform import Platform
from strongroom.runtime.steps import each_step
from strongroom.services.copies.remediation.diagnose_copy import DiagnosisVerdict, LastTry, diagnose_copy
from strongroom.wiring.copies.remediating import copy_diagnosis


@each_step(DiagnosisInput)
def handler(step: DiagnosisInput, platform: Platform) -> DiagnosisVerdict:
    """Diagnose the copy; nothing is started and nothing is changed but what is known of it."""
    last_try = LastTry(error=step.error, words=step.words)
    return diagnose_copy(step.key, last_try=last_try, needs=copy_diagnosis(platform), now=platform.now())
