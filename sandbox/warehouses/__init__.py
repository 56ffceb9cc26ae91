"""Amazon Redshift and Redshift Serverless, as far as backups need them: what is made, and AWS Backup's snapshots.

Sources: Amazon Redshift API Reference and Amazon Redshift Serverless API Reference.
"""
