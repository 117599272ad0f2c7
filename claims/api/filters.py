"""The filters of every list about claims: tables that `sources.api.filters` reads.

What readers may not see they may not filter by either: the rows that come back would tell it.
"""

from typing import Any

from django.db.models import QuerySet

from claims.api.claim_fields import (
    CLAIM_FACETS,
    CLAIM_FIELDS,
    RATING,
    Address,
    articles_at,
    speakers_by_id_or_slug,
    speakers_named,
    users_by_id_or_name,
)
from claims.api.search import (
    WORDS,
    SearchWords,
    article_texts,
    claim_texts,
    sought_in_articles,
    speaker_names,
    speakers_with_words,
    with_words,
)
from claims.models import ClaimSpeaker, Note, Scale, Speaker, Verdict
from sources.api.extras import Facet
from sources.api.filters import Field, Options, TableFilterSet, moments, source_fields
from sources.api.values import Choice, Day, Flag, IdOrSlug, Moment, Number, RowId, Text, Value

_FEW = "editors write them: thousands, not millions"
_BY_ID = "primary key"
_ROWS: Options = {"is_many": True}
_CLAIM: Options = {"path": "claim_id", "is_many": True}
_AUTHOR: Options = {"path": "author_id", "is_many": True, "find": users_by_id_or_name, "permission": "claims.view_note"}
_REVIEWER: Options = _AUTHOR | {"path": "reviewer_id", "lookups": ("isnull",)}
_SAID_BY: Options = {
    "path": "speaker_id",
    "is_many": True,
    "find": speakers_by_id_or_slug,
    "inside": lambda request: ClaimSpeaker.objects.all(),
    "key": "claim",
    "own": "claim_id",
}


class ClaimFilter(TableFilterSet):
    """Filters of claims. Lists hold what was said directly; what is relayed comes only where it is asked for."""

    fields = CLAIM_FIELDS
    implied = ((frozenset({"depth", "within"}), {"depth": 0}),)
    facets = CLAIM_FACETS
    is_ranked = True
    texts = claim_texts


class SpeakerFilter(TableFilterSet):
    """Filters of speakers."""

    fields = (
        Field(
            *("id", IdOrSlug(), "The id, or the slug; a merged speaker's means its survivor.", "28", _BY_ID),
            is_many=True,
            find=speakers_by_id_or_slug,
        ),
        Field(
            *("slug", IdOrSlug(), "As `id`.", "ada-quill", "unique"),
            path="id",
            is_many=True,
            find=speakers_by_id_or_slug,
        ),
        Field(
            *("name", Value(), "Any name, whole; case, accents and titles aside.", "Mayor Quill", "alias_by_key"),
            path="id",
            find=speakers_named,
        ),
        Field("kind", Choice(Speaker.Kind.values), "What bears the name.", "person", "speaker_by_name, in its order"),
        Field(
            *("search", SearchWords(), WORDS.format("one of the names"), "quill", "full text"),
            apply=speakers_with_words,
            is_turned=False,
        ),
        Field(
            *("hidden", Flag(), "Whether the public sees the speaker.", "true", "speaker_by_name, in its order"),
            path="is_hidden",
            permission="claims.view_speaker",
            is_turned=False,
        ),
        *moments("speaker", "speaker_by_creation, speaker_by_change"),
    )
    facets = {"kind": Facet("kind")}
    texts = speaker_names


def _quoted(request: Any) -> QuerySet:
    links = ClaimSpeaker.objects.filter(claim__is_current=True)
    return links.filter(speaker__is_hidden=False)


