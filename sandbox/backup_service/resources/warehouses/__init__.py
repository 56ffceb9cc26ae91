"""Clusters of Redshift and namespaces of Redshift Serverless."""
