"""Taking an article's text down: for good, everywhere, with a reason that readers are told.

What stays is what a catalogue would hold (headline, outlet, date, address), the claims with their speakers and, by the
desk's choice, their short quotes; offsets stay as numbers without a text. The hash stays too, so that the same text is
refused when it comes again, from whatever outlet. All articles with exactly this text go at once: a syndicated copy is
the same text. Editors' own notes and verdicts are not touched: they are the desk's words. Do not bring a text back by
clearing `text_withheld`; there is nothing behind it.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db import models, transaction
from django.utils import timezone

from claims.errors import Conflict, InvalidValue
from claims.models import Change, Claim, ClaimSpeaker, Note, Verdict
from claims.services.history import record_change, require, require_reason
from claims.services.masking import JOINT, LONGEST_QUOTE, WITHHELD, Rewriter, map_strings, shortened
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

PERMISSION = "sources.take_down_article"
_PROBE = 60  # characters by which a copy of the text is known in rows that no foreign key ties to the article
_PROBES = 5


@dataclass(frozen=True, slots=True)
class TakedownPlan:
    """What taking a text down will do, in numbers.

    Attributes:
        articles: All articles with exactly this text.
        claims: Their claims.
        long_quotes: Claims whose quote is longer than a short one and would be cut.
        versions: Other versions of the stories; their texts stay.
        notes: Notes on the claims; they stay as their authors wrote them.
        verdicts: Verdicts on the claims; they stay as well.
    """

    articles: tuple[Article, ...]
    claims: int
    long_quotes: int
    versions: tuple[Article, ...]
    notes: int
    verdicts: int


def plan_takedown(article: Article) -> TakedownPlan:
    """What `take_down_text` would do to this article and its copies."""
    copies = tuple(Article.objects.filter(text_sha256=article.text_sha256, text_withheld="").order_by("pk"))
    claims = Claim.objects.filter(article__in=copies)
    ids = [copy.pk for copy in copies]
    versions = Article.objects.none()
    for copy in copies:
        if copy.url:
            versions |= Article.objects.same_story(copy.source_id, copy.url).exclude(pk__in=ids)
    return TakedownPlan(
        articles=copies,
        claims=claims.count(),
        long_quotes=sum(len(text) > LONGEST_QUOTE for text in claims.values_list("text", flat=True)),
        versions=tuple(versions.filter(text_withheld="")),
        notes=Note.objects.filter(claim__in=claims).count(),
        verdicts=Verdict.objects.filter(claim__in=claims).count(),
    )


@transaction.atomic
def take_down_text(article: Article, *, actor: Any, code: str, reason: str, keep_quotes: bool) -> list[Article]:
    """Removes the text of an article, and of all with exactly this text, from every place.

    Args:
        article: Any of them.
        actor: Who decides.
        code: Why, as readers are told (`Article.Withheld`).
        reason: Why, for the desk.
        keep_quotes: Whether claims keep quotes of up to `masking.LONGEST_QUOTE` characters.

    Returns:
        The articles whose text is gone now.

    Raises:
        NotAllowed: the actor may not take texts down.
        InvalidValue: no such code, or no reason.
        Conflict: the text is down already.
    """
    require(actor, PERMISSION)
    reason = require_reason(reason)
    if code not in Article.Withheld.values:
        raise InvalidValue(f"code must be one of {', '.join(Article.Withheld.values)}.", field="code")
    copies = list(
        Article.objects.select_for_update().filter(text_sha256=article.text_sha256, text_withheld="").order_by("pk")
    )
    if article.pk not in {copy.pk for copy in copies}:
        raise Conflict("This text is taken down already.")
    for copy in copies:
        _take_down(copy, code, keep_quotes)
        after = {"text_withheld": code, "quotes": "kept" if keep_quotes else "removed"}
        record_change(copy, "take_down_text", actor=actor, before={"text_withheld": ""}, after=after, reason=reason)
    drop_opaque_copies()
    forget_search_terms()
    return copies


def _take_down(article: Article, code: str, keep_quotes: bool) -> None:
    claims = list(article.claims.order_by("pk"))
    for claim in claims:
        _strip(claim, keep_quotes)
    if not keep_quotes:
        ClaimSpeaker.objects.filter(claim__article=article).update(words=WITHHELD)
    kept = "\n".join(quote for claim in claims for quote in _quotes(claim))
    rewriter = Rewriter(article.text, "", kept=kept, spare=_names(article))
    for claim in claims:
        _strip_further(claim, rewriter, keep_quotes)
        claim.save()
    probes = _probes(article.text)
    for model in swept_models(without=(Article, Claim, ClaimSpeaker, Note, Verdict)):
        path = path_to_article(model)
        if path:
            rewrite(model._base_manager.filter(**{path: article.pk}), rewriter.json)
        elif model is not Change:
            rewrite(model._base_manager.all(), embedded({article.pk: rewriter}, partial(_without_copies, probes)))
    rewrite(Change.objects.filter(model="article", object_id=article.pk), rewriter.json)
    rewrite(Change.objects.filter(claim=None), partial(_without_copies, probes))
    article.text, article.text_withheld = "", code
    article.save(update_fields=["text", "text_withheld", "modified_at"])


def _names(article: Article) -> frozenset[str]:
    """Who speaks in the article: that a name occurs in a text makes it no copy of the text."""
    links = ClaimSpeaker.objects.filter(claim__article=article)
    return frozenset(name for pair in links.values_list("name", "speaker__name") for name in pair if name)


def _quotes(claim: Claim) -> list[str]:
    return [span["quote"] for span in (*claim.spans, *claim.cue_spans, *claim.mention_spans) if span["quote"]]


def _strip(claim: Claim, keep_quotes: bool) -> None:
    """The claim without the sentences around it and, where quotes go, without any word of the article."""
    for name in ("spans", "cue_spans", "mention_spans"):
        spans = getattr(claim, name)
        setattr(claim, name, [span | {"quote": shortened(span["quote"]) if keep_quotes else ""} for span in spans])
    claim.text = (keep_quotes and JOINT.join(span["quote"] for span in claim.spans)) or WITHHELD
    if not keep_quotes:
        claim.cue_text = claim.mention_text = ""
    claim.text_key = text_key(claim.text)
    claim.context = ""
    claim.modified_at = timezone.now()


def _strip_further(claim: Claim, rewriter: Rewriter, keep_quotes: bool) -> None:
    """Columns that other parts of the desk add, such as the engine's own values behind a correction."""
    handled = {"text", "spans", "cue_text", "cue_spans", "mention_text", "mention_spans", "context", "span_key"}
    for field in claim._meta.concrete_fields:
        if field.name not in handled and isinstance(field, (models.JSONField, models.TextField)):
            setattr(claim, field.attname, rewriter.json(_without_words(getattr(claim, field.attname), keep_quotes)))


def _without_words(values: Any, keep_quotes: bool) -> Any:
    """The engine's own values without cue, mention and context, which are words of the article as well."""
    if not isinstance(values, dict):
        return values
    gone = ("context",) if keep_quotes else ("context", "cue_text", "mention_text", "words")
    emptied = {name: "" if name in gone and isinstance(value, str) else value for name, value in values.items()}
    return emptied if keep_quotes or "text" not in emptied else emptied | {"text": WITHHELD}


def _probes(text: str) -> list[str]:
    """Some stretches of the text, as they stand and as JSON writes them, by which copies are known."""
    if len(text) < _PROBE:
        return [text, json.dumps(text)[1:-1]]
    step = max(1, (len(text) - _PROBE) // (_PROBES - 1))
    pieces = [text[at : at + _PROBE] for at in range(0, len(text) - _PROBE + 1, step)]
    return list(dict.fromkeys(form for piece in pieces for form in (piece, json.dumps(piece)[1:-1])))


def _without_copies(probes: Sequence[str], value: Any) -> Any:
    """A value whose strings are no copies of the text; a shorter quotation is not one."""

    def change(string: str) -> str:
        return WITHHELD if len(string) >= _PROBE and any(probe in string for probe in probes) else string

    return map_strings(value, change)
