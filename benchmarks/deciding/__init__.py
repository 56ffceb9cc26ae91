"""What the pure parts cost: verdicts, policies, and the compiled intent."""
