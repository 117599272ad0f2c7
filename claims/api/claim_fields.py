"""The filters of claims: the table that `sources.api.filters` reads, and the steps that its rows name.

A claim is found by the speakers it is attributed to, never by whom it mentions. Lists hold what was said directly;
relayed statements (depth above 0) come only where `depth` or `within` asks for them. What readers may not see they may
not filter by either: the rows that come back would tell it.
"""

from collections.abc import Callable, Collection
from typing import Any

from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Left, Lower

from claims.api.access import may
from claims.api.search import WORDS, SearchWords, sought_in_claims, with_words
from claims.api.survivors import by_id_or_slug, by_name
from claims.models import Claim, ClaimSpeaker, ClaimTag, Note, Rating, Speaker, Verdict
from claims.models.claims import CUE_LENGTH
from claims.services.tags import tag_key
from sources.api.extras import Facet
from sources.api.filters import Field, Options, moments, source_fields
from sources.api.values import Choice, Day, Fraction, IdOrSlug, Moment, Number, RowId, Text, Value, ids_among
from sources.models import Article
from sources.parsing import ParseError, address_variants

# Up to here claims of several speakers are found by their ids: among 200,000 claims, two rare speakers take 9 ms so and
# 125 ms by a subquery (PostgreSQL 15); a frequent one is met soon enough along the dates (SQLite: 14 ms, not 183).
FEW_CLAIMS = 1_000

# --- Steps of their own ----------------------------------------------------------------------------------------------


def by_speakers(queryset: QuerySet, ids: Collection[int], exclude: bool, request: Any = None) -> QuerySet:
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


def speakers_by_id_or_slug(lookup: str, words: list[str]) -> list[int]:
    """Ids of the speakers that these ids or slugs mean."""
    return by_id_or_slug(words)


def speakers_named(lookup: str, names: str | list[str]) -> list[int]:
    """Ids of the speakers that bear one of these names."""
    return sorted({pk for name in ([names] if isinstance(names, str) else names) for pk in by_name(name)})


def users_by_id_or_name(lookup: str, words: list[str]) -> list[int]:
    """Ids of the accounts with these ids or names."""
    found = get_user_model().objects.filter(Q(pk__in=ids_among(words)) | Q(username__in=words))
    return list(found.values_list("pk", flat=True))


def articles_at(lookup: str, addresses: list[str] | list[list[str]]) -> list[int]:
    """Ids of the articles at these addresses, each in all its spellings."""
    variants = [one for each in addresses for one in ([each] if isinstance(each, str) else each)]
    return list(Article.objects.filter(url__in=variants).values_list("pk", flat=True))


class Address(Value):
    """An address, as all spellings under which an article may have been stored."""

    def clean(self, text: str) -> list[str]:
        try:
            return address_variants(super().clean(text))
        except ParseError as error:
            raise ValidationError(error.message, code="invalid") from None


class Cue(Value):
    """Attributing words, as the index has them: small letters, and no more than it keeps."""

    def clean(self, text: str) -> str:
        return str(super().clean(text)).lower()[:CUE_LENGTH]


class TagName(Value):
    """The name of a tag, case and blanks aside."""

    def clean(self, text: str) -> str:
        return tag_key(str(super().clean(text)))


def rating_slugs() -> list[str]:
    """The slugs of all ratings, which are data."""
    return list(Rating.objects.order_by("scale", "order").values_list("slug", flat=True))


RATING = Choice(rating_slugs, "slug of a rating")


def ratings_where(column: str) -> Callable[[str, Any], list[int]]:
    """Finds ratings by one of their columns; they are few, and the planner then knows how frequent they are."""

    def find(lookup: str, value: Any) -> list[int]:
        return list(Rating.objects.filter(**{f"{column}__{lookup}": value}).values_list("pk", flat=True))

    return find


def _published(request: Any) -> QuerySet:
    return Verdict.objects.filter(state=Verdict.State.PUBLISHED)


def _tags(request: Any) -> QuerySet:
    return ClaimTag.objects.all()


def _links(request: Any) -> QuerySet:
    return ClaimSpeaker.objects.filter(speaker__isnull=False)


def _notes(request: Any) -> QuerySet:
    notes = Note.objects.all()
    return notes if may(request, "claims.view_note") else notes.filter(is_public=True)


# --- Claims ----------------------------------------------------------------------------------------------------------

_NONE = ("isnull",)
_NOTE_KIND, _SPEAKER_KIND = Choice(Note.Kind.values), Choice(Speaker.Kind.values)
_CUE = Lower(Left("cue_text", CUE_LENGTH))
_SEARCH: Options = {"seek": sought_in_claims, "apply": with_words, "is_turned": False}
_DATES = "claim_by_date, in whose order pages are read"
_ARTICLE = "the article's own indexes, then claim_by_place"
_LINK: Options = {"path": "speaker__kind", "inside": _links, "key": "claim"}
_FINDING: Options = {"inside": _published, "key": "claim", "is_few": True}
_FINDING_ITSELF: Options = {"path": "id", "lookups": _NONE, **_FINDING}
_RATED: Options = {"path": "rating_id", "find": ratings_where("slug"), **_FINDING}
_NOTE: Options = {"inside": _notes, "key": "claim", "is_few": True}
_DAY_OR_NONE = (*Day.lookups, "isnull")
_LANGUAGE: Options = {"path": "article__language", "lookups": ("in",)}
_PUBLISHED_ON: Options = {"path": "article__published_on", "lookups": _DAY_OR_NONE}

