"""What restores leave behind for a while, until somebody has looked and found it gone."""
