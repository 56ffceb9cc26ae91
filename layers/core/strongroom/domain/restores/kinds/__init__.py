"""The kinds of recovery points, as one table of facts: what a restore of each takes, sends and leaves undone."""
