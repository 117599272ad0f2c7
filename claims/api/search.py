"""Words in claims, articles and names: what the filters called `search` take and find."""

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import F, QuerySet

from claims.api.access import may
from claims.models import Claim, SpeakerAlias
from sources.api.filters import RANK
from sources.api.statements import AnyOf, Slot, Statement, statements
from sources.api.values import Value
from sources.models import Article
from sources.search.conditions import IDS, Found, all_with, look_up, narrow
from sources.search.words import NoWordsError, SearchQuery, Term, parse_search

MAX_LENGTH = 300
WORDS = (
    'Words of {}, all of them in any order; case and accents aside. `"such words"` follow each other, `tax*` goes on, '
    "`-word` must not occur."
)


class SearchWords(Value):
    """Words, "phrases", prefix* and -exclusions."""

    schema = {"type": "string", "maxLength": MAX_LENGTH}
    lookups = ()

    def clean(self, text: str) -> SearchQuery:
        if len(text) > MAX_LENGTH:
            raise ValidationError(f"At most {MAX_LENGTH} characters, got {len(text)}.", code="max_length")
        try:
            return parse_search(super().clean(text))
        except NoWordsError as error:
            raise ValidationError(str(error), code="no_words") from None

    def as_json(self, value: SearchQuery) -> list[dict[str, Any]]:
        """The terms, as they are looked for."""
        return [
            {"words": list(term.words), "is_prefix": term.is_prefix, "is_excluded": term.is_excluded}
            for term in value.terms
        ]


def may_read_texts(request: Any) -> bool:
    """Whether the reader sees articles' texts."""
    return settings.PUBLIC_ARTICLE_TEXT or may(request, "sources.view_article")


def sought_in_claims(query: SearchQuery, request: Any) -> Found:
    """Claims by the words of their text."""
    return look_up(Claim, query, is_ranked=_is_ranked(request))


def sought_in_articles(query: SearchQuery, request: Any) -> Found:
    """Articles by the words of headline and text; by those of the headline where the text is not for everybody."""
    column = "" if may_read_texts(request) else "headline"
    return look_up(Article, query, column, is_ranked=_is_ranked(request))


def _is_ranked(request: Any) -> bool:
    return bool(request.query_params.get("ordering", "").removeprefix("-") == RANK)


def with_words(queryset: QuerySet, found: Found, exclude: bool, request: Any) -> QuerySet:
    """The rows that a search found."""
    if found.how == IDS and isinstance(found.values[0], Slot):
        return queryset.filter(AnyOf(F("pk"), found.values[0]))
    return narrow(queryset, found)


def speakers_with_words(queryset: QuerySet, query: SearchQuery, exclude: bool, request: Any) -> QuerySet:
    """Speakers one of whose names has the words."""
    return queryset.filter(pk__in=all_with(SpeakerAlias.objects.all(), query).values("speaker"))


def claim_texts(request: Any, ids: list[int], answers: list[dict[str, Any]]) -> dict[int, tuple[str, ...]]:
    """Of each claim the text that is searched; most answers have it already."""
    if answers and "text" in answers[0]:
        return {pk: (answer["text"],) for pk, answer in zip(ids, answers, strict=True)}
    rows = statements.get("texts of claims", _texts_of_claims).rows({"ids": ids}) if ids else []
    return {pk: (text,) for pk, text in rows}


def _texts_of_claims() -> Statement:
    return Statement(Claim.objects.filter(AnyOf(F("pk"), Slot("ids"))).order_by().values_list("pk", "text"))


def article_texts(request: Any, ids: list[int], answers: Any) -> dict[int, tuple[str, ...]]:
    """Of each article the texts that are searched for this reader."""
    columns = Article.fulltext if may_read_texts(request) else Article.fulltext[:1]
    return {row[0]: row[1:] for row in Article.objects.filter(pk__in=ids).values_list("pk", *columns)}


def speaker_names(request: Any, ids: list[int], answers: Any) -> dict[int, tuple[str, ...]]:
    """Of each speaker all names."""
    names: dict[int, tuple[str, ...]] = {}
    for pk, name in SpeakerAlias.objects.filter(speaker_id__in=ids).order_by("id").values_list("speaker_id", "name"):
        names[pk] = (*names.get(pk, ()), name)
    return names


def claims_having(word: str) -> QuerySet:
    """Claims with a word, or none where it is no word at all."""
    return _having(Claim, word)


def names_having(word: str) -> QuerySet:
    """Speakers' names with a word, or none where it is no word at all."""
    return _having(SpeakerAlias, word)


def _having(model: Any, word: str) -> QuerySet:
    try:
        terms = parse_search(word).terms
    except NoWordsError:
        return model.objects.none()
    return all_with(model.objects.all(), SearchQuery(tuple(Term(term.words) for term in terms)))
