"""Strongroom: the control plane for organisation-wide AWS Backup."""
