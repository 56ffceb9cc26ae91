"""Tables of DynamoDB and of Timestream."""
