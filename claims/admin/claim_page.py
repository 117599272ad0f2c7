"""The claim's page: the article with the claim in its place, what the engine found, and the desk's work on it.

One request shows or saves it. The page must stay under 15 queries for an article with many claims, so everything about
the neighbours is one query of a few columns.
"""

import json
from collections.abc import Iterable
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.db import transaction
from django.db.models import Prefetch, Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse

from claims.admin.correcting import Correcting, engine_facts
from claims.admin.desk import Desk
from claims.admin.elsewhere import claims_elsewhere
from claims.admin.highlight import Span, cut_paragraphs
from claims.admin.queue import list_address, next_address
from claims.admin.rendering import marked_text
from claims.errors import ClaimError, Conflict, NotAllowed
from claims.models import ArticleReview, Claim, ClaimSpeaker, Correction

if TYPE_CHECKING:
    from claims.admin.claims import ClaimAdmin

_STATUS = {NotAllowed: 403, Conflict: 409}


class ClaimPage:
    """One request for one claim's page."""

    def __init__(self, model_admin: "ClaimAdmin", request: HttpRequest, claim: Claim) -> None:
        self.model_admin, self.request, self.claim = model_admin, request, claim
        self.error = ""

    @cached_property
    def desk(self) -> Desk:
        """The forms, filled with what the browser sent."""
        data = self.request.POST if self.request.method == "POST" else None
        return Desk(self.claim, self.request.user, data=data)

    @cached_property
    def article_claims(self) -> list[Claim]:
        """All claims of the article, this one too, in the order of the text: one query for them, one for speakers."""
        rows = Claim.objects.filter(article=self.claim.article_id).filter(Q(is_current=True) | Q(pk=self.claim.pk))
        links = ClaimSpeaker.objects.select_related("speaker").only(
            *("claim_id", "words", "position", "candidates"), *("speaker__name", "speaker__is_hidden")
        )
        columns = ("article", "text", "spans", "act", "depth", "review_status")
        ordered = rows.only(*columns).with_confirmation().order_by("start", "depth", "pk")
        return list(ordered.prefetch_related(Prefetch("links", links)))

    @cached_property
    def links(self) -> list[ClaimSpeaker]:
        """The claim's speakers."""
        return [link for claim in self.article_claims if claim.pk == self.claim.pk for link in claim.links.all()]

    @cached_property
    def corrections(self) -> list[Correction]:
        """Newest first, the undone ones too."""
        return list(self.claim.corrections.select_related("author"))

    @cached_property
    def correcting(self) -> Correcting:
        """The forms for what was extracted."""
        return Correcting(
            self.claim,
            self.request.user,
            links=self.links,
            rows=self.corrections,
            data=self.request.POST if self.request.method == "POST" else None,
            admin_site=self.model_admin.admin_site,
        )

    @cached_property
    def neighbours(self) -> list[Claim]:
        """The article's other claims, in the order of the text."""
        return [claim for claim in self.article_claims if claim.pk != self.claim.pk]

    def response(self) -> HttpResponse:
        """Saves, where the browser sent something, and goes on; else shows the page."""
        if self.request.method != "POST":
            return self._page()
        if not all([self.desk.is_valid(), self.correcting.is_valid()]):  # both, so that each shows its errors
            self.error = "Nothing was saved: please correct what is marked below."
            return self._page()
        try:
            with transaction.atomic():
                done = self.desk.store() + self.correcting.store()
        except ClaimError as error:
            self.error = error.message
            self.correcting.renew()
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
        kept = self.model_admin.get_preserved_filters(self.request)
        query = f"?{kept}" if kept else ""
        paragraphs = cut_paragraphs(claim.article.text, [*own_spans(claim), *other_spans(self.neighbours)])
        links = self.links
        context = {
            **admin_site.each_context(self.request),
            "title": f"Claim {claim.pk}",
            "opts": self.model_admin.opts,
            "media": self.model_admin.media,
            "claim": claim,
            "links": links,
            "marked_text": marked_text(paragraphs, query=query),
            "neighbours": self.neighbours,
            "correcting": self.correcting,
            "engine_facts": engine_facts(claim),
            "own_pairs": _pairs(claim),
            **self._progress(),
            "elsewhere": claims_elsewhere(claim, [link.speaker_id for link in links if link.speaker_id]),
            "kept": query,
            "list_address": list_address(self.request),
            "next_address": reverse("admin:claims_claim_next", args=[claim.pk]) + query,
            "desk": self.desk,
            "error": self.error,
            "may_correct": user.has_perm("claims.correct_claim") and bool(claim.article.text),
            "may_review": user.has_perm("claims.review_claim"),
            "may_note": user.has_perm("claims.add_note"),
            "may_edit_note": user.has_perm("claims.change_note"),
            "may_add_evidence": user.has_perm("claims.add_evidence"),
            "may_check": user.has_perm("claims.check_verdict"),
            "may_see_history": user.has_perm("claims.view_change"),
            "may_judge": user.has_perm("claims.add_verdict"),
            "may_edit_verdict": user.has_perm("claims.change_verdict"),
            "may_publish": user.has_perm("claims.publish_verdict"),
        }
        return TemplateResponse(self.request, "claims/admin/claim.html", context, status=status)

    def _progress(self) -> dict[str, Any]:
        """How many claims of the article are decided, and who said that none is missing."""
        waiting = sum(claim.depth == 0 and not claim.is_decided for claim in self.article_claims)  # type: ignore[attr-defined]
        try:
            review: ArticleReview | None = self.claim.article.claim_review
        except ArticleReview.DoesNotExist:
            review = None
        return {"waiting": waiting, "article_review": review}


def _pairs(claim: Claim) -> dict[str, str]:
    """Where the claim's words stand, as the page's script reads them."""
    rows = {"content": claim.spans, "cue": claim.cue_spans, "mention": claim.mention_spans}
    return {name: json.dumps([[span["start"], span["end"]] for span in spans]) for name, spans in rows.items()}


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
