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
    return {each["id"]: frozenset(each["regions"]) for each in json.loads(content)["partitions"]}
