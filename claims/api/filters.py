"""The filters of claims, speakers, articles, notes, verdicts and ratings, each look-up by hand.

A claim is found by the speakers it is attributed to, never by whom it mentions. Lists hold what was said directly;
relayed statements (depth above 0) come only where `depth` or `within` asks for them.
"""

from collections.abc import Collection
from functools import partial
from typing import Any

import django_filters
from django.core.exceptions import ValidationError
from django.db.models import F, QuerySet

from claims.api.search import MAX_LENGTH, with_words
from claims.api.survivors import by_id_or_slug, by_name
from claims.models import Claim, ClaimSpeaker, Note, Rating, Speaker, Verdict
from sources.api.filters import (
    ChoiceField,
    ChoiceFilter,
    DateFilter,
    ExplicitFilterSet,
    FractionFilter,
    IdOrSlugFilter,
    IdsFilter,
    ManyChoicesFilter,
    ManyField,
    NumberFilter,
    TextField,
    TextFilter,
    one_of,
    sources_by_id_or_slug,
)
from sources.parsing import ParseError, normalise_url

# Up to here claims of several speakers are found by their ids: among 200,000 claims, two rare speakers take 9 ms so and
# 125 ms by a subquery (PostgreSQL 15); a frequent one is met soon enough along the dates (SQLite: 14 ms, not 183).
FEW_CLAIMS = 1_000
SearchFilter = partial(TextFilter, method="by_words", max_length=MAX_LENGTH)


def _by_speakers(queryset: QuerySet, ids: Collection[int], *, exclude: bool) -> QuerySet:
    """Claims of any of these speakers, each once.

    One speaker, newest first, is the main question: the links' own index answers it in order (a speaker is linked to a
    claim once, and a link repeats the claim's date), so the page is told to walk that (`claimtrack.rest.keyset`).
    """
    if len(ids) == 1 and not exclude:
        linked = queryset.filter(links__speaker_id=next(iter(ids)))
        return linked.alias(sort_said_on=F("links__said_on"), sort_id=F("links__claim_id"))
    if exclude:
        return queryset.not_by_speakers(ids)
    # No planner knows whether to look the claims of several speakers up or to meet them while walking the dates.
    links = ClaimSpeaker.objects.filter(speaker_id__in=ids)
    claims = list(links.values_list("claim_id", flat=True)[: FEW_CLAIMS + 1])
    return queryset.filter(pk__in=claims) if len(claims) <= FEW_CLAIMS else queryset.by_speakers(ids)


class SpeakersFilter(IdOrSlugFilter):
    """Claims of any of these speakers."""

    def filter(self, queryset: QuerySet, value: list[str]) -> QuerySet:
        return _by_speakers(queryset, self.find(value), exclude=self.exclude)


class SpeakerNameFilter(TextFilter):
    """Claims of all speakers of one name."""

    def filter(self, queryset: QuerySet, value: str) -> QuerySet:
        return _by_speakers(queryset, by_name(value), exclude=self.exclude)


def _rating_slugs(values: list[str]) -> list[str]:
    valid = list(Rating.objects.order_by("order").values_list("slug", flat=True))
    return [one_of(value, valid) for value in values]


