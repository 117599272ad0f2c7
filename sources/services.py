"""Writes of sources and articles. Each runs inside the caller's transaction."""

import hashlib
import re
import unicodedata
from collections.abc import Collection
from datetime import date
from urllib.parse import urlsplit

from django.db import IntegrityError, transaction
from django.db.models import Model, Q
from django.utils.text import slugify

from sources.models import UNKNOWN_SLUG, Article, Source, SourceAlias
from sources.parsing import ParsedArticle

_NOT_WORD = re.compile(r"[\W_]+")


def source_key(name: str) -> str:
    """The key by which an outlet is met again: case, accents, punctuation and a leading "the" aside."""
    folded = unicodedata.normalize("NFKD", name).casefold()
    folded = "".join(char for char in folded if not unicodedata.combining(char))
    words = _NOT_WORD.sub(" ", folded).split()
    if len(words) > 1 and words[0] == "the":
        words = words[1:]
    return " ".join(words)[:200] or name.strip().casefold()[:200]


def text_sha256(text: str) -> str:
    """The hash by which the same text is known again."""
    return hashlib.sha256(text.encode()).hexdigest()


def find_source(name: str, url: str = "") -> Source | None:
    """The outlet of that name; without a name the one whose domain is in the address, else `unknown`.

    An address alone makes no outlet: an aggregator's host would swallow every paper that it copies.
    """
    if name.strip():
        return Source.objects.named(source_key(name)).first()
    domain = (urlsplit(url).hostname or "").removeprefix("www.") if url else ""
    if domain and (source := Source.objects.filter(domain=domain).order_by("id").first()):
        return source
    return Source.objects.filter(slug=UNKNOWN_SLUG).first()


def find_or_create_source(name: str, url: str = "") -> Source:
    """As `find_source`, and makes the outlet, or `unknown`, where it is not there yet."""
    if source := find_source(name, url):
        return source
    name = name.strip()[:200]
    return _create_source(name) if name else _create_source("Unknown", slug=UNKNOWN_SLUG)


def _create_source(name: str, slug: str = "") -> Source:
    key = source_key(name)
    base = slug or slug_of(name)
    while True:
        try:
            with transaction.atomic():
                source = Source.objects.create(name=name, slug=free_slug(base, taken_slugs(Source, [base])))
                SourceAlias.objects.create(source=source, name=name, key=key)
                return source
        except IntegrityError:  # another writer took the name or the slug first
            if stored := Source.objects.named(key).first():
                return stored


def slug_of(name: str) -> str:
    """The plain slug of a name: ASCII where that leaves anything, else the name's own letters."""
    return (slugify(name) or slugify(name, allow_unicode=True) or "unnamed")[:180]


def taken_slugs(model: type[Model], bases: Collection[str]) -> set[str]:
    """Slugs of `model` that begin like one of `bases`; one query."""
    wanted = Q()
    for base in bases:
        wanted |= Q(slug=base) | Q(slug__startswith=f"{base}-")
    return set(model._default_manager.filter(wanted).values_list("slug", flat=True)) if bases else set()


def free_slug(base: str, taken: Collection[str]) -> str:
    """`base` itself, else with the first number behind it that is not taken."""
    if base not in taken:
        return base
    number = 2
    while f"{base}-{number}" in taken:
        number += 1
    return f"{base}-{number}"


def find_article(parsed: ParsedArticle, source: Source | None) -> Article | None:
    """The stored article with this text of this outlet; else one of any outlet whose text, this one, was taken down."""
    same = Article.objects.filter(text_sha256=text_sha256(parsed.text))
    found = list(same.filter(Q(source=source) | ~Q(text_withheld="")) if source else same.exclude(text_withheld=""))
    return next((article for article in found if source and article.source_id == source.pk), next(iter(found), None))


def create_article(parsed: ParsedArticle, source: Source, language: str, *, sha256: str = "") -> Article:
    """Stores a new article; one at the same address with another text becomes the version before it.

    Args:
        parsed: What is stored.
        source: Its outlet.
        language: As found.
        sha256: The hash by which it is known again, where that is not the hash of the text as it is stored.

    Raises:
        IntegrityError: another writer has stored the same text meanwhile.
    """
    previous = Article.objects.same_story(source.pk, parsed.url).first() if parsed.url else None
    return Article.objects.create(
        source=source,
        url=parsed.url,
        headline=parsed.headline[:1000],
        byline=parsed.byline[:500],
        dateline_place=parsed.dateline_place[:200],
        published_on=parsed.published_on or _day(parsed),
        published_at=parsed.published_at,
        language=language,
        text=parsed.text,
        text_sha256=sha256 or text_sha256(parsed.text),
        external_id=parsed.external_id[:200],
        supersedes=previous,
    )


def versions_of(article: Article) -> list[Article]:
    """All versions of an article's story, itself included, newest first; their texts stay in the database.

    Those at one address of one outlet; without an address, those that supersede one another.
    """
    if article.url:
        same = Article.objects.same_story(article.source_id, article.url)
        return list(same.select_related("source").defer("text"))
    ids, newest = {article.pk}, {article.pk}
    while newest:
        near = Article.objects.filter(Q(supersedes__in=newest) | Q(superseded_by__in=newest))
        newest = set(near.values_list("pk", flat=True)) - ids
        ids |= newest
    return list(Article.objects.filter(pk__in=ids).select_related("source").defer("text").order_by("-id"))


def _day(parsed: ParsedArticle) -> date | None:
    return parsed.published_at.date() if parsed.published_at else None
