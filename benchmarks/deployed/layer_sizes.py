"""How large each layer is as the zip that Lambda fetches, and how many files it holds."""

import zipfile
from pathlib import Path
from tempfile import TemporaryFile

from benchmarks.deployed.built_layers import BuiltLayers
from benchmarks.measurement import KILOBYTES, Measurement, compared


def measure_layer_sizes(layers: BuiltLayers) -> tuple[Measurement, ...]:
    """Each layer zipped, as a share of all of them."""
    measured = {name: _files_in(folder) for name, folder in layers.folders.items()}
    zipped = {name: _zipped(layers.folders[name], files) for name, files in measured.items()}
    total = Measurement(
        name="layer_size.total",
        value=_kilobytes(sum(zipped.values())),
        unit=KILOBYTES,
        detail={
            "files": sum(len(files) for files in measured.values()),
            "unzipped_kb": _kilobytes(sum(_size(files) for files in measured.values())),
        },
    )
    shares = (
        compared(
            f"layer_size.{name}",
            _kilobytes(zipped[name]),
            KILOBYTES,
            to=total,
            files=len(files),
            unzipped_kb=_kilobytes(_size(files)),
        )
        for name, files in measured.items()
    )
    return *shares, total


def _files_in(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def _size(files: list[Path]) -> int:
    return sum(path.stat().st_size for path in files)


def _zipped(folder: Path, files: list[Path]) -> int:
    with TemporaryFile() as archive:
        with zipfile.ZipFile(archive, "w", compression=zipfile.ZIP_DEFLATED) as packed:
            for path in files:
                packed.write(path, path.relative_to(folder))
        return archive.tell()


def _kilobytes(count: int) -> float:
    return round(count / 1024, 1)
