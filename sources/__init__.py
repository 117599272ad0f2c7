"""Where text comes from: outlets, their articles, and the parsing of raw bytes."""
