"""What AWS Step Functions refuses before it runs anything."""
