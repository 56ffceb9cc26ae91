"""Slack: its Web API, its signatures, and the messages that people see there."""
