"""CloudFormation: stacks and StackSets, read and deployed."""
