"""Erasing a person's data on request: names, aliases, mentions, roles and, by choice, quotes, from every table.

Names are masked character for character (`claims.services.masking`), in articles' texts as well, so that offsets and
quotes stay true for everything else in the text. The speaker's row stays as an empty, hidden tombstone, since claims
and old links point at its id. What is remembered is a keyed hash of each full name, by which `withholding` knows the
person in the next article. A bare surname is masked only in the articles in which the person speaks: elsewhere it is
somebody else's. Other speakers' own rows are never touched, not even a namesake's.

This cannot be undone. Do not write the person's name into the ledger, a reason or a log line here.
"""

import hashlib
import hmac
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone

from claims.errors import Conflict, InvalidValue
from claims.extraction.context import context_of
from claims.extraction.identity import alias_key
from claims.extraction.values import Span
from claims.models import (
    Change,
    Claim,
    ClaimSpeaker,
    ErasedName,
    Erasure,
    Note,
    Speaker,
    SpeakerAlias,
    SpeakerMerge,
    Verdict,
)
from claims.services.history import record_change, require, require_reason
from claims.services.masking import JOINT, WITHHELD, NameMask, Rewriter, blank
from claims.services.sweep import (
    drop_opaque_copies,
    embedded,
    forget_search_terms,
    path_to_article,
    rewrite,
    swept_models,
)
from claims.services.wording import text_key
from sources.models import Article

PERMISSION = "claims.erase_speaker"
TOMBSTONE = "Withheld"
_KEPT_COLUMNS = {"id", "name", "slug", "kind", "merged_into", "is_hidden", "created_at", "modified_at"}
_ARTICLE_COLUMNS = ("headline", "byline", "dateline_place", "external_id")


@dataclass(frozen=True, slots=True)
class ErasurePlan:
    """What erasing a person will do, in numbers.

    Attributes:
        names: All names under which the person is stored.
        rows: Rows of the person: the speaker and all that were merged into it.
        claims: Claims attributed to the person.
        articles: Articles in which the person speaks.
        named_in: Further articles whose text has the full name.
        notes: Notes on the claims; names in them are masked.
        verdicts: Verdicts on the claims; names in them are masked.
        namesakes: Other speakers that bear one of the full names; in new articles that name is withheld for them too.
    """

    names: tuple[str, ...]
    rows: int
    claims: int
    articles: int
    named_in: int
    notes: int
    verdicts: int
    namesakes: tuple[Speaker, ...]


@dataclass(frozen=True, slots=True)
class _Person:
    """The rows and names of the one to be erased."""

    speaker: Speaker
    ids: frozenset[int]
    full: frozenset[str]
    short: frozenset[str]


def digest(key: str) -> str:
    """The keyed hash by which an erased name is known again; the key is `ERASURE_PEPPER`."""
    return hmac.new(settings.ERASURE_PEPPER.encode(), key.encode(), hashlib.sha256).hexdigest()


def plan_erasure(speaker: Speaker) -> ErasurePlan:
    """What `erase_person` would do to this speaker, and to all that were merged into it."""
    person = _person(speaker)
    claims = Claim.objects.filter(links__speaker__in=person.ids).distinct()
    articles = set(claims.values_list("article_id", flat=True))
    keys = {alias_key(name)[:300] for name in person.full}
    others = Speaker.objects.current().filter(aliases__key__in=keys).exclude(pk__in=person.ids).distinct()
    return ErasurePlan(
        names=tuple(sorted(person.full | person.short)),
        rows=len(person.ids),
        claims=claims.count(),
        articles=len(articles),
        named_in=sum(1 for pk in _articles_naming(NameMask(person.full)) if pk not in articles),
        notes=Note.objects.filter(claim__in=claims).count(),
        verdicts=Verdict.objects.filter(claim__in=claims).count(),
        namesakes=tuple(others.order_by("pk")),
    )


