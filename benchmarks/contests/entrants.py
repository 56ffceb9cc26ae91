"""Who competes: our function, the bare calls that it made, and Cloud Custodian; and the AWS that they do it on."""

import json
import re
import shutil
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from benchmarks.aws.stage import AUTHORITIES, OWN_ACCESS, Stage
from benchmarks.contests.contest import Contender, Scene, check_done, play
from benchmarks.contests.lambda_environment import variables_of
from benchmarks.deployed.built_layers import BuiltLayers
from benchmarks.measurement import ROOT, NotMeasuredError
from benchmarks.workloads.workload import Json, Workload, queued

STRONGROOM: Final = "strongroom"
BARE: Final = "bare"
_RECORDED: Final = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """What our function asked of AWS: in its first batch, and in one of those that found it warm."""

    cold: Json
    cold_tokens: tuple[str, ...]
    warm: Json
    warm_tokens: tuple[str, ...]

    @property
    def calls(self) -> Counter[str]:
        """How often each call was made for the warm batch."""
        return _named(self.warm)

    @property
    def clients(self) -> int:
        """How many clients were made for the warm batch."""
        clients: int = self.warm["clients"]
        return clients

    def replayed(self, scene: Scene) -> list[list[Json]]:
        """The same calls for the subjects of another scene."""
        first, *others = scene.batches
        return [
            _about(self.cold["calls"], self.cold_tokens, first),
            *(_about(self.warm["calls"], self.warm_tokens, batch) for batch in others),
        ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Arena:
    """Where all compete: an AWS, and the layers and the SDK as they were built."""

    stage: Stage
    layers: BuiltLayers
    sdk: Path

    def set_up(self, workload: Workload, batches: int) -> Scene:
        """An AWS with that many batches of subjects, and with all done to them that comes before this workload."""
        parts = self.stage.set_up()
        tokens = tuple(workload.make(self.stage, batches * workload.batch))
        scene = Scene(parts, tuple(tokens[at : at + workload.batch] for at in range(0, len(tokens), workload.batch)))
        if workload.after is not None:
            play(self.strongroom(workload.after), scene)
            check_done(workload.after, self.stage, scene, by=STRONGROOM)
        return scene

    def strongroom(self, workload: Workload) -> Contender:
        """Our own function, with the variables of the template and its layers."""

        def variables(scene: Scene) -> Mapping[str, str]:
            declared = variables_of(workload.function, layers=self.layers, parts=scene.parts)
            # The stage's bundle must hold the stage's authority, too, whichever bundle the template names.
            return declared | OWN_ACCESS | self.stage.environment(authorities=_authorities(declared))

        def events(scene: Scene) -> Sequence[Json]:
            region = self.stage.night.region
            return [
                queued([workload.event(self.stage, token) for token in batch], region=region) for batch in scene.batches
            ]

        return Contender(
            name=STRONGROOM,
            script="strongroom_handler",
            paths=[str(self._deployed(workload.function)), *self.layers.import_paths, str(self.sdk)],
            variables=variables,
            events=events,
        )

    def bare(self, workload: Workload, recording: Recording) -> Contender:
        """The calls of our function and nothing else, with the authorities that our function reads."""
        declared = variables_of(workload.function, layers=self.layers, parts={})
        return Contender(
            name=BARE,
            script="bare_calls",
            paths=[str(self.sdk)],
            variables=lambda _: OWN_ACCESS | self.stage.environment(authorities=_authorities(declared)),
            events=recording.replayed,
        )

    def _deployed(self, function: str) -> Path:
        """A folder with the function's source and no byte-code, as in its deployed zip."""
        folder = self.stage.scratch / "functions" / function
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / "functions" / function / "app.py", folder)
        return folder


def record(arena: Arena, workload: Workload) -> Recording:
    """Watch our function at work; NotMeasuredError where it does not ask the same each time once it is warm."""
    scene = arena.set_up(workload, _RECORDED)
    cold, *warm = play(arena.strongroom(workload), scene, record=True)["events"]
    check_done(workload, arena.stage, scene, by=STRONGROOM)
    if any(_named(each) != _named(warm[-1]) for each in warm):
        raise NotMeasuredError(f"{workload.name} asks AWS for different things each time: {[*map(_named, warm)]}")
    return Recording(cold=cold, cold_tokens=scene.batches[0], warm=warm[-1], warm_tokens=scene.batches[-1])


def _named(seen: Json) -> Counter[str]:
    return Counter(f"{call['service']}:{call['operation']}" for call in seen["calls"])


def _about(calls: Sequence[Json], recorded: Sequence[str], tokens: Sequence[str]) -> list[Json]:
    # Whoever makes the calls borrows a role once, when the first call under it comes.
    kept = json.dumps([call for call in calls if call["operation"] != "AssumeRole"])
    names = dict(zip(recorded, tokens, strict=True))
    told: list[Json] = json.loads(re.sub("|".join(names), lambda found: names[found[0]], kept))
    return told


def _authorities(declared: Mapping[str, str]) -> Path:
    return Path(declared.get("AWS_CA_BUNDLE", AUTHORITIES))
