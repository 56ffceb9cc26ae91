"""Looking at a live organisation to draft its intent file; nothing is changed."""
