"""What was said, by whom, and what the desk found."""

from claims.models.checklist import ChecklistItem, ChecklistTick
from claims.models.claims import Claim, ClaimSpeaker, ExtractionRun
from claims.models.corrections import ArticleReview, Correction
from claims.models.duplicates import Duplicate
from claims.models.erasure import ErasedName, Erasure
from claims.models.evidence import Evidence, EvidenceLink
from claims.models.external import ExternalReview
from claims.models.history import Change
from claims.models.idempotency import StoredAnswer
from claims.models.revisions import Revision
from claims.models.saved_filters import Look, SavedFilter
from claims.models.speaker_facts import BarredName, SpeakerExternalId, SpeakerRole, SpeakerSplit
from claims.models.speakers import Speaker, SpeakerAlias, SpeakerMerge
from claims.models.tags import ClaimTag, Tag
from claims.models.tokens import ApiToken
from claims.models.verification import Note, Rating, Scale, SecondOpinion, Verdict
from claims.models.webhooks import Webhook, WebhookAttempt, WebhookDelivery, WebhookEvent

__all__ = [
    "ApiToken",
    "ArticleReview",
    "BarredName",
    "Change",
    "ChecklistItem",
    "ChecklistTick",
    "Claim",
    "ClaimSpeaker",
    "ClaimTag",
    "Correction",
    "Duplicate",
    "ErasedName",
    "Erasure",
    "Evidence",
    "EvidenceLink",
    "ExternalReview",
    "ExtractionRun",
    "Look",
    "Note",
    "Rating",
    "Revision",
    "SavedFilter",
    "Scale",
    "SecondOpinion",
    "Speaker",
    "SpeakerAlias",
    "SpeakerExternalId",
    "SpeakerMerge",
    "SpeakerRole",
    "SpeakerSplit",
    "StoredAnswer",
    "Tag",
    "Verdict",
    "Webhook",
    "WebhookAttempt",
    "WebhookDelivery",
    "WebhookEvent",
]
