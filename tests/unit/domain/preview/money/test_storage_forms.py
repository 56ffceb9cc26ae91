"""How backups of a type are stored."""

from strongroom.domain.catalogue.rows import ROWS
from strongroom.domain.preview.money.storage_forms import cold_after
from strongroom.domain.preview.plans import Keep

COLD = Keep(vault="local", is_copy=False, days=200, cold_after=90)
ROW = {row.name: row for row in ROWS}


def test_what_is_not_known_to_be_incremental_is_stored_whole() -> None:
    assert {row.name for row in ROWS if row.is_incremental} == {"EBS", "EC2", "EFS", "RDS", "S3"}
    assert {row.name for row in ROWS if row.is_continuous} == {"Aurora", "RDS", "S3", "SAP HANA on Amazon EC2"}


def test_only_types_with_cold_storage_go_there_and_volumes_only_by_the_archive() -> None:
    archived = Keep(vault="local", is_copy=False, days=200, cold_after=90, is_archived=True)
    assert cold_after(ROW["EFS"], COLD) == 90
    assert cold_after(ROW["RDS"], COLD) is None
    assert cold_after(ROW["EBS"], COLD) is None
    assert cold_after(ROW["EBS"], archived) == 90
