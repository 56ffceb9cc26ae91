"""The tags of a member's resources, read and added through each service's own API: one file per service."""
