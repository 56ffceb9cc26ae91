"""Findings as people and machines read them: as text, as JSON, as SARIF, as commands of a GitHub workflow."""
