"""What is measured, and how: one command each, one JSON line each."""
