"""The project: composition only. Apps never import it; it wires them together."""
