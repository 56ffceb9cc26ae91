"""Values for tests, complete and believable: `a_…` and `an_…` build one, `with_…` and `without` vary it."""