class ArticleFilter(TableFilterSet):
    """Filters of articles."""

    fields = (
        Field("id", RowId(), "The article's id.", "6", _BY_ID, is_many=True),
        *source_fields("source_id", "article_by_source"),
        Field(
            *("url", Address(), "Where it was published, however spelt; all versions.", "https://post.example/story"),
            *("article_by_url",),
            path="id",
            is_many=True,
            lookups=(),
            is_turned=False,
            find=articles_at,
        ),
        Field("language", Text(), "BCP 47, as found; `und` if unknown.", "en", "article_by_language", lookups=("in",)),
        Field(
            *("speaker", IdOrSlug(), "Id or slug of a speaker who is quoted in it.", "ada-quill", "link_by_speaker"),
            path="speaker_id",
            is_many=True,
            find=speakers_by_id_or_slug,
            inside=_quoted,
            key="claim__article",
        ),
        Field(
            *("search", SearchWords(), WORDS.format("headline and text"), "bridge", "full text"),
            seek=sought_in_articles,
            apply=with_words,
            is_turned=False,
        ),
        Field(
            *("published_on", Day(), "The day of publication.", "2026-03-01", "article_by_date"),
            lookups=(*Day.lookups, "isnull"),
        ),
        Field(
            *("published_at", Moment(), "The moment of publication.", "2026-03-01", "article_by_date, in its order"),
            is_equal=False,
            lookups=(*Moment.lookups, "isnull"),
        ),
        Field("supersedes", RowId(), "The version before it.", "5", "the foreign key's own", lookups=("isnull",)),
        *moments("article", "article_by_creation, article_by_change"),
    )
    facets = {"source": Facet("source__slug", "source__name"), "language": Facet("language")}
    is_ranked = True
    texts = article_texts


class NoteFilter(TableFilterSet):
    """Filters of notes."""

    fields = (
        Field("id", RowId(), "The note's id.", "3", _BY_ID, is_many=True),
        Field("claim", RowId(), "Id of a claim.", "86", "the foreign key's own", **_CLAIM),
        Field("kind", Choice(Note.Kind.values), "What it is for.", "question", _FEW),
        Field("is_public", Flag(), "Whether the public sees it.", "true", _FEW, is_turned=False),
        Field("author", IdOrSlug(), "Id or name of who signed it.", "7", "the foreign key's own", **_AUTHOR),
        Field("speaker", IdOrSlug(), "Who said it.", "ada-quill", _FEW, **_SAID_BY),
        *moments("note", "note_by_creation"),
    )
    facets = {"kind": Facet("kind")}


class VerdictFilter(TableFilterSet):
    """Filters of verdicts."""

    fields = (
        Field("id", RowId(), "The verdict's id.", "12", _BY_ID, is_many=True),
        Field("claim", RowId(), "Id of a claim.", "86", "the foreign key's own", **_CLAIM),
        Field("rating", RATING, "Slug of its rating.", "false", "verdict_by_rating", path="rating__slug", **_ROWS),
        Field(
            *("rating__value", Number(), "Its rating's number, which grows with truth.", "1", "verdict_by_rating"),
            is_turned=False,
        ),
        Field("state", Choice(Verdict.State.values), "How far the finding is.", "published", _FEW),
        Field("speaker", IdOrSlug(), "Who said it.", "ada-quill", _FEW, **_SAID_BY),
        Field("author", IdOrSlug(), "Id or name of who found it.", "7", "the foreign key's own", **_AUTHOR),
        Field("reviewer", IdOrSlug(), "Id or name of who published it.", "7", "the foreign key's own", **_REVIEWER),
        Field(
            *("published_at", Moment(), "When it was published.", "2026-03-01", "verdict_by_publication"),
            is_equal=False,
            lookups=(*Moment.lookups, "isnull"),
        ),
        *moments("verdict", _FEW),
    )
    facets = {"rating": Facet("rating__slug", "rating__label"), "state": Facet("state")}


class ReviewFilter(TableFilterSet):
    """Filters of published verdicts."""

    fields = (
        Field("claim", RowId(), "Id of a claim.", "86", "the foreign key's own", lookups=(), **_CLAIM),
        Field("rating", RATING, "Slug of its rating.", "false", "verdict_by_rating", path="rating__slug", **_ROWS),
        Field(
            *("published_at", Moment(), "When it was published.", "2026-03-01", "verdict_by_publication"),
            is_equal=False,
        ),
    )


class RatingFilterSet(TableFilterSet):
    """Filters of ratings."""

    fields = (
        Field("slug", RATING, "The rating's slug.", "false", "unique", **_ROWS),
        Field(
            *("scale", Choice(lambda: Scale.objects.values_list("slug", flat=True)), "Slug of the scale.", "truth"),
            *("unique",),
            path="scale__slug",
        ),
        Field("value", Number(), "Its number, which grows with truth.", "1", _FEW, is_turned=False),
    )
