"""Whether a principal may do what a service does for it: its own policies, those of the resource, and the SCPs."""
