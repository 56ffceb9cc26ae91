"""Jira: REST API v3 and a page to click on."""
