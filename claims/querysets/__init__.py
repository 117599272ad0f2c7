"""Reads of claims, speakers, evidence and verdicts, in plain English."""

from claims.querysets.claims import ClaimQuerySet
from claims.querysets.evidence import EvidenceQuerySet
from claims.querysets.speakers import SpeakerQuerySet
from claims.querysets.verdicts import VerdictQuerySet

__all__ = ["ClaimQuerySet", "EvidenceQuerySet", "SpeakerQuerySet", "VerdictQuerySet"]
