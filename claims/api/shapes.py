"""Claims, speakers, notes, verdicts and ratings as the API shows them."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from django.db.models import FilteredRelation, Q, QuerySet

from claims.api.access import claims_for, may
from claims.api.survivors import absorbed_by
from claims.models import ClaimSpeaker, SpeakerAlias, Verdict
from sources.api.rows import Row, Shape

_RATING = ("slug", "label", "value", "colour")


def _pick(row: Row, prefix: str, names: Iterable[str]) -> Row:
    return {name: row[prefix + name] for name in names}


class ClaimShape(Shape):
    """A claim with its article, speakers and published verdict: two queries a page."""

    columns = (
        *("id", "text", "spans", "kind", "act", "cue_text", "cue_spans", "mention_text", "mention_spans"),
        *("speaker_status", "confidence", "context", "said_on", "review_status", "within", "depth"),
        *("created_at", "modified_at", "run__engine_version"),
        *("article_id", "article__headline", "article__url", "article__published_on"),
        *("article__source_id", "article__source__slug", "article__source__name"),
        *("published__id", "published__summary", "published__published_at"),
        *(f"published__rating__{name}" for name in _RATING),
    )

    def select(self, queryset: QuerySet) -> QuerySet:
        published = FilteredRelation("verdicts", condition=Q(verdicts__state=Verdict.State.PUBLISHED))
        return super().select(queryset.annotate(published=published))

    def build(self, rows: Sequence[Row]) -> list[Row]:
        within = {row["within"] for row in rows if row["within"] is not None}
        speakers = self._speakers({row["id"] for row in rows} | within)
        self.base, self.verdicts = self.address("claim-list"), self.address("verdict-list")
        return [self._claim(row, speakers) for row in rows]

    def _speakers(self, claim_ids: set[int]) -> dict[int, list[Row]]:
        links = ClaimSpeaker.objects.filter(claim_id__in=claim_ids, speaker__isnull=False).order_by("claim", "position")
        if not may(self.request, "claims.view_speaker"):
            links = links.filter(speaker__is_hidden=False)
        found = defaultdict(list)
        for claim_id, pk, slug, name in links.values_list("claim_id", "speaker_id", "speaker__slug", "speaker__name"):
            found[claim_id].append({"id": pk, "slug": slug, "name": name})
        return found

    def _claim(self, row: Row, speakers: dict[int, list[Row]]) -> Row:
        return {
            "id": row["id"],
            "text": row["text"],
            "spans": row["spans"],
            "kind": row["kind"],
            "act": row["act"],
            "cue": {"text": row["cue_text"], "spans": row["cue_spans"]},
            "mention": {"text": row["mention_text"], "spans": row["mention_spans"]},
            "speakers": speakers.get(row["id"], []),
            "speaker_status": row["speaker_status"],
            "confidence": row["confidence"],
            "article": {
                "id": row["article_id"],
                "headline": row["article__headline"],
                "url": row["article__url"],
                "source": {
                    "id": row["article__source_id"],
                    "slug": row["article__source__slug"],
                    "name": row["article__source__name"],
                },
                "published_on": row["article__published_on"],
            },
            "context": row["context"],
            "said_on": row["said_on"],
            "review_status": row["review_status"],
            "verdict": self._verdict(row),
            "within": row["within"],
            "relayed_by": speakers.get(row["within"], []),
            "depth": row["depth"],
            "engine": row["run__engine_version"],
            "created_at": row["created_at"],
            "modified_at": row["modified_at"],
            "url": f"{self.base}{row['id']}/",
        }

    def _verdict(self, row: Row) -> Row | None:
        pk = row["published__id"]
        if pk is None:
            return None
        return {
            "id": pk,
            "rating": _pick(row, "published__rating__", _RATING),
            "summary": row["published__summary"],
            "published_at": row["published__published_at"],
            "url": f"{self.verdicts}{pk}/",
        }


class SpeakerShape(Shape):
    """A speaker with all names and the ids that were merged into it."""

    columns = ("id", "name", "slug", "kind", "created_at", "modified_at")

    def build(self, rows: Sequence[Row]) -> list[Row]:
        ids = [row["id"] for row in rows]
        aliases = defaultdict(list)
        named = SpeakerAlias.objects.filter(speaker_id__in=ids).order_by("id")
        for speaker_id, name in named.values_list("speaker_id", "name"):
            aliases[speaker_id].append(name)
        merged = absorbed_by(ids)
        base, claims = self.address("speaker-list"), self.address("claim-list")
        return [
            {
                "id": row["id"],
                "name": row["name"],
                "slug": row["slug"],
                "kind": row["kind"],
                "aliases": aliases[row["id"]],
                "merged_from": merged[row["id"]],
                "created_at": row["created_at"],
                "modified_at": row["modified_at"],
                "claims_url": f"{claims}?speaker={row['id']}",
                "url": f"{base}{row['id']}/",
            }
            for row in rows
        ]


class SpeakerDetailShape(SpeakerShape):
    """As in lists, with the number of claims, which costs a count."""

    def build(self, rows: Sequence[Row]) -> list[Row]:
        claims = claims_for(self.request).filter(depth=0)
        return [
            row | {"claims_count": claims.filter(links__speaker_id=row["id"]).count()} for row in super().build(rows)
        ]


class _Signed(Shape):
    """What an editor has signed."""

    def author(self, row: Row, role: str = "author") -> Row | None:
        """Who signed it: by account name inside the desk, by full name (perhaps none) outside."""
        pk = row[f"{role}_id"]
        if pk is None:
            return None
        full = f"{row[f'{role}__first_name']} {row[f'{role}__last_name']}".strip()
        name = full or (row[f"{role}__username"] if may(self.request, "claims.view_note") else "")
        return {"id": pk, "name": name}


def _person(role: str) -> tuple[str, ...]:
    return (f"{role}_id", f"{role}__first_name", f"{role}__last_name", f"{role}__username")


class NoteShape(_Signed):
    """A note."""

    columns = ("id", "claim_id", "kind", "text", "is_public", "created_at", "modified_at", *_person("author"))

    def build(self, rows: Sequence[Row]) -> list[Row]:
        base, claims = self.address("note-list"), self.address("claim-list")
        return [
            {
                "id": row["id"],
                "claim": row["claim_id"],
                "claim_url": f"{claims}{row['claim_id']}/",
                "kind": row["kind"],
                "text": row["text"],
                "is_public": row["is_public"],
                "author": self.author(row),
                "created_at": row["created_at"],
                "modified_at": row["modified_at"],
                "url": f"{base}{row['id']}/",
            }
            for row in rows
        ]


class VerdictShape(_Signed):
    """A verdict; why it was changed, and who reviewed it, only inside the desk."""

    columns = (
        *("id", "claim_id", "summary", "state", "reason", "supersedes_id"),
        *("created_at", "modified_at", "published_at"),
        *(f"rating__{name}" for name in _RATING),
        *_person("author"),
        *_person("reviewer"),
    )

    def build(self, rows: Sequence[Row]) -> list[Row]:
        base, claims = self.address("verdict-list"), self.address("claim-list")
        is_desk = may(self.request, "claims.view_verdict")
        return [self._verdict(row, base, claims) | (self._internal(row) if is_desk else {}) for row in rows]

    def _verdict(self, row: Row, base: str, claims: str) -> Row:
        return {
            "id": row["id"],
            "claim": row["claim_id"],
            "claim_url": f"{claims}{row['claim_id']}/",
            "rating": _pick(row, "rating__", _RATING),
            "summary": row["summary"],
            "state": row["state"],
            "author": self.author(row),
            "created_at": row["created_at"],
            "modified_at": row["modified_at"],
            "published_at": row["published_at"],
            "url": f"{base}{row['id']}/",
        }

    def _internal(self, row: Row) -> Row:
        return {
            "reason": row["reason"],
            "reviewer": self.author(row, "reviewer"),
            "supersedes": row["supersedes_id"],
        }


class RatingShape(Shape):
    """A rating with its scale."""

    columns = ("id", *_RATING, "order", "scale__slug", "scale__name")

    def build(self, rows: Sequence[Row]) -> list[Row]:
        base = self.address("rating-list")
        return [
            _pick(row, "", ("id", *_RATING, "order"))
            | {"scale": {"slug": row["scale__slug"], "name": row["scale__name"]}, "url": f"{base}{row['id']}/"}
            for row in rows
        ]
