"""The price table of a preview: the one that comes along, or a file of its form."""

import json
from importlib import resources
from pathlib import Path

from strongroom.domain.preview.money.prices import PriceTable, PriceTableError, read_prices


def load_prices(file: Path | None) -> PriceTable:
    """The table in the file, or the one of the package; PriceTableError names the file and what is wrong with it."""
    source = file or resources.files("strongroom_cli.rollout").joinpath("prices.json")
    try:
        return read_prices(json.loads(source.read_text(encoding="utf-8")))
    except OSError as error:
        raise PriceTableError(f"{source}: cannot be read: {error.strerror}") from error
    except ValueError as error:  # neither UTF-8 nor JSON
        raise PriceTableError(f"{source}: is no JSON: {error}") from error
    except PriceTableError as error:
        raise PriceTableError(f"{source}: {error}") from error