CLAIM_FACETS = {
    "speaker": Facet("speaker__slug", "speaker__name", _links, "claim"),
    "rating": Facet("rating__slug", "rating__label", _published, "claim"),
    "source": Facet("source__slug", "source__name"),
    "kind": Facet("kind"),
    "act": Facet("act"),
    "review_status": Facet("review_status"),
    "speaker_status": Facet("speaker_status"),
    "language": Facet("article__language"),
    "engine": Facet("run__engine_version"),
    "tag": Facet("tag__name", "", _tags, "claim", "claims.view_tag"),
}
_WHO = (
    Field(
        *("speaker", IdOrSlug(), "Id or slug of a speaker; a merged speaker's means its survivor.", "ada-quill"),
        *("link_by_speaker",),
        is_many=True,
        find=speakers_by_id_or_slug,
        apply=by_speakers,
    ),
    Field(
        *("speaker_name", Value(), "Any name of a speaker, whole; case, accents and titles aside.", "Mayor Quill"),
        *("alias_by_key, then link_by_speaker",),
        find=speakers_named,
        apply=by_speakers,
    ),
    Field("speaker__kind", _SPEAKER_KIND, "What a speaker of it is.", "organisation", "link_by_speaker", **_LINK),
    Field(
        *("speaker_status", Choice(Claim.SpeakerStatus.values), "How well the speaker is known.", "resolved"),
        *("claim_by_speaker_status",),
    ),
    Field("speaker_confidence", Fraction(), "How sure the speaker is.", "0.8", _DATES, is_equal=False),
    Field("cue", Cue(), "The words that attribute it, case aside.", "said", "claim_by_cue", expression=_CUE),
)
_WHERE = (
    *source_fields("source_id", "claim_by_source"),
    Field("article", RowId(), "Id of an article.", "6", "claim_by_place", path="article_id", is_many=True),
    Field(
        *("article__url", Address(), "Where the article was published, however spelt.", "https://post.example/story"),
        *("article_by_url, then claim_by_place",),
        path="article_id",
        is_many=True,
        lookups=(),
        find=articles_at,
    ),
    Field("language", Text(), "The article's language, BCP 47.", "en", _ARTICLE, **_LANGUAGE),
    Field("article__language", Text(), "As `language`.", "en", _ARTICLE, **_LANGUAGE),
    Field("published_on", Day(), "The day its article was published.", "2026-03-01", _ARTICLE, **_PUBLISHED_ON),
    Field("article__published_on", Day(), "As `published_on`.", "2026-03-01", _ARTICLE, **_PUBLISHED_ON),
)
_WHAT = (
    Field("id", RowId(), "The claim's id.", "86", "primary key", is_many=True, lookups=Number.lookups),
    Field("kind", Choice(Claim.Kind.values), "How much of it stands in quotation marks.", "direct", "claim_by_kind"),
    Field("act", Choice(Claim.Act.values), "What the speaker does.", "statement", "claim_by_act"),
    Field("search", SearchWords(), WORDS.format("its text"), "bridge", "full text", **_SEARCH),
    Field("said_on", Day(), "The day it was said.", "2026-03-01", "claim_by_date", lookups=_DAY_OR_NONE),
    Field("confidence", Fraction(), "The engine's confidence.", "0.9", "claim_by_confidence", is_equal=False),
    Field(
        *("min_confidence", Fraction(), "As `confidence__gte`.", "0.9", "claim_by_confidence"),
        path="confidence",
        operator="gte",
        lookups=(),
        is_turned=False,
    ),
    Field("depth", Number(), "0: said directly (the default). 1: said within another claim.", "1", "claim_by_date"),
    Field(
        *("within", RowId(), "Relayed statements within this claim, whatever their depth.", "86"),
        *("the foreign key's own",),
        path="within_id",
        is_many=True,
    ),
    Field("engine", Text(), "Version of the engine.", "1.0.0", "run_by_engine", path="run__engine_version"),
    *moments("claim", "claim_by_creation, claim_by_change"),
)
_DESK = (
    Field(
        *("review_status", Choice(Claim.ReviewStatus.values), "Where the desk's work stands.", "new"),
        *("claim_by_review_status",),
    ),
    Field("rating", RATING, "Slug of the published verdict's rating.", "false", "verdict_by_rating", **_RATED),
    Field("verdict__rating", RATING, "As `rating`.", "false", "verdict_by_rating", **_RATED),
    Field(
        *("verdict__rating__value", Number(), "The published rating's number, which grows with truth.", "1"),
        *("verdict_by_rating",),
        path="rating_id",
        find=ratings_where("value"),
        is_turned=False,
        **_FINDING,
    ),
    Field(
        *("verdict__published_at", Moment(), "When its verdict was published.", "2026-03-01", "verdict_by_publication"),
        path="published_at",
        is_equal=False,
        **_FINDING,
    ),
    Field("verdict", RowId(), "Id of its published verdict.", "12", "primary key", **_FINDING_ITSELF),
    Field("note", RowId(), "Id of a note on it.", "3", "primary key", path="id", lookups=_NONE, **_NOTE),
    Field("note__kind", _NOTE_KIND, "What a note on it is for.", "question", "the note's claim", path="kind", **_NOTE),
    Field(
        *("tag", TagName(), "A tag of the desk's that it bears, by name.", "budget", "claim_by_tag"),
        path="tag__key",
        inside=_tags,
        key="claim",
        is_few=True,
        lookups=("in", "isnull"),
        permission="claims.view_tag",
    ),
    Field(
        *("assignee", IdOrSlug(), "Id or name of the account it is assigned to.", "7", "claim_by_assignee"),
        path="assignee_id",
        is_many=True,
        lookups=_NONE,
        find=users_by_id_or_name,
        permission="claims.view_note",
    ),
)
CLAIM_FIELDS = (*_WHO, *_WHAT, *_WHERE, *_DESK)
