"""Which ceremonies contradict themselves: its rules and people, and what it asks of tickets."""
