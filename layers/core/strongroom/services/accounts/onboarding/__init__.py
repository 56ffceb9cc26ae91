"""The steps of the state machine `account_onboarding`: claim an account, look into it, and tell what it lacks."""
