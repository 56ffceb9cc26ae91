"""The one decision over what a restore sends: from what is asked, told and allowed to metadata, risks and refusals."""
