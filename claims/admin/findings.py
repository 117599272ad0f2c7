"""The desk's finding on a claim as a list shows it: one word, read with the row itself.

The published verdict goes before a proposal, and a proposal before a draft. What is sealed from an editor until they
have given their own rating is shown as "proposed" and nothing more.
"""

from types import SimpleNamespace
from typing import Any

from django.db.models import Case, Exists, OuterRef, Subquery, Value, When
from django.db.models.functions import JSONObject
from django.utils.html import format_html
from django.utils.safestring import SafeString

from claims.admin.rendering import badge, rating_badge
from claims.models import Claim, Verdict

SHOWN_FIRST = (Verdict.State.PUBLISHED, Verdict.State.PROPOSED, Verdict.State.DRAFT)


def newest_finding(user: Any) -> Subquery:
    """State, label, colour, and whether it is sealed from this user; a subquery, for the rows of a page only."""
    sealed = Verdict.objects.sealed_from(user).filter(pk=OuterRef("pk"))
    place = Case(*(When(state=state, then=Value(number)) for number, state in enumerate(SHOWN_FIRST)))
    shown = Verdict.objects.filter(claim=OuterRef("pk"), state__in=SHOWN_FIRST).order_by(place, "-pk")
    columns = JSONObject(state="state", label="rating__label", colour="rating__colour", sealed=Exists(sealed))
    return Subquery(shown.values(found=columns)[:1])


def finding_badge(claim: Claim) -> SafeString | str:
    """The finding of a row that was read with `newest_finding`."""
    found = claim.found  # type: ignore[attr-defined]
    if not found:
        return ""
    if found["sealed"]:
        return badge(found["state"], "unpublished")
    rating: Any = SimpleNamespace(label=found["label"], colour=found["colour"])
    return rating_badge(rating, found["state"])


def finding_words(claim: Claim) -> str:
    """The same in words, for a file."""
    found = claim.found  # type: ignore[attr-defined]
    if not found:
        return ""
    return found["state"] if found["sealed"] else f"{found['label']} ({found['state']})"


def tag_badge(tag: Any) -> SafeString:
    """A tag with its colour."""
    return format_html(
        '<span class="ct-badge ct-tag"><svg class="ct-swatch" viewBox="0 0 10 10" aria-hidden="true">'
        '<circle cx="5" cy="5" r="5" fill="{}"/></svg>{}</span>',
        tag.colour,
        tag.name,
    )
