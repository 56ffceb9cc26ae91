"""The backup plans of an organisation, read as tiers."""
