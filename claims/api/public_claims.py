"""Rows as the values that the field's formats are made from (`claims.formats.values`).

What leaves the house in a foreign format is the public view, whoever asks: it is meant to be published again. So the
querysets here do not look at the request, and no format ever sees a hidden speaker, a draft or an internal note.
"""

from collections.abc import Sequence

from django.conf import settings
from django.db.models import Max, Min, QuerySet
from rest_framework.request import Request

from claims.api.shapes import ClaimShape
from claims.formats.surroundings import quote_at, quote_within
from claims.formats.values import Desk, Finding, Original, Party, PublicClaim, Quote
from claims.models import Claim, Rating, Speaker, Verdict
from sources.api.reading import Row
from sources.api.selection import field


def public_claims() -> QuerySet:
    """Claims that everybody may see."""
    return Claim.objects.public()


def published_verdicts() -> QuerySet:
    """Verdicts that are published, about claims that everybody may see."""
    return Verdict.objects.filter(state=Verdict.State.PUBLISHED, claim__in=public_claims())


def desk_of(request: Request) -> Desk:
    """Who publishes: the desk, under the address by which it was asked."""
    return Desk(settings.DESK_NAME, request.build_absolute_uri("/"))


class PublicShape(ClaimShape):
    """A claim as a value, with what only formats need.

    Four queries a page at most: claims, their speakers, the kinds of these, the scales.
    """

    fields = ClaimShape.fields | {
        "language": field("article__language"),
        "scale": field("published__rating__scale_id"),
    }
    is_raw = False

    def values(self, answers: Sequence[Row], texts: dict[int, str] | None = None) -> list[PublicClaim]:
        """The claims as values, in their order.

        Args:
            answers: What `build` or `answers` gave.
            texts: Texts of articles by id, where they may be shown; without them a quote's surroundings come from
                the sentences around the claim.
        """
        self.kinds = self._kinds({one["id"] for answer in answers for one in answer["speakers"]})
        self.bounds = self._bounds() if any(answer["verdict"] for answer in answers) else {}
        self.speakers_at, self.articles_at = self.address("speaker-list"), self.address("article-list")
        return [self._value(answer, (texts or {}).get(answer["article"]["id"])) for answer in answers]

    def reviews(self, verdicts: Sequence[Row]) -> list[tuple[PublicClaim, Finding]]:
        """The claims of published verdicts with these verdicts, in the same order.

        Args:
            verdicts: Rows with `claim_id`; one withdrawn meanwhile is left out.
        """
        order = {row["claim_id"]: number for number, row in enumerate(verdicts)}
        answers = sorted(self.answers(public_claims().filter(pk__in=order)), key=lambda answer: order[answer["id"]])
        return [(claim, claim.finding) for claim in self.values(answers) if claim.finding]

    @staticmethod
    def _kinds(ids: set[int]) -> dict[int, str]:
        return dict(Speaker.objects.filter(pk__in=ids).values_list("id", "kind")) if ids else {}

    @staticmethod
    def _bounds() -> dict[int, tuple[int | None, int | None]]:
        """For each scale its least and greatest number."""
        scales = Rating.objects.order_by().values_list("scale_id").annotate(Min("value"), Max("value"))
        return {scale: (least, greatest) for scale, least, greatest in scales}

    def _value(self, answer: Row, text: str | None) -> PublicClaim:
        article = answer["article"]
        return PublicClaim(
            url=answer["url"],
            text=answer["text"],
            kind=answer["kind"],
            act=answer["act"],
            quotes=tuple(_quote(span, answer["context"], text) for span in answer["spans"]),
            speakers=tuple(
                Party(one["name"], self.kinds.get(one["id"], "unknown"), f"{self.speakers_at}{one['id']}/")
                for one in answer["speakers"]
            ),
            said_on=answer["said_on"],
            original=Original(
                url=article["url"],
                copy_url=f"{self.articles_at}{article['id']}/",
                headline=article["headline"],
                outlet=article["source"]["name"],
                published_on=article["published_on"],
                language=answer["language"],
            ),
            finding=self._finding(answer["scale"], answer["verdict"]),
            created_at=answer["created_at"],
            modified_at=answer["modified_at"],
        )

    def _finding(self, scale: int | None, verdict: Row | None) -> Finding | None:
        if verdict is None:
            return None
        worst, best = self.bounds.get(scale or 0, (None, None))
        rating = verdict["rating"]
        return Finding(
            url=verdict["url"],
            label=rating["label"],
            value=rating["value"],
            worst=worst,
            best=best,
            summary=verdict["summary"],
            published_at=verdict["published_at"],
        )


def _quote(span: Row, context: str, text: str | None) -> Quote:
    if text is not None:
        return quote_at(text, span["start"], span["end"])
    return quote_within(context, Quote(span["quote"], span["start"], span["end"]))
