"""What runs in a process of its own: each file is loaded by `probe.py`, sees its own packages, and nothing of ours."""
