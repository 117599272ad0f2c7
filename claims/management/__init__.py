"""Commands of the claims app."""
