"""All writes: one verb each, keyword arguments, one transaction. API, admin and commands go through here alone."""
