"""One history: some nights of trouble and some of calm, with our functions, AWS's answers and everything between."""

from collections.abc import Callable, Collection, Mapping
from copy import replace
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property, partial
from typing import Final

from strongroom.adapters.ledger.accounts.book import LedgerAccounts
from strongroom.adapters.ledger.copies.promises import LedgerPromises
from strongroom.adapters.ledger.copies.protection import LedgerExpectedBackups
from strongroom.adapters.ledger.telling.alerts import LedgerAlerts
from strongroom.domain.accounts.membership import AccountState, AccountVerdict
from strongroom.domain.copies.expected.backups import BackupKey, ExpectedBackup
from strongroom.domain.copies.promises import Promise
from strongroom.domain.copies.transitions import is_sampled
from strongroom.domain.intent.model import Intent
from strongroom.services.alerts.post_alert import AlertPostNeeds
from strongroom.services.copies.expect_backups import await_backups
from strongroom.services.copies.reconcile_jobs import ReconciliationNeeds, reconcile_jobs
from strongroom.services.copies.sweep_overdue_copies import OverdueSweepNeeds, sweep_overdue_copies
from tests.simulation.nights.aws import SimulatedBackup
from tests.simulation.nights.chance import Chance
from tests.simulation.nights.clock import DAY, HOUR, MINUTE, Clock
from tests.simulation.nights.delivery import TICK, Delivery, delivery_of
from tests.simulation.nights.faults import Family, family_of, is_ours, set_rates
from tests.simulation.nights.functions import Functions
from tests.simulation.nights.ledger import SimulatedTable
from tests.simulation.nights.needs import needs_of, post_needs_of, sweep_needs_of
from tests.simulation.nights.people import People, Slack
from tests.simulation.nights.queues import Queue
from tests.simulation.nights.reached import Watcher
from tests.simulation.nights.truth import LAYERED, SEVERAL, TIERS, Owed, Resource, layered_tier, resources_of

TROUBLED: Final = 3
CALM: Final = 2
LONG_CALM: Final = 8
# Of so many resources one is still to be backed up when the last night is over, and is not.
LEFT_ONE_IN: Final = 7
# In so many histories one resource has several rules.
_HAVE_SEVERAL: Final = 0.25
# In so many deadlines are learnt from how long copies take, up to this.
_LEARN: Final = 0.25
_LEARNT_AT_MOST: Final = timedelta(hours=12)
# How often there is a sweep whatever is due, and how far the clock of one may be ahead.
_SURE_SWEEP: Final = 6 * HOUR
_SOON: Final = 2 * MINUTE


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """How a history departs from chance.

    Faults in `without` do not happen, those in `forced` do; `planned` strike at the effects of those numbers. With
    `resources` only so many are backed up, for so many `nights`; we are `away` from and to those moments, and people
    have `quiet_hours`. In one that `learns` deadlines are learnt from how long copies take; one that `is_quiet` skips
    looks for nothing.
    """

    without: Collection[str] = ()
    forced: Collection[str] = ()
    planned: Mapping[int, str] = field(default_factory=dict)
    resources: tuple[str, ...] = ()
    nights: int | None = None
    days: int = 2
    away: tuple[tuple[int, int], ...] = ()
    quiet_hours: str | None = None
    learns: bool = False
    is_quiet: bool = False
    is_logged: bool = False


@dataclass
class History:
    """Everything of one history, for whoever judges it; what is asked of its faults counts once it is over."""

    seed: int
    family: Family
    intent: Intent
    chance: Chance
    clock: Clock
    aws: SimulatedBackup
    functions: Functions
    table: SimulatedTable
    people: People
    slack: Slack
    delivery: Delivery
    watcher: Watcher
    nights: int
    firing: int
    ends: int

    @property
    def promises(self) -> LedgerPromises:
        """The promises, read from outside of the world."""
        return LedgerPromises(self.table)

    @property
    def alerts(self) -> LedgerAlerts:
        """The alerts, read from outside of the world."""
        return LedgerAlerts(self.table)

    @cached_property
    def is_strict(self) -> bool:
        """Whether bounds in time hold, as no fault of our side happened."""
        functions = self.functions
        return not (any(map(is_ours, self.chance.fired)) or functions.planned or functions.away)

    @cached_property
    def kinds(self) -> frozenset[str]:
        """Which kinds of faults happened."""
        return frozenset(fault.partition("|")[0] for fault in self.chance.fired)

    @cached_property
    def outcomes(self) -> dict[str, Promise | None]:
        """The promise that stands for each thing that is owed, by its name."""
        return {name: self.promise(owed) for name, owed in self.aws.owed.items()}

    @property
    def could_be_asked(self) -> bool:
        """Whether every account answered at any time."""
        return self.kinds.isdisjoint({"poison", "refused", "throttled"})

    def expected(self, resource: Resource) -> ExpectedBackup | None:
        """What is expected of the resource's rule."""
        key = BackupKey(resource.arn, resource.tier, resource.rule.name, resource.account)
        return LedgerExpectedBackups(self.table).find(key)

    def promise(self, owed: Owed) -> Promise | None:
        """The promise that stands for what is owed."""
        if not owed.resource.is_continuous:
            return self.promises.get(owed.recovery_point, owed.destination)
        nights = self.promises.nights(owed.recovery_point, owed.destination)
        return next((promise for promise in nights if promise.night == owed.backup), None)


