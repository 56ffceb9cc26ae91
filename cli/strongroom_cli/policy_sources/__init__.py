"""Where backup policies are kept: bare files, answers of Organizations, Terraform plans, CloudFormation templates."""
