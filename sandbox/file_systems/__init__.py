"""Amazon FSx, as far as backups need it: file systems for Windows, of Lustre and of OpenZFS, in accounts and Regions.

Volumes and virtual machines of ONTAP are not played. Source: Amazon FSx API Reference.
"""
