"""The sandbox is rolled out as a platform team does it."""

import subprocess
from pathlib import Path

from sandbox.example.deployment import CONFIRMED_DAYS, INTENT, ROOT, keep, vendor_key
from strongroom.domain.intent.destinations import longest_retention
from strongroom_cli.intent.file import load_intent_file


def test_what_is_confirmed_is_what_the_sandboxs_intent_asks_for() -> None:
    intent, _ = load_intent_file(INTENT)
    assert str(longest_retention(intent)) == CONFIRMED_DAYS


def test_another_requirement_is_another_vendor_layer(tmp_path: Path) -> None:
    (tmp_path / "requirements.txt").write_text("attrs==1")
    before = vendor_key(tmp_path)
    (tmp_path / "__pycache__").mkdir()
    assert vendor_key(tmp_path) == before
    (tmp_path / "requirements.txt").write_text("attrs==2")
    assert vendor_key(tmp_path) != before


def test_a_layer_that_was_kept_is_taken_by_the_next_build(tmp_path: Path) -> None:
    built, kept, again = tmp_path / "VendorLayer", tmp_path / "kept" / "key", tmp_path / "again"
    (built / "python").mkdir(parents=True)
    (built / "python" / "attrs.py").write_text("")
    again.mkdir()
    keep(built, kept)
    command = ["make", "build-VendorLayer", f"ARTIFACTS_DIR={again}", f"VENDOR_KEPT={kept}"]
    subprocess.run(command, cwd=ROOT / "layers" / "vendor", check=True, capture_output=True)
    assert [path.relative_to(again) for path in again.rglob("*.py")] == [Path("python/attrs.py")]


def test_a_layer_is_kept_once_and_nothing_else_lies_beside_it(tmp_path: Path) -> None:
    kept = tmp_path / "kept" / "key"
    for content in ("first", "second"):
        built = tmp_path / content
        built.mkdir()
        (built / "content").write_text(content)
        keep(built, kept)
    assert list(kept.parent.iterdir()) == [kept]
    assert (kept / "content").read_text() == "first"
