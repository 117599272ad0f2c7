"""Bodies for the API's description: what one really sends, checked by a test that sends each of them.

By operation. Ids are those of a desk that begins with its first claim.
"""

from typing import Any

EXAMPLES: dict[str, dict[str, Any]] = {
    "articles_create": {
        "text": "Mayor Ana Duarte said on Monday that the bridge would open in May.",
        "headline": "Bridge to open in May",
        "source": "Valley Post",
        "url": "https://valley.example/bridge",
        "published_on": "2026-03-02",
    },
    "notes_create": {"claim": 1, "kind": "question", "text": "Is the budget public?", "is_public": False},
    "notes_partial_update": {"text": "Is the budget of 2026 public?"},
    "verdicts_create": {"claim": 1, "rating": "half-true", "summary": "To buses only.", "state": "proposed"},
    "verdicts_partial_update": {"state": "published"},
    "opinions_create": {"verdict": 1, "rating": "false", "comment": "The bridge is shut."},
    "opinions_partial_update": {"decision": "agrees"},
    "claims_partial_update": {"review_status": "in_review", "reason": "The mayor repeats it."},
    "extract": {"text": "Bela Kos said the strike was over."},
    "claimreview_import": {
        "@type": "ClaimReview",
        "url": "https://check.example/7",
        "claimReviewed": "The bridge is closed",
        "reviewRating": {"alternateName": "Wrong"},
    },
    "webhooks_create": {
        "name": "Archive",
        "endpoint": "https://archive.example/hook",
        "events": ["verdict.published", "verdict.changed"],
        "filters": "speaker=ana-duarte",
    },
    "webhooks_partial_update": {"is_active": False},
}
