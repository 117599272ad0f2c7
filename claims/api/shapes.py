"""Claims, notes, verdicts and ratings as the API shows them, and what they may show of each other in full.

What is expanded is read through the same querysets as on its own address (`claims.api.access`), so that nobody sees
by way of a claim what the list of notes would not show.
"""

from collections import defaultdict
from typing import Any

from django.db.models import F, FilteredRelation, Q, QuerySet

from claims.api.access import claims_for, may, notes_for, speakers_for, verdicts_for
from claims.api.article_shapes import ArticleDetailShape, ArticleShape
from claims.api.speaker_shapes import SpeakerShape
from claims.models import Claim, ClaimSpeaker, Note, Rating, Verdict
from sources.api.lookups import Plainly
from sources.api.reading import Row, Rows, Shape
from sources.api.selection import Selection, below, field
from sources.api.statements import AnyOf, Slot, Statement, statements

_RATING = ("slug", "label", "value", "colour")
_AUTHOR = ("author_id", "author__first_name", "author__last_name", "author__username")
_REVIEWER = tuple(name.replace("author", "reviewer") for name in _AUTHOR)


def _rating(slug: str, label: str, value: int | None, colour: str) -> Row:
    return {"slug": slug, "label": label, "value": value, "colour": colour}


class ClaimShape(Shape):
    """A claim with its article, speakers and published verdict: two queries a page, one for each expansion."""

    model = Claim
    fields = {
        "id": field("id"),
        "text": field("text"),
        "spans": field("spans"),
        "kind": field("kind"),
        "act": field("act"),
        "cue": field("cue_text", "cue_spans", make="words"),
        "mention": field("mention_text", "mention_spans", make="words"),
        "speakers": field("id", make="speakers_of", needs="gather_speakers"),
        "speaker_status": field("speaker_status"),
        "confidence": field("confidence"),
        "article": field(
            *("article_id", "article__headline", "article__url", "article__published_on"),
            *("article__source_id", "article__source__slug", "article__source__name"),
            make="article_brief",
        ),
        "context": field("context"),
        "said_on": field("said_on"),
        "review_status": field("review_status"),
        "verdict": field(
            *("published__id", "published__summary", "published__published_at"),
            *(f"published__rating__{name}" for name in _RATING),
            make="verdict_brief",
        ),
        "within": field("within"),
        "relayed_by": field("within", make="speakers_of", needs="gather_speakers"),
        "depth": field("depth"),
        "engine": field("run__engine_version"),
        "created_at": field("created_at"),
        "modified_at": field("modified_at"),
        "notes": field("id", make="notes_of", needs="gather_notes"),
        "url": field("id", make="own_address"),
    }
    omitted = frozenset({"notes"})
    expansions = {
        "speaker": ("speakers", field("id", make="speakers_in_full", needs="gather_speakers_in_full")),
        "article": ("article", field("article_id", make="article_in_full", needs="gather_articles")),
        "article.source": ("article", None),
        "verdict": ("verdict", field("published__id", make="verdict_in_full", needs="gather_verdicts")),
        "notes": ("notes", None),
    }

    def select(self, queryset: QuerySet, *more: str) -> QuerySet:
        if any(column.startswith("published__") for column in self.plan.columns):
            condition = Q(**{f"verdicts__state__{Plainly.lookup_name}": Verdict.State.PUBLISHED})
            queryset = queryset.annotate(published=FilteredRelation("verdicts", condition=condition))
        return super().select(queryset, *more)

    def build(self, rows: Rows) -> list[Row]:
        self.claims_at, self.verdicts_at = self.address("claim-list"), self.address("verdict-list")
        return super().build(rows)

    # --- Speakers ----------------------------------------------------------------------------------------------------

    def gather_speakers(self, rows: Rows) -> None:
        """The speakers of the page's claims, and of those that these stand in where that is asked for."""
        names = [name for name in ("id", "within") if name in self.plan.columns]
        ids = {pk for name in names for pk in self.column(rows, name) if pk is not None}
        is_desk = may(self.request, "claims.view_speaker")
        statement = statements.get(("speakers of claims", is_desk), lambda: _speakers_of_claims(is_desk))
        self.speakers: dict[int | None, list[Row]] = defaultdict(list)
        for claim_id, pk, slug, name in statement.rows({"ids": sorted(ids)}) if ids else ():
            self.speakers[claim_id].append({"id": pk, "slug": slug, "name": name})

    def gather_speakers_in_full(self, rows: Rows) -> None:
        """The same with all that the list of speakers shows of them."""
        self.gather_speakers(rows)
        ids = {one["id"] for pk in self.column(rows, "id") for one in self.speakers.get(pk, ())}
        self.in_full = SpeakerShape(self.request).by_id(ids, speakers_for)

    def speakers_of(self, claim_id: int | None) -> list[Row]:
        return self.speakers.get(claim_id, [])

    def speakers_in_full(self, claim_id: int) -> list[Row]:
        return [self.in_full.get(one["id"], one) for one in self.speakers.get(claim_id, ())]

    # --- What else belongs to a claim --------------------------------------------------------------------------------

    def words(self, text: str, spans: Any) -> Row:
        return {"text": text, "spans": spans}

    def article_brief(
        self, pk: int, headline: str, url: str, published_on: Any, source_id: int, slug: str, name: str
    ) -> Row:
        source = {"id": source_id, "slug": slug, "name": name}
        return {"id": pk, "headline": headline, "url": url, "source": source, "published_on": published_on}

    def gather_articles(self, rows: Rows) -> None:
        """The page's articles as the list of articles shows them."""
        expanded = below(self.selection.expanded, "article")
        shape = ArticleShape(self.request, Selection(tuple(ArticleShape.fields), expanded))
        self.articles = shape.by_id(self.column(rows, "article_id"))

    def article_in_full(self, pk: int) -> Row:
        return self.articles[pk]

    def verdict_brief(
        self, pk: int | None, summary: str, published_at: Any, slug: str, label: str, value: int | None, colour: str
    ) -> Row | None:
        if pk is None:
            return None
        rating, url = _rating(slug, label, value, colour), f"{self.verdicts_at}{pk}/"
        return {"id": pk, "rating": rating, "summary": summary, "published_at": published_at, "url": url}

    def gather_verdicts(self, rows: Rows) -> None:
        """The page's published verdicts as the list of verdicts shows them."""
        ids = {pk for pk in self.column(rows, "published__id") if pk is not None}
        self.verdicts = VerdictShape(self.request).by_id(ids, verdicts_for)

    def verdict_in_full(self, pk: int | None) -> Row | None:
        return self.verdicts.get(pk) if pk is not None else None

    def gather_notes(self, rows: Rows) -> None:
        """Those notes on the page's claims that the reader may see, oldest first."""
        self.notes: dict[int, list[Row]] = defaultdict(list)
        seen = notes_for(self.request).filter(claim__in=self.column(rows, "id")).order_by("id")
        for note in NoteShape(self.request).answers(seen) if rows else ():
            self.notes[note["claim"]].append(note)

    def notes_of(self, claim_id: int) -> list[Row]:
        return self.notes.get(claim_id, [])

    def own_address(self, pk: int) -> str:
        return f"{self.claims_at}{pk}/"


