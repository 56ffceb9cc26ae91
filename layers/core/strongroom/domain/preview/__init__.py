"""What a change of the backup policies would mean before it is made: accounts, resources, money and locks."""
