"""What was said, by whom, and whether it holds."""
