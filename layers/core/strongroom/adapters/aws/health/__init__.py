"""What tells how the control plane is, as an administrator looks at it: its parts, dead letters, logs and archive."""
