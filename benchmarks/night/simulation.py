"""How fast simulated nights are played and judged, on one core, and in how much memory."""

from typing import Final

from benchmarks.measurement import Measurement, NotMeasuredError, below
from benchmarks.night.alone import Taken, peak_megabytes, play_alone
from tests.simulation.trials.nights import play_nights

NIGHTS: Final = 120
SPEED: Final = 25.0
MEMORY: Final = 128.0


def measure_simulation(*, nights: int = NIGHTS) -> tuple[Measurement, ...]:
    """Nights for each second of processor time, and the most memory; of each which is promised."""
    taken = play_alone("simulation", nights)
    speed, peak = taken.pop("speed"), taken.pop("peak_mb")
    return (
        Measurement(
            name="simulation.speed",
            value=speed,
            unit="nights/s",
            detail={"target": f">= {SPEED:g}", "holds": speed >= SPEED} | taken,
        ),
        below("simulation.memory", peak, "MB", limit=MEMORY),
    )


def play_simulation(nights: int) -> Taken:
    """So many nights from the first history on, in which everything must hold."""
    played = play_nights(nights, seed=0)
    if played.wrong:
        raise NotMeasuredError(f"in {len(played.wrong)} histories something does not hold")
    seconds = sum(result.seconds for result in played.results)
    return {"speed": round(played.nights / seconds, 1), "peak_mb": peak_megabytes(), "nights": played.nights}
