"""A file with all metadata of a restore by hand: read letter by letter, or not at all."""

from pathlib import Path

import pytest

from strongroom.domain.errors import MalformedRequestError
from strongroom_cli.restores.files.written_metadata import read_written


def test_what_is_written_is_what_is_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "raw.json"
    path.write_text('{"VMName": "orders ", "Disks": "[ {\\"a\\": 1} ]"}', encoding="utf-8")
    assert read_written(path) == {"VMName": "orders ", "Disks": '[ {"a": 1} ]'}


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b'{"VMName": "a", "VMName": "b"}', id="a key twice"),
        pytest.param(b'{"VMName": "a", "vmname": "b"}', id="a key twice in other letters"),
        pytest.param(b'{"Count": 1}', id="a number"),
        pytest.param(b'{"Flag": true}', id="a flag"),
        pytest.param(b'{"Disks": [{"a": 1}]}', id="a list"),
        pytest.param(b'["VMName"]', id="no mapping"),
        pytest.param(b'{"VMName": "a"', id="half of it"),
        pytest.param(b'{"VMName": "\xff"}', id="no text"),
        pytest.param(b"[" * 5000, id="without end"),
        pytest.param(b"", id="nothing"),
    ],
)
def test_what_not_everybody_reads_alike_is_refused(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "raw.json"
    path.write_bytes(content)
    with pytest.raises(MalformedRequestError, match=r"raw\.json"):
        read_written(path)
