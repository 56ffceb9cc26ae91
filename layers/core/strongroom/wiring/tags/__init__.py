"""Tags: seen to at creation, looked at again, put back, and gone through account by account."""
