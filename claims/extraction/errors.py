"""Errors of the extraction engine."""


class ExtractionError(Exception):
    """The engine cannot work: a model file is missing, damaged or of another version.

    No text makes the engine raise; only a broken installation does.
    """
