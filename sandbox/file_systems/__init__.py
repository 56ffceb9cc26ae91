"""Amazon FSx, as far as backups need it: file systems of all four kinds, and volumes of ONTAP, in accounts and Regions.

Source: Amazon FSx API Reference.
"""
