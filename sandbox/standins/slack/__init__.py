"""Slack: Web API, signed interactions, and a page to click on."""
