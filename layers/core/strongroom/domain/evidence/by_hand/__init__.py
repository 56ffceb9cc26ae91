"""What a bundle shows of the steps that people took by hand."""
