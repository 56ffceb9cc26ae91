"""Amazon Redshift, as far as backups need it: clusters, their groups, tags and the snapshots of AWS Backup.

Namespaces of Redshift Serverless are not played. Source: Amazon Redshift API Reference.
"""
