"""The Regions that the SDK knows: its own table, which comes with every release of it."""

import json
import pkgutil
from functools import cache

from strongroom.domain.errors import ConfigurationMissingError


@cache
def known_partitions() -> dict[str, frozenset[str]]:
    """The Regions of each partition by its name, as botocore's `partitions.json` lists them."""
    content = pkgutil.get_data("botocore", "data/partitions.json")
    if content is None:
        raise ConfigurationMissingError("botocore does not bring its table of Regions")
    # `aws-global` and the like stand for no Region there, but for services that have none.
    return {
        each["id"]: frozenset(region for region in each["regions"] if not region.endswith("-global"))
        for each in json.loads(content)["partitions"]
    }
