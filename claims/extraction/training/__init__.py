"""Training of the engine's model. Needs `requirements.txt` of this folder; nothing at run time imports it."""
