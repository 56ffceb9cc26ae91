"""Which calls read the settings of each kind of resource."""
