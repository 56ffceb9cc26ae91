"""Malware that a scan found in a backup: believed, and told."""
