"""The REST API of outlets, and what every list of the service shares: strict values, filters, the read path."""
