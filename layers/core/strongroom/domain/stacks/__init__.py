"""What CloudFormation is given beyond the templates: policies with their targets, StackSets, parameters."""