@transaction.atomic
def erase_person(speaker: Speaker, *, actor: Any, reason: str, keep_quotes: bool) -> Erasure:
    """Erases a person's data from every table; see the module's docstring for what that means.

    Args:
        speaker: The person, or one merged into it.
        actor: Who decides.
        reason: Why, without the person's name; a name in it is masked.
        keep_quotes: Whether the words of the claims stay, without the name.

    Raises:
        NotAllowed: the actor may not erase.
        InvalidValue: an organisation, or no reason.
        Conflict: the person is erased already.
    """
    require(actor, PERMISSION)
    reason = require_reason(reason)
    person = _person(speaker)
    if person.speaker.kind == Speaker.Kind.ORGANISATION:
        raise InvalidValue("An organisation has no personal data: hide it, or correct its kind first.", field="speaker")
    if Erasure.objects.filter(speaker__in=person.ids).exists():
        raise Conflict("This person's data are erased already.")
    list(Speaker.objects.select_for_update().filter(pk__in=person.ids).order_by("pk"))
    counts: Counter[str] = Counter(names=len(person.full | person.short))
    everywhere, at_home = NameMask(person.full), NameMask(person.full | person.short)
    claims = list(Claim.objects.filter(links__speaker__in=person.ids).distinct().order_by("pk"))
    homes = {claim.article_id for claim in claims}
    rewriters = {}
    for pk in sorted(homes.union(_articles_naming(everywhere))):
        own = [claim for claim in claims if claim.article_id == pk]
        rewriters[pk] = _mask_article(pk, own, person, at_home if own else everywhere, keep_quotes)
    counts.update(claims=len(claims), articles=len(homes), named_in=len(rewriters) - len(homes))
    _unlink(person)
    counts["other_rows"] = _sweep(person, rewriters, everywhere)
    _empty_rows(person)
    forget_search_terms()
    erasure = Erasure.objects.create(
        speaker=person.speaker, reason=at_home.mask(reason), quotes_kept=keep_quotes, counts=dict(counts), actor=actor
    )
    digests = sorted({digest(alias_key(name)[:300]) for name in person.full})
    ErasedName.objects.bulk_create((ErasedName(erasure=erasure, digest=one) for one in digests), ignore_conflicts=True)
    after = {"quotes": "kept" if keep_quotes else "removed", **counts}
    record_change(person.speaker, "erase_person", actor=actor, after=after, reason=erasure.reason)
    return erasure


def _person(speaker: Speaker) -> _Person:
    """The survivor with all that were ever merged into it, and every name of theirs."""
    root = speaker
    while root.merged_into_id:
        root = Speaker.objects.get(pk=root.merged_into_id)
    ids, newest = {root.pk}, {root.pk}
    while newest:
        newest = set(Speaker.objects.filter(merged_into__in=newest).values_list("pk", flat=True)) - ids
        ids |= newest
    names = set(Speaker.objects.filter(pk__in=ids).values_list("name", flat=True))
    names.update(SpeakerAlias.objects.filter(speaker__in=ids).values_list("name", flat=True))
    names.update(ClaimSpeaker.objects.filter(speaker__in=ids).exclude(name="").values_list("name", flat=True))
    for merge in SpeakerMerge.objects.filter(Q(survivor__in=ids) | Q(absorbed__in=ids)):
        dropped = merge.moved.get("aliases", {}).get("dropped", []) if isinstance(merge.moved, dict) else []
        names.update(row["name"] for row in dropped if row.get("speaker_id") in ids)
    full = {name for name in names if len(alias_key(name).split()) > 1}
    return _Person(root, frozenset(ids), frozenset(full or names), frozenset(names - full))


def _articles_naming(mask: NameMask) -> Iterator[int]:
    """Articles that have one of the names in text, headline, byline or address; reads every text once."""
    rows = Article.objects.order_by("pk").values_list("pk", "text", "url", *_ARTICLE_COLUMNS)
    for pk, *values in rows.iterator(chunk_size=200):
        if any(mask.places(value) for value in values if value):
            yield pk


def _mask_article(pk: int, own: list[Claim], person: _Person, mask: NameMask, keep_quotes: bool) -> Rewriter:
    """Masks an article and all its claims; returns what carries the change into their copies."""
    article = Article.objects.get(pk=pk)
    places = mask.places(article.text)
    for claim in own:
        if claim.links.exclude(speaker__in=person.ids).exists():
            continue  # a joint statement's words name the others too; the name itself is masked
        places += [(span["start"], span["end"]) for span in claim.mention_spans]
        if not keep_quotes:
            places += [(span["start"], span["end"]) for span in claim.spans]
    rewriter = Rewriter(article.text, blank(article.text, places), mask)
    article.text = rewriter.new
    article.url = mask.mask(article.url, by="x")
    for name in _ARTICLE_COLUMNS:
        setattr(article, name, mask.mask(getattr(article, name)))
    article.save(update_fields=["text", "url", *_ARTICLE_COLUMNS, "modified_at"])
    for claim in article.claims.order_by("pk"):
        requote(claim, rewriter)
        claim.modified_at = timezone.now()
        claim.save()
    return rewriter