def _speakers_of_claims(is_desk: bool) -> Statement:
    links = ClaimSpeaker.objects.filter(AnyOf(F("claim_id"), Slot("ids")), speaker__isnull=False)
    if not is_desk:
        links = links.filter(speaker__is_hidden=False)
    columns = ("claim_id", "speaker_id", "speaker__slug", "speaker__name")
    return Statement(links.order_by("claim_id", "position").values_list(*columns))


class PostedArticleShape(ArticleDetailShape):
    """What a POST answers: the article with all its claims in the order of the text, relayed ones included."""

    fields = ArticleDetailShape.fields | {"claims": field("id", make="claims_of")}

    def claims_of(self, article_id: int) -> list[Row]:
        claims = claims_for(self.request).filter(article_id=article_id)
        return ClaimShape(self.request).answers(claims.order_by("start", "depth", "id"))


# --- Signed ----------------------------------------------------------------------------------------------------------


class _SignedShape(Shape):
    """What an editor has signed about a claim."""

    expansions = {"claim": ("claim", field("claim_id", make="claim_in_full", needs="gather_claims"))}
    list_name = ""

    def build(self, rows: Rows) -> list[Row]:
        self.own_at, self.claims_at = self.address(self.list_name), self.address("claim-list")
        self.is_inside = may(self.request, "claims.view_note")
        return super().build(rows)

    def gather_claims(self, rows: Rows) -> None:
        """The claims as the list of claims shows them; what is signed is read only where the claim may be."""
        self.claims = ClaimShape(self.request).by_id(self.column(rows, "claim_id"), claims_for)

    def claim_in_full(self, pk: int) -> Row:
        return self.claims[pk]

    def claim_address(self, pk: int) -> str:
        return f"{self.claims_at}{pk}/"

    def own_address(self, pk: int) -> str:
        return f"{self.own_at}{pk}/"

    def signed_by(self, pk: int | None, first: str, last: str, username: str) -> Row | None:
        """Who signed it: by account name inside the desk, by full name (perhaps none) outside."""
        if pk is None:
            return None
        return {"id": pk, "name": f"{first} {last}".strip() or (username if self.is_inside else "")}


