"""Put into the log what lies in the evidence bucket and is not in it yet, and say where it stands."""

from strongroom.runtime.contracts.evidence import LogCall
from strongroom.runtime.platform import Surroundings
from strongroom.runtime.steps import each_call
from strongroom.services.evidence.log_evidence import EvidenceLogged, log_evidence
from strongroom.wiring.evidence import evidence_log


@each_call(LogCall)
def handler(call: LogCall, surroundings: Surroundings) -> EvidenceLogged:
    """Log what is missing of one request and prove all of it; by the clock, whatever is missing."""
    return log_evidence(call.request_id, needs=evidence_log(surroundings), now=surroundings.now())