def play(
    intent: Intent, seed: int, script: Script | None = None, *, spoil: Callable[[History], None] | None = None
) -> History:
    """The history with this number, played to its end; `spoil` may break something of the world before it begins."""
    script = script or Script()
    history = _a_history(intent, seed, script)
    if spoil is not None:
        spoil(history)
    _schedule(history, script)
    history.clock.run(history.ends)
    history.functions.end()
    history.clock.end()
    return history


def nights_of(family: Family) -> int:
    """How many nights a history has."""
    return TROUBLED + (LONG_CALM if family is Family.AWAY else CALM)


def _a_history(intent: Intent, seed: int, script: Script) -> History:
    chance, clock = Chance(seed, without=script.without, forced=script.forced), Clock()
    family = Family.OURS if script.nights else family_of(seed)
    if script.nights is None:
        set_rates(chance, family)
    nights, firing = script.nights or nights_of(family), chance.choose("fires at", 2, 21, 23)
    intent = replace(_fires_at(intent, firing), alerts=replace(intent.alerts, quiet_hours=script.quiet_hours))
    if SEVERAL in script.resources or (script.nights is None and chance.draw("several rules") < _HAVE_SEVERAL):
        several = layered_tier(intent.tiers[TIERS[0]], firing)
        intent = replace(intent, tiers={**intent.tiers, LAYERED: several})
    if script.learns or (script.nights is None and chance.draw("deadlines are learnt") < _LEARN):
        intent = replace(intent, deadlines=replace(intent.deadlines, copy_verified_at_most=_LEARNT_AT_MOST))
    functions = Functions(chance, clock, away=script.away + _outages(chance, family), planned=script.planned)
    functions.log = [] if script.is_logged else None
    aws, table = SimulatedBackup(chance, clock, intent, _resources(intent, script)), SimulatedTable(functions)
    delivery = delivery_of(chance, clock, aws, partial(Queue, functions=functions))
    return History(
        seed=seed,
        family=family,
        intent=intent,
        chance=chance,
        clock=clock,
        aws=aws,
        functions=functions,
        table=table,
        people=People(functions),
        slack=Slack(functions),
        delivery=delivery,
        watcher=Watcher(clock, functions.reached),
        nights=nights,
        firing=firing * HOUR,
        ends=(nights + script.days) * DAY + 4 * MINUTE,
    )


def _fires_at(intent: Intent, hour: int) -> Intent:
    """The intent, with all its daily tiers at this hour."""
    daily = {name: replace(tier, schedule=f"daily {hour:02}:00") for name, tier in intent.tiers.items()}
    return replace(intent, tiers={**intent.tiers, **{name: daily[name] for name in TIERS}})


def _resources(intent: Intent, script: Script) -> tuple[Resource, ...]:
    every = resources_of(intent)
    return tuple(each for each in every if each.thing in script.resources) if script.resources else every


def _outages(chance: Chance, family: Family) -> tuple[tuple[int, int], ...]:
    found = []
    for night in range(TROUBLED):
        if chance.happens("outage", str(night)):
            begins = night * DAY + chance.between(f"outage from {night}", 0, 20 * HOUR)
            found.append((begins, begins + chance.between(f"outage for {night}", HOUR, 10 * HOUR)))
    if chance.happens("outage-days", "history"):
        begins = chance.between("away from", 0, 2 * DAY)
        longest = 156 * HOUR if family is Family.AWAY else 36 * HOUR
        found.append((begins, begins + chance.between("away for", 12 * HOUR, longest)))
    return tuple(found)


def _schedule(history: History, script: Script) -> None:
    clock = history.clock
    needs, post = needs_of(history), post_needs_of(history)
    history.table.watch = history.watcher.notice
    history.aws.is_sampled = partial(_is_sampled, history)
    history.aws.hear = partial(history.delivery.hear, needs=needs)
    history.people.ring = partial(history.delivery.ring, needs=post)
    _schedule_backups(history)
    sweep = partial(_sweep, history, sweep_needs_of(history, needs))
    reconcile = partial(_reconcile, history, needs)
    is_quiet = script.is_quiet
    is_needless = partial(_is_needless, history, is_quiet=is_quiet)
    clock.each(TICK, sweep, first=TICK, until=history.ends, unless=is_needless)
    read = partial(_reconcile_if_new, history, reconcile) if is_quiet else reconcile
    clock.each(HOUR, read, first=HOUR + 7 * MINUTE, until=history.ends)
    for night in range(TROUBLED):
        clock.at(night * DAY + 12 * HOUR, partial(_forge_alerts, history, post, night))
    history.functions.on_pause = partial(_everybody, history, needs, sweep, reconcile)


