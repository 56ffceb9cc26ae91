"""The identity provider: who somebody is, and whether they are present."""
