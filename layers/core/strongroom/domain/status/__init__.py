"""How well everything is protected, as people are shown it: views that are made of the ledger, and decide nothing."""
