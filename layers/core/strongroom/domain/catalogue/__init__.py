"""Everything that Strongroom knows about a resource type, one row per type: a file per service, joined in `rows`."""
