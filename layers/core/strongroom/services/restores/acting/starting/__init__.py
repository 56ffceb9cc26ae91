"""Starting what was approved: what is looked at before, what may be begun already, and whose vault is opened."""
