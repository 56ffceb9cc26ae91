"""The chain of records that proves what happened in a ceremony."""
