"""How the control plane is: what it could not handle, and what it should be told again."""
