"""Rows for tests, made directly: no engine, no services, so that a test of reading fails for its own reasons only."""

import hashlib
from datetime import UTC, date, datetime
from itertools import count
from typing import Any

from django.contrib.auth.models import Group, User
from django.utils import timezone

from claims.extraction.identity import alias_key
from claims.models import (
    ApiToken,
    Claim,
    ClaimSpeaker,
    ExternalReview,
    ExtractionRun,
    Note,
    Rating,
    SecondOpinion,
    Speaker,
    SpeakerAlias,
    Verdict,
    Webhook,
    WebhookAttempt,
    WebhookDelivery,
)
from claims.outgoing import new_secret
from claims.services.tokens import create_token, digest_of, valid_tokens
from sources.models import Article, Source

_numbers = count(1)


def make_source(name: str = "", **values: Any) -> Source:
    """An outlet."""
    number = next(_numbers)
    return Source.objects.create(name=name or f"Outlet {number}", slug=values.pop("slug", f"outlet-{number}"), **values)


def make_article(source: Source | None = None, **values: Any) -> Article:
    """An article with a text of its own."""
    text = values.pop("text", f"Story number {next(_numbers)}.")
    return Article.objects.create(
        source=source or make_source(),
        text=text,
        text_sha256=hashlib.sha256(text.encode()).hexdigest(),
        headline=values.pop("headline", "A story"),
        published_on=values.pop("published_on", date(2026, 3, 1)),
        **values,
    )


def make_speaker(name: str = "", *aliases: str, **values: Any) -> Speaker:
    """A speaker that is known by its name and by further ones."""
    number = next(_numbers)
    name = name or f"Speaker Number{number}"
    slug = values.pop("slug", f"speaker-{number}")
    speaker = Speaker.objects.create(name=name, slug=slug, kind=values.pop("kind", "person"), **values)
    for alias in (name, *aliases):
        SpeakerAlias.objects.create(speaker=speaker, name=alias, key=alias_key(alias))
    return speaker


def make_claim(*speakers: Speaker, article: Article | None = None, text: str = "", **values: Any) -> Claim:
    """A claim of these speakers; its date is the article's unless given."""
    article = article or make_article()
    number = next(_numbers)
    text = text or f"Claim number {number}."
    start = values.pop("start", 0)
    said_on = values.pop("said_on", article.published_on)
    run = values.pop("run", None) or article.runs.first()
    run = run or ExtractionRun.objects.create(article=article, engine_version="test-1")
    defaults: dict[str, Any] = {
        "spans": [{"start": start, "end": start + len(text), "quote": text}],
        "span_key": f"{number}",
        "cue_text": "said",
        "cue_spans": [{"start": 0, "end": 4, "quote": "said"}],
        "kind": "indirect",
        "act": "statement",
        "confidence": 0.9,
        "speaker_status": "resolved" if speakers else "unnamed",
        "depth": 1 if values.get("within") else 0,
        "found_by": [run.engine_version],
    }
    claim = Claim.objects.create(
        article=article, run=run, text=text, start=start, said_on=said_on, **(defaults | values)
    )
    for position, speaker in enumerate(speakers):
        ClaimSpeaker.objects.create(
            claim=claim, speaker=speaker, words="she", name=speaker.name, position=position, said_on=said_on
        )
    return claim


def make_user(group: str = "", **values: Any) -> User:
    """A user, in a group of the roles table if one is named."""
    user = User.objects.create_user(username=values.pop("username", f"user{next(_numbers)}"), **values)
    if group:
        user.groups.add(Group.objects.get(name=group))
    return user


def make_token(group: str = "fact-checker", *, scope: str = "write", user: User | None = None, **values: Any) -> str:
    """The text of a token of a (new) user."""
    return create_token(user or make_user(group), scope=ApiToken.Scope(scope), **values)[1]


def make_note(claim: Claim | None = None, **values: Any) -> Note:
    """A note."""
    return Note.objects.create(
        claim=claim or make_claim(),
        author=values.pop("author", None) or make_user(),
        text=values.pop("text", "Look at the budget."),
        **values,
    )


def make_verdict(
    claim: Claim | None = None, *, rating: str = "false", state: str = "published", **values: Any
) -> Verdict:
    """A verdict, published unless said otherwise."""
    return Verdict.objects.create(
        claim=claim or make_claim(),
        rating=Rating.objects.get(slug=rating),
        state=state,
        author=values.pop("author", None) or make_user(),
        published_at=datetime(2026, 4, 1, tzinfo=UTC) if state == "published" else None,
        **values,
    )


def make_opinion(verdict: Verdict | None = None, *, rating: str = "false", **values: Any) -> SecondOpinion:
    """A second opinion on a proposed verdict, not decided."""
    verdict = verdict or make_verdict(state="proposed")
    return SecondOpinion.objects.create(
        verdict=verdict,
        reviewer=values.pop("reviewer", None) or make_user(),
        rating=Rating.objects.get(slug=rating),
        first_rating=verdict.rating,
        is_blind=values.pop("is_blind", True),
        **values,
    )


def make_external_review(**values: Any) -> ExternalReview:
    """A review by another desk."""
    number = next(_numbers)
    defaults = {
        "key": f"{number}",
        "url": f"https://check.example/{number}",
        "claim": f"Claim {number}",
        "rating": "False",
        "site": "check.example",
    }
    return ExternalReview.objects.create(**(defaults | values))


def make_webhook(**values: Any) -> Webhook:
    """A subscription to everything."""
    defaults = {"name": "Archive", "url": "https://hook.example/in", "events": list(Webhook.Event.values)}
    owner = values.pop("created_by", None) or make_user()
    return Webhook.objects.create(**(defaults | values), secret=new_secret(), created_by=owner)


def make_delivery(webhook: Webhook | None = None, **values: Any) -> WebhookDelivery:
    """A message that one attempt did not deliver."""
    number = next(_numbers)
    defaults: dict[str, Any] = {
        "message_id": f"msg_{number}",
        "type": "claim.created",
        "body": '{"type":"claim.created","data":{"claims":[]}}',
        "due_at": datetime(2026, 4, 1, tzinfo=UTC),
        "attempts": 1,
    }
    delivery = WebhookDelivery.objects.create(webhook=webhook or make_webhook(), **(defaults | values))
    WebhookAttempt.objects.create(delivery=delivery, status=500, answer="out of order", seconds=0.1)
    return delivery


def find_token(plain: str) -> ApiToken | None:
    """The valid token of this text, as a request's header is looked up."""
    return valid_tokens(digest_of(plain), timezone.now()).select_related("user").first()