class RatingField(ChoiceField):
    """The slug of a rating; ratings are data, so they are read when asked for."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(choices=(), **kwargs)
        self.schema = {"type": "string"}

    def clean(self, value: Any) -> str:
        return _rating_slugs([value])[0]


class RatingFilter(ChoiceFilter):
    """Claims by the rating of their published verdict."""

    field_class = RatingField

    def filter(self, queryset: QuerySet, value: Any) -> QuerySet:
        slugs = [value] if isinstance(value, str) else value
        published = Verdict.objects.filter(state=Verdict.State.PUBLISHED, rating__slug__in=slugs)
        return self.get_method(queryset)(pk__in=published.values("claim"))


class RatingsFilter(RatingFilter):
    """Claims whose published verdict has any of several ratings."""

    field_class = ManyField

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(clean_all=_rating_slugs, item={"type": "string"}, **kwargs)


class ClaimFilter(ExplicitFilterSet):
    """Filters of claims."""

    negatable = (
        *("speaker", "speaker_name", "source", "article", "kind", "act", "review_status", "rating"),
        "speaker_status",
    )

    id__in = IdsFilter("id", help_text="Any of these ids.")
    speaker = SpeakersFilter(
        "speakers",
        find=by_id_or_slug,
        help_text="Id or slug of a speaker; several mean any of them. A merged speaker's means its survivor.",
    )
    speaker_name = SpeakerNameFilter(help_text="Any name of a speaker, whole; case, accents and titles aside.")
    source = IdOrSlugFilter(
        "article__source_id", find=sources_by_id_or_slug, help_text="Id or slug of an outlet; several mean any."
    )
    article = IdsFilter("article_id", help_text="Id of an article; several mean any.")
    kind = ChoiceFilter(choices=Claim.Kind.values, help_text="How much of it stands in quotation marks.")
    kind__in = ManyChoicesFilter("kind", choices=Claim.Kind.values, help_text="Any of these kinds.")
    act = ChoiceFilter(choices=Claim.Act.values, help_text="What the speaker does.")
    act__in = ManyChoicesFilter("act", choices=Claim.Act.values, help_text="Any of these acts.")
    review_status = ChoiceFilter(choices=Claim.ReviewStatus.values, help_text="Where the desk's work stands.")
    review_status__in = ManyChoicesFilter(
        "review_status", choices=Claim.ReviewStatus.values, help_text="Any of these statuses."
    )
    rating = RatingFilter(help_text="Slug of the published verdict's rating.")
    rating__in = RatingsFilter(help_text="Any of these ratings.")
    speaker_status = ChoiceFilter(choices=Claim.SpeakerStatus.values, help_text="How well the speaker is known.")
    speaker_status__in = ManyChoicesFilter(
        "speaker_status", choices=Claim.SpeakerStatus.values, help_text="Any of these statuses."
    )
    min_confidence = FractionFilter("confidence", "gte", help_text="The engine's confidence, at least.")
    depth = NumberFilter(help_text="0: said directly (the default). 1: said within another claim.")
    depth__in = IdsFilter("depth", help_text="Any of these depths.")
    within = IdsFilter("within_id", help_text="Relayed statements within this claim, whatever their depth.")
    search = SearchFilter(help_text="Words of the claim's text, all of them, in any order; case aside.")
    said_on = DateFilter(help_text="The day on which it was said.")
    said_on__gte = DateFilter("said_on", "gte", help_text="Said on this day or later.")
    said_on__lte = DateFilter("said_on", "lte", help_text="Said on this day or earlier.")
    published_on = DateFilter("article__published_on", help_text="The day on which the article was published.")
    published_on__gte = DateFilter("article__published_on", "gte", help_text="Published on this day or later.")
    published_on__lte = DateFilter("article__published_on", "lte", help_text="Published on this day or earlier.")

    def by_words(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return with_words(queryset, "text", value)

    def filter_queryset(self, queryset: QuerySet) -> QuerySet:
        """All that is asked for, and direct statements only unless the depth is asked for too."""
        if not self.filters.keys() & {"depth", "depth__in", "within"}:
            queryset = queryset.filter(depth=0)
        return super().filter_queryset(queryset)


class SpeakerFilter(ExplicitFilterSet):
    """Filters of speakers."""

    negatable = ("kind",)

    id__in = IdOrSlugFilter("id", find=by_id_or_slug, help_text="Any of these ids or slugs.")
    slug = IdOrSlugFilter("id", find=by_id_or_slug, help_text="The slug; a merged speaker's finds the survivor.")
    name = TextFilter(method="by_name", help_text="Any name, whole; case, accents and titles aside.")
    kind = ChoiceFilter(choices=Speaker.Kind.values, help_text="What bears the name.")
    kind__in = ManyChoicesFilter("kind", choices=Speaker.Kind.values, help_text="Any of these kinds.")
    search = SearchFilter(help_text="Words of the name, all of them, in any order; case aside.")

    def by_name(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset.filter(pk__in=by_name(value))

    def by_words(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return with_words(queryset, "name", value)


class UrlField(TextField):
    """An address in the form in which articles keep it."""

    def clean(self, value: Any) -> str:
        try:
            return normalise_url(super().clean(value))
        except ParseError as error:
            raise ValidationError(error.message, code="invalid") from None


class UrlFilter(TextFilter):
    """An address; all versions of what was published there."""

    field_class = UrlField


class ArticleFilter(ExplicitFilterSet):
    """Filters of articles."""

    negatable = ("source", "language")

    id__in = IdsFilter("id", help_text="Any of these ids.")
    source = IdOrSlugFilter("source_id", find=sources_by_id_or_slug, help_text="Id or slug of an outlet; or several.")
    url = UrlFilter(
        help_text="Where it was published; tracking parameters, default ports and fragments aside. All versions."
    )
    language = TextFilter(help_text="BCP 47, as found; `und` where it could not be told.")
    search = SearchFilter(help_text="Words of the headline, all of them, in any order; case aside.")
    published_on = DateFilter(help_text="The day of publication.")
    published_on__gte = DateFilter("published_on", "gte", help_text="Published on this day or later.")
    published_on__lte = DateFilter("published_on", "lte", help_text="Published on this day or earlier.")

    def by_words(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return with_words(queryset, "headline", value)


class NoteFilter(ExplicitFilterSet):
    """Filters of notes."""

    negatable = ("kind",)

    id__in = IdsFilter("id", help_text="Any of these ids.")
    claim = IdsFilter("claim_id", help_text="Id of a claim; several mean any.")
    kind = ChoiceFilter(choices=Note.Kind.values, help_text="What the note is for.")
    kind__in = ManyChoicesFilter("kind", choices=Note.Kind.values, help_text="Any of these kinds.")


class OwnRatingFilter(django_filters.Filter):
    """Verdicts with any of several ratings."""

    field_class = ManyField

    def __init__(self, **kwargs: Any) -> None:
        super().__init__("rating__slug", "in", clean_all=_rating_slugs, item={"type": "string"}, **kwargs)


class VerdictFilter(ExplicitFilterSet):
    """Filters of verdicts."""

    negatable = ("rating", "state")

    id__in = IdsFilter("id", help_text="Any of these ids.")
    claim = IdsFilter("claim_id", help_text="Id of a claim; several mean any.")
    rating = OwnRatingFilter(help_text="Slug of the verdict's own rating; several mean any.")
    state = ChoiceFilter(choices=Verdict.State.values, help_text="How far the finding is.")
    state__in = ManyChoicesFilter("state", choices=Verdict.State.values, help_text="Any of these states.")


class RatingFilterSet(ExplicitFilterSet):
    """Filters of ratings."""

    slug = TextFilter(help_text="The rating's slug.")
    scale = TextFilter("scale__slug", help_text="Slug of the scale.")
