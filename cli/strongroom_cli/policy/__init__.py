"""`strongroom policy`: merge, lint and attack backup policies, ours or a stranger's."""