def requote(claim: Claim, rewriter: Rewriter) -> None:
    """Gives a claim the words that stand at its places now."""
    handled = {"spans", "cue_spans", "mention_spans", "text", "cue_text", "mention_text", "context"}
    if rewriter.new:
        for spans, words in (("spans", "text"), ("cue_spans", "cue_text"), ("mention_spans", "mention_text")):
            quoted = rewriter.json(getattr(claim, spans))
            setattr(claim, spans, quoted)
            setattr(claim, words, JOINT.join(span["quote"] for span in quoted))
        claim.context = context_of(rewriter.new, [Span(span["start"], span["end"]) for span in claim.spans])
    else:  # the text was taken down before: its quotes may still have the name
        for name in handled:
            setattr(claim, name, rewriter.names.mask_json(getattr(claim, name)))
    claim.text_key = text_key(claim.text)
    for field in claim._meta.concrete_fields:
        if field.name not in handled and isinstance(field, (models.JSONField, models.TextField)):
            value = getattr(claim, field.attname)
            setattr(claim, field.attname, rewriter.json(value) if rewriter.new else rewriter.names.mask_json(value))


def _unlink(person: _Person) -> None:
    """The claims stay, said by somebody whose name is withheld."""
    links = ClaimSpeaker.objects.filter(speaker__in=person.ids)
    claims = set(links.values_list("claim_id", flat=True))
    links.update(speaker=None, words=WITHHELD, name="", key="", candidates=[])
    alone = Claim.objects.filter(pk__in=claims).exclude(links__speaker__isnull=False)
    Claim.objects.filter(pk__in=list(alone.values_list("pk", flat=True))).update(
        speaker_status=Claim.SpeakerStatus.UNNAMED
    )


def _sweep(person: _Person, rewriters: dict[int, Rewriter], everywhere: NameMask) -> int:
    """Masks the names in every other table; in rows of the person's articles also what was copied from the text."""
    changed = 0
    for model in swept_models(without=(Article, Claim, Speaker, SpeakerAlias, SpeakerMerge)):
        rows, path = model._base_manager.all(), path_to_article(model)
        if path:
            for pk, rewriter in rewriters.items():
                # A text that was taken down before has no words to compare with, only names to mask.
                change = rewriter.json if rewriter.new else rewriter.names.mask_json
                changed += rewrite(rows.filter(**{path: pk}), change)
            rows = rows.exclude(**{f"{path}__in": list(rewriters)})
        changed += rewrite(rows, embedded(rewriters, everywhere.mask_json))
    drop_opaque_copies()
    own = Change.objects.filter(model="speaker", object_id__in=person.ids)
    changed += own.update(before={}, after={})
    return changed


def _empty_rows(person: _Person) -> None:
    """Deletes what hangs on the person's rows and leaves the rows as tombstones."""
    SpeakerMerge.objects.filter(Q(survivor__in=person.ids) | Q(absorbed__in=person.ids)).delete()
    for relation in Speaker._meta.related_objects:
        model = relation.related_model
        if model in (Speaker, ClaimSpeaker, SpeakerMerge, Erasure):
            continue
        if isinstance(relation, models.ManyToManyRel):
            if relation.through is not None and relation.through._meta.auto_created:
                column = relation.field.m2m_reverse_field_name()
                relation.through._base_manager.filter(**{f"{column}__in": person.ids}).delete()
            continue
        rows = model._base_manager.filter(**{f"{relation.field.name}__in": person.ids})
        if relation.field.null and any(field.name == "claim" for field in model._meta.concrete_fields):
            rows.filter(claim__isnull=False).update(**{relation.field.name: None})
        rows.delete()
    for row in Speaker.objects.filter(pk__in=person.ids):
        row.name, row.slug = TOMBSTONE, f"withheld-{row.pk}"
        row.kind, row.is_hidden = Speaker.Kind.UNKNOWN, True
        for field in row._meta.concrete_fields:
            if field.name not in _KEPT_COLUMNS:  # columns that other parts of the desk add
                setattr(row, field.attname, None if field.null else field.get_default())
        row.save()


def erased_keys(keys: Collection[str]) -> set[str]:
    """Those alias keys that belong to somebody whose data were erased; one query."""
    digests = {digest(key[:300]): key for key in keys if key}
    found: Iterable[str] = ErasedName.objects.filter(digest__in=digests).values_list("digest", flat=True)
    return {digests[one] for one in found} if digests else set()
