"""The fourteen properties of a history; each line is something that does not hold, and begins with its number."""

from collections import Counter
from collections.abc import Iterator

from tests.simulation.judging.alerts import wrong_alert_of, wrong_alerts
from tests.simulation.judging.backups import wrong_backups
from tests.simulation.judging.cases import Case, cases_of
from tests.simulation.judging.promises import never_promised, wrong_promises
from tests.simulation.nights.history import History


def violations(history: History) -> list[str]:
    """Everything that does not hold; empty for a good history."""
    fallen = (f"3 {line}" for line in history.watcher.fallen)
    return [*fallen, *_of_promises(history), *_of_copies(history), *wrong_backups(history), *wrong_alerts(history)]


def _of_promises(history: History) -> Iterator[str]:
    for case in cases_of(history):
        if isinstance(case, Case):
            yield from wrong_promises(case)
            yield from wrong_alert_of(case)
        else:
            yield from never_promised(case, history)


def _of_copies(history: History) -> Iterator[str]:
    """Property 10: no needless copy, and none that must fail."""
    counts = Counter(started.owed.name for started in history.aws.started)
    yield from (f"10 {name}: copied again {count} times" for name, count in counts.items() if count > 1)
    for started in history.aws.started:
        if started.is_beside_completed:
            yield f"10 {started.owed.name}: copied again beside a copy that came, or may still show itself"
        if started.is_hopeless:
            yield f"10 {started.owed.name}: copied again for what no other try mends"
        if started.owed.resource.is_continuous:
            yield f"10 {started.owed.name}: a continuous backup is not copied on demand"
        if started.is_beside_running:
            yield f"10 {started.owed.name}: copied again while a copy of the resource runs"
        good = sum(each.was_good for each in history.aws.copies_for(started.owed))
        if good > 1:
            yield f"10 {started.owed.name}: {good} good copies"
