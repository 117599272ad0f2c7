"""Full-text search: what a reader may write, what both databases are asked, and which words are shown as found."""
