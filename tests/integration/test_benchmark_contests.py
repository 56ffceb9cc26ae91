"""The contests of the benchmarks, at the smallest size: what they compare was done, and is the same work."""

from collections.abc import Iterator
from copy import replace
from pathlib import Path

import boto3
import msgspec
import pytest

from benchmarks.aws.stage import AUTHORITIES, aws
from benchmarks.contests.contest import Size, compete
from benchmarks.contests.entrants import Arena, record
from benchmarks.contests.warm_events import measure_first_event, measure_warm_events
from benchmarks.deployed.built_layers import BuiltLayers
from benchmarks.measurement import NotMeasuredError
from benchmarks.workloads.copies import VERIFY_COPY
from benchmarks.workloads.tags import ANSWER_DRIFT, ENFORCE_TAGS
from benchmarks.workloads.workload import Workload
from strongroom.domain.intent.model import Intent
from tests.conftest import ROOT

WARM = Size(runs=1, warming=0, counting=1)
COLD = Size(runs=1, warming=0, counting=0)


@pytest.fixture(scope="module")
def arena(intent: Intent, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Arena]:
    """The layers from their sources: how they are compiled, and whom they trust, changes no call."""
    folder, packages = tmp_path_factory.mktemp("layers"), Path(boto3.__file__).parents[1]
    layers = {name: folder / name for name in ("core", "vendor", "intent")}
    for layer in layers.values():
        layer.mkdir()
    (layers["core"] / "python").symlink_to(ROOT / "layers" / "core")
    (layers["vendor"] / "python").symlink_to(packages)
    (layers["vendor"] / "amazon-roots.pem").symlink_to(AUTHORITIES)
    compiled = layers["intent"] / "python" / "strongroom_intent"
    compiled.mkdir(parents=True)
    (compiled / "__init__.py").write_text("")
    (compiled / "intent.json").write_bytes(msgspec.json.encode(intent))
    with aws(folder / "aws") as stage:
        yield Arena(stage=stage, layers=BuiltLayers(layers), sdk=packages)


@pytest.mark.parametrize(
    ("workload", "calls"),
    [
        (ENFORCE_TAGS["dynamodb"], {"dynamodb:TagResource", "dynamodb:TransactWriteItems"}),
        (ENFORCE_TAGS["ebs"], {"ec2:CreateTags", "events:PutEvents"}),
        (ENFORCE_TAGS["ec2"], {"ec2:CreateTags", "events:PutEvents"}),
        (ENFORCE_TAGS["s3"], {"s3:PutBucketTagging", "events:PutEvents"}),
        (ANSWER_DRIFT["dynamodb"], {"dynamodb:TagResource", "dynamodb:TransactWriteItems"}),
        (ANSWER_DRIFT["ebs"], {"ec2:CreateTags", "events:PutEvents"}),
        (ANSWER_DRIFT["ec2"], {"ec2:CreateTags", "events:PutEvents"}),
        (ANSWER_DRIFT["s3"], {"s3:PutBucketTagging", "events:PutEvents"}),
        (replace(VERIFY_COPY, batch=1), {"backup:DescribeBackupVault", "events:PutEvents"}),
    ],
    ids=lambda each: each.name if isinstance(each, Workload) else "",
)
def test_an_event_is_measured_beside_the_calls_that_it_made_and_they_are_named(
    arena: Arena, workload: Workload, calls: set[str]
) -> None:
    row, bare, counted = measure_warm_events(arena, workloads=[workload], size=WARM)
    assert (row.name, row.ratio_to) == (f"warm.{workload.name}", bare.name)
    assert min(row.value, bare.value) > 0
    assert row.detail["target"] == "<= 1.25"
    assert calls <= set(counted.detail["named"].split())
    assert not counted.is_refuted


def test_the_first_event_is_measured_from_before_the_import(arena: Arena) -> None:
    workload = ENFORCE_TAGS["dynamodb"]
    row, bare = measure_first_event(arena, workload=workload, size=COLD)
    assert (row.name, row.ratio_to) == ("cold.first_event", bare.name)
    later = compete([arena.strongroom(workload)], workload, size=WARM, on=arena)["strongroom"].warm
    assert row.value > later


def test_who_leaves_a_subject_undone_is_not_measured(arena: Arena) -> None:
    workload = ENFORCE_TAGS["dynamodb"]
    idle = replace(
        arena.bare(workload, record(arena, workload)), name="idle", events=lambda scene: [[] for _ in scene.batches]
    )
    with pytest.raises(NotMeasuredError, match=r"idle left 2 of 2 of enforce_tags\.dynamodb undone"):
        compete([idle], workload, size=WARM, on=arena)


def test_a_handler_that_reports_failures_is_not_measured(arena: Arena) -> None:
    workload = ENFORCE_TAGS["rds"]  # its tags are read back at once, and told
    ours = arena.strongroom(workload)
    homeless = replace(ours, variables=lambda scene: {**ours.variables(scene), "STRONGROOM_BUS": "nowhere"})
    with pytest.raises(NotMeasuredError, match="strongroom gave up"):
        compete([homeless], workload, size=COLD, on=arena)
