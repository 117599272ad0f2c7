"""The claim's page: the article with the claim in its place, what the engine found, and the desk's work on it.

One request shows or saves it. The page must stay under 15 queries for an article with many claims, so everything about
the neighbours is one query of a few columns.
"""

from collections.abc import Iterable
from functools import cached_property
from typing import TYPE_CHECKING

from django.contrib import messages
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse

from claims.admin.desk import Desk
from claims.admin.highlight import Span, cut_paragraphs
from claims.admin.ledger import entries
from claims.admin.queue import list_address, next_address
from claims.admin.rendering import marked_text
from claims.errors import ClaimError, Conflict, NotAllowed
from claims.models import Claim, ClaimSpeaker, Note, Verdict

if TYPE_CHECKING:
    from claims.admin.claims import ClaimAdmin

MOST_CHANGES = 100
SAME_SPEAKER = 8
_STATUS = {NotAllowed: 403, Conflict: 409}


class ClaimPage:
    """One request for one claim's page."""

    def __init__(self, model_admin: "ClaimAdmin", request: HttpRequest, claim: Claim) -> None:
        self.model_admin, self.request, self.claim = model_admin, request, claim
        self.error = ""

    @cached_property
    def notes(self) -> list[Note]:
        """Oldest first."""
        return list(self.claim.notes.select_related("author"))

    @cached_property
    def verdicts(self) -> list[Verdict]:
        """Newest first."""
        return list(self.claim.verdicts.select_related("rating", "author", "reviewer"))

    @cached_property
    def desk(self) -> Desk:
        """The forms, filled with what the browser sent."""
        data = self.request.POST if self.request.method == "POST" else None
        return Desk(self.claim, self.request.user, notes=self.notes, verdicts=self.verdicts, data=data)

    @cached_property
    def neighbours(self) -> list[Claim]:
        """The article's other claims, in the order of the text."""
        rows = self.claim.article.claims.current().exclude(pk=self.claim.pk).order_by("start", "depth", "pk")
        links = ClaimSpeaker.objects.select_related("speaker").only("claim_id", "words", "speaker__name", "position")
        return list(
            rows.only("article", "text", "spans", "act", "depth", "review_status").prefetch_related(
                Prefetch("links", links)
            )
        )

    def response(self) -> HttpResponse:
        """Saves, where the browser sent something, and goes on; else shows the page."""
        if self.request.method != "POST":
            return self._page()
        if not self.desk.is_valid():
            self.error = "Nothing was saved: please correct what is marked below."
            return self._page()
        try:
            done = self.desk.store()
        except ClaimError as error:
            self.error = error.message
            return self._page(next((code for kind, code in _STATUS.items() if isinstance(error, kind)), 200))
        if done:
            line = "; ".join(done)
            self.model_admin.log_change(self.request, self.claim, line)
            messages.success(self.request, f"Saved: {line}.")
        else:
            messages.info(self.request, "Nothing was changed, so nothing was saved.")
        return HttpResponseRedirect(self._onward())

    def _onward(self) -> str:
        if "_next" in self.request.POST:
            return next_address(self.model_admin, self.request, self.claim)
        return self.request.get_full_path()

    def _page(self, status: int = 200) -> HttpResponse:
        claim, admin_site, user = self.claim, self.model_admin.admin_site, self.request.user
        changes = claim.changes.select_related("actor").order_by("-id")[:MOST_CHANGES]
        kept = self.model_admin.get_preserved_filters(self.request)
        query = f"?{kept}" if kept else ""
        paragraphs = cut_paragraphs(claim.article.text, [*own_spans(claim), *other_spans(self.neighbours)])
        links = list(claim.links.select_related("speaker"))
        context = {
            **admin_site.each_context(self.request),
            "title": f"Claim {claim.pk}",
            "opts": self.model_admin.opts,
            "media": self.model_admin.media,
            "claim": claim,
            "links": links,
            "marked_text": marked_text(paragraphs, query=query),
            "neighbours": self.neighbours,
            "same_speaker": self._same_speaker([link.speaker_id for link in links if link.speaker_id]),
            "kept": query,
            "list_address": list_address(self.request),
            "next_address": reverse("admin:claims_claim_next", args=[claim.pk]) + query,
            "desk": self.desk,
            "notes": [(note, self.desk.own_notes.get(note.pk)) for note in self.notes],
            "verdicts": [(verdict, self.desk.own_verdicts.get(verdict.pk)) for verdict in self.verdicts],
            "published": any(verdict.state == Verdict.State.PUBLISHED for verdict in self.verdicts),
            "history": entries(changes, people=self.desk.people, ratings=self.desk.ratings),
            "error": self.error,
            "may_review": user.has_perm("claims.review_claim"),
            "may_note": user.has_perm("claims.add_note"),
            "may_edit_note": user.has_perm("claims.change_note"),
            "may_judge": user.has_perm("claims.add_verdict"),
            "may_edit_verdict": user.has_perm("claims.change_verdict"),
            "may_publish": user.has_perm("claims.publish_verdict"),
        }
        return TemplateResponse(self.request, "claims/admin/claim.html", context, status=status)

    def _same_speaker(self, speaker_ids: list[int]) -> list[Claim]:
        """What the first speaker said elsewhere, newest first."""
        if not speaker_ids:
            return []
        elsewhere = Claim.objects.current().exclude(article=self.claim.article_id).filter(depth=0)
        rows = elsewhere.filter(links__speaker=speaker_ids[0]).order_by("-links__said_on", "-pk")
        return list(rows.only("text", "said_on", "review_status")[:SAME_SPEAKER])


def own_spans(claim: Claim) -> Iterable[Span]:
    """The claim's content, cue and mention."""
    for label, rows in (("content", claim.spans), ("cue", claim.cue_spans), ("mention", claim.mention_spans)):
        for row in rows:
            yield Span(row["start"], row["end"], label, claim.pk)


def other_spans(claims: Iterable[Claim]) -> Iterable[Span]:
    """The content of other claims."""
    for claim in claims:
        for row in claim.spans:
            yield Span(row["start"], row["end"], "other", claim.pk)
