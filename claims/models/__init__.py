"""What was said, by whom, and what the desk found."""

from claims.models.claims import Claim, ClaimSpeaker, ExtractionRun
from claims.models.corrections import ArticleReview, Correction
from claims.models.erasure import ErasedName, Erasure
from claims.models.external import ExternalReview
from claims.models.history import Change
from claims.models.saved_filters import Look, SavedFilter
from claims.models.speaker_facts import BarredName, SpeakerExternalId, SpeakerRole, SpeakerSplit
from claims.models.speakers import Speaker, SpeakerAlias, SpeakerMerge
from claims.models.tokens import ApiToken
from claims.models.verification import Note, Rating, Scale, Verdict
from claims.models.webhooks import Webhook, WebhookAttempt, WebhookDelivery, WebhookEvent

__all__ = [
    "ApiToken",
    "ArticleReview",
    "BarredName",
    "Change",
    "Claim",
    "ClaimSpeaker",
    "Correction",
    "ErasedName",
    "Erasure",
    "ExternalReview",
    "ExtractionRun",
    "Look",
    "Note",
    "Rating",
    "SavedFilter",
    "Scale",
    "Speaker",
    "SpeakerAlias",
    "SpeakerExternalId",
    "SpeakerMerge",
    "SpeakerRole",
    "SpeakerSplit",
    "Verdict",
    "Webhook",
    "WebhookAttempt",
    "WebhookDelivery",
    "WebhookEvent",
]
