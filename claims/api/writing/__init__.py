"""Writing through the API: what a write must promise, and the endpoints that only write."""
