"""How backups of a type are stored."""

from strongroom.domain.catalogue.rows import ROWS, names_of
from strongroom.domain.preview.money.storage_forms import CONTINUOUS, INCREMENTAL, cold_after
from strongroom.domain.preview.plans import Keep

COLD = Keep(vault="local", is_copy=False, days=200, cold_after=90)
ROW = {row.name: row for row in ROWS}


def test_the_tables_name_types_of_the_catalogue() -> None:
    assert set(names_of(ROWS)) >= INCREMENTAL | CONTINUOUS


def test_only_types_with_cold_storage_go_there_and_volumes_only_by_the_archive() -> None:
    archived = Keep(vault="local", is_copy=False, days=200, cold_after=90, is_archived=True)
    assert cold_after(ROW["EFS"], COLD) == 90
    assert cold_after(ROW["RDS"], COLD) is None
    assert cold_after(ROW["EBS"], COLD) is None
    assert cold_after(ROW["EBS"], archived) == 90
