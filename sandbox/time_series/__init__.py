"""Amazon Timestream for LiveAnalytics, as far as backups need it: databases, their tables, and tags.

Records are not played. Source: Amazon Timestream Developer Guide, "API reference".
"""