def _schedule_backups(history: History) -> None:
    """Of most resources we hear when they are made; some go on the way, and at last all but a few."""
    clock, chance = history.clock, history.chance
    for resource in {each.arn: each for each in history.aws.resources}.values():
        if not chance.happens("unknown", resource.thing):
            _await(history, resource)
    for night in range(history.nights):
        clock.at(night * DAY + history.firing, partial(_fire, history, night))
        clock.at(night * DAY + history.firing - HOUR, partial(_leave_some, history, night))
    for resource in history.aws.resources:
        if resource.tier == LAYERED:
            _schedule_rule(history, resource)
    clock.at(history.nights * DAY, partial(_leave_all, history))


def _schedule_rule(history: History, resource: Resource) -> None:
    for night in range(history.nights):
        at = resource.fires(night, history.firing)
        if resource.is_overtaken(night):
            history.functions.reached["a rule gave way to one that keeps longer"] += 1
        if at is not None:
            history.clock.at(at, partial(history.aws.run, resource, night))


def _await(history: History, resource: Resource) -> None:
    await_backups(
        resource.arn,
        tier=resource.tier,
        account=resource.account,
        region=history.aws.region,
        intent=history.intent,
        expected=LedgerExpectedBackups(history.table),
        now=history.clock.now,
    )


def _leave_some(history: History, night: int) -> None:
    chance = history.chance
    for resource in history.aws.resources:
        if chance.happens("resource-gone", f"{resource.name}/{night}"):
            history.aws.leave(resource)
    for account in sorted({resource.account for resource in history.aws.resources}):
        if not chance.happens("account-gone", f"{account}/{night}"):
            continue
        verdict = AccountVerdict(
            account=account, state=AccountState.NOT_GOVERNED, reason="it was moved", units=("r-x",)
        )
        LedgerAccounts(history.table).record(verdict, not_ready_since=None, now=history.clock.now)
        for resource in history.aws.resources:
            if resource.account == account:
                history.aws.leave(resource, is_tagged=True)


def _leave_all(history: History) -> None:
    for resource in history.aws.resources:
        if resource.number % LEFT_ONE_IN:
            history.aws.leave(resource)


def _fire(history: History, night: int) -> None:
    if night == TROUBLED:
        history.chance.calm()
    history.aws.fire(night)


def _is_sampled(history: History, owed: Owed) -> bool:
    promise = history.promise(owed)
    return promise is not None and is_sampled(promise)


def _sweep(history: History, needs: OverdueSweepNeeds) -> None:
    if not history.functions.is_away():
        name = f"sweep {history.clock.ms}"
        history.functions.invoke(name, lambda now: sweep_overdue_copies(needs=needs, now=now))


def _is_needless(history: History, ms: int, *, is_quiet: bool) -> bool:
    """A sweep that finds nothing due only reads: it is left out but for some, as there are very many of those."""
    return not history.table.has_due(ms + _SOON) and (is_quiet or ms % _SURE_SWEEP != 0)


def _reconcile_if_new(history: History, reconcile: Callable[[], None]) -> None:
    ended, now = history.aws.ended, history.clock.now
    is_new_week = now.weekday() == 0 and now.hour < 3
    if is_new_week or (ended and history.clock.ms - ended[-1][0] < 3 * HOUR):
        reconcile()


def _reconcile(history: History, needs: ReconciliationNeeds) -> None:
    functions = history.functions
    if functions.is_away():
        return
    regions = (history.aws.region,)
    functions.invoke(
        f"reconcile {history.clock.ms}",
        lambda now: reconcile_jobs(needs=needs, regions=regions, now=now, clock=functions.now),
    )


def _forge_alerts(history: History, needs: AlertPostNeeds, night: int) -> None:
    """Somebody who can write to our bus rings for alerts about which nothing is new, and for one that is none."""
    for fingerprint in sorted({mail.alert.fingerprint for mail in history.people.mails} | {"f" * 32}):
        if history.chance.happens("forged-alert", f"{fingerprint} {night}"):
            history.delivery.ring(fingerprint, needs=needs)


def _everybody(
    history: History, needs: ReconciliationNeeds, sweep: Callable[[], None], reconcile: Callable[[], None]
) -> None:
    """While one function is paused AWS ends what runs, and every other function does all its work."""
    history.clock.after(500, history.aws.hurry)
    history.clock.after(1_000, partial(history.delivery.again, needs=needs))
    history.clock.after(2_000, sweep)
    history.clock.after(3_000, reconcile)
