"""What whoever decides on a restore is shown of what there was to choose from."""
