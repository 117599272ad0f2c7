"""Reads of claims and speakers, in plain English."""

from claims.querysets.claims import ClaimQuerySet
from claims.querysets.speakers import SpeakerQuerySet

__all__ = ["ClaimQuerySet", "SpeakerQuerySet"]
