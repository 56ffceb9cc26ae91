"""Databases have contents that snapshots really hold."""

from collections.abc import Iterator

import pytest

from sandbox.example.disks import DiskError, Disks


@pytest.fixture
def disks() -> Iterator[Disks]:
    built = Disks()
    yield built
    built.close()


def test_an_image_holds_the_moment_it_was_taken(disks: Disks) -> None:
    disks.execute("a", "create table t (x)")
    disks.execute("a", "insert into t values (1)")
    image = disks.image("a")
    disks.execute("a", "delete from t")
    disks.mount("b", image)
    assert disks.execute("b", "select x from t") == {"columns": ["x"], "rows": [[1]], "changed": 0}
    assert disks.execute("a", "select x from t")["rows"] == []


def test_the_image_of_an_untouched_database_mounts_as_an_empty_one(disks: Disks) -> None:
    disks.execute("b", "create table t (x)")
    disks.mount("b", disks.image("a"))
    assert disks.execute("b", "select name from sqlite_master")["rows"] == []


def test_a_wrong_statement_is_told(disks: Disks) -> None:
    with pytest.raises(DiskError, match="no such table"):
        disks.execute("a", "select * from nowhere")
