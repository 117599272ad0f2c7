"""The REST API of claims, and of the articles that hold them."""
