"""StackSets with service-managed permissions, as CloudFormation runs them over accounts and Regions."""