class NoteShape(_SignedShape):
    """A note."""

    model = Note
    list_name = "note-list"
    fields = {
        "id": field("id"),
        "claim": field("claim_id"),
        "claim_url": field("claim_id", make="claim_address"),
        "kind": field("kind"),
        "text": field("text"),
        "is_public": field("is_public"),
        "author": field(*_AUTHOR, make="signed_by"),
        "created_at": field("created_at"),
        "modified_at": field("modified_at"),
        "url": field("id", make="own_address"),
    }


class VerdictShape(_SignedShape):
    """A verdict; why it was changed, and who reviewed it, only inside the desk."""

    model = Verdict
    list_name = "verdict-list"
    fields = {
        "id": field("id"),
        "claim": field("claim_id"),
        "claim_url": field("claim_id", make="claim_address"),
        "rating": field(*(f"rating__{name}" for name in _RATING), make="rating"),
        "summary": field("summary"),
        "state": field("state"),
        "author": field(*_AUTHOR, make="signed_by"),
        "created_at": field("created_at"),
        "modified_at": field("modified_at"),
        "published_at": field("published_at"),
        "url": field("id", make="own_address"),
        "reason": field("reason"),
        "reviewer": field(*_REVIEWER, make="signed_by"),
        "supersedes": field("supersedes_id"),
    }
    internal = ("reason", "reviewer", "supersedes")

    def build(self, rows: Rows) -> list[Row]:
        answers = super().build(rows)
        if not may(self.request, "claims.view_verdict"):
            for answer in answers:
                for name in self.internal:
                    answer.pop(name, None)
        return answers

    def rating(self, *values: Any) -> Row:
        return _rating(*values)


class RatingShape(Shape):
    """A rating with its scale."""

    model = Rating
    fields = {
        **{name: field(name) for name in ("id", *_RATING, "order")},
        "scale": field("scale__slug", "scale__name", make="scale"),
        "url": field("id", make="own_address"),
    }

    def build(self, rows: Rows) -> list[Row]:
        self.own_at = self.address("rating-list")
        return super().build(rows)

    def scale(self, slug: str, name: str) -> Row:
        return {"slug": slug, "name": name}

    def own_address(self, pk: int) -> str:
        return f"{self.own_at}{pk}/"
