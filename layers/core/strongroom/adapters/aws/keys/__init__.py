"""KMS keys of member accounts."""
