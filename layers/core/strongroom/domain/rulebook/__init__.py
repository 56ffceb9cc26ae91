"""The rules of the ceremony as people sign them: a text for each place, all of them together, and how they change."""
