"""Private touches of MiniStack's DynamoDB."""
