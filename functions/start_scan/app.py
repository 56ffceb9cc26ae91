"""Have a backup scanned for malware before it is restored."""

from strongroom.runtime.contracts.http import ScanBody
from strongroom.runtime.logs import log_decision
from strongroom.runtime.platform import Platform
from strongroom.runtime.requests import HttpAnswer, HttpRequest
from strongroom.runtime.routes import Routes
from strongroom.services.restores.asking.start_scan import start_scan
from strongroom.wiring.people import subject_of
from strongroom.wiring.restores.finding import scan_start


def scan(request: HttpRequest, platform: Platform) -> HttpAnswer:
    """Start the scan for anybody who is known, and answer 202 with its job."""
    asker, wish = subject_of(request.bearer, platform), request.read(ScanBody).wish
    started = start_scan(wish, asker=asker, needs=scan_start(platform), now=platform.now())
    log_decision(started, correlation=started.job)
    return HttpAnswer(status=202, content=started)


handler = Routes({("POST", "/scans"): scan})
