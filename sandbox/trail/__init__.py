"""CloudTrail as events, and the forwarders between buses."""
