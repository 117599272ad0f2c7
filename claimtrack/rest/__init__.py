"""The REST policy of the whole project: how requests are read, checked, limited, paged, answered and documented.

The framework's settings name these classes by string; apps declare what they offer on plain views and never import
from here. So one place decides what an error looks like, which parameters are known and what a token may do.
"""
