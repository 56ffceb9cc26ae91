"""Stand-ins for what cannot run here, each speaking the real wire format."""
