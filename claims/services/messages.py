"""From events to messages: who is told, and in which words.

A message is written once, when the outbox is drained, and never again, so that every attempt carries the same text
under the same id. It shows the rows as they stand then; rows that have gone from the public view meanwhile are not
told. Many claims of one article are one message, up to `CLAIMS_A_MESSAGE`.

For VERDICT_CHANGED the part of a filter that asks for a rating or a verdict is left aside: who was told "false" must
hear that it is no longer so.
"""

import logging
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from claims.errors import InvalidValue
from claims.models import Claim, Webhook, WebhookDelivery, WebhookEvent
from claims.services.deliveries import disable
from claims.services.webhooks import Reader, new_delivery, reader

CLAIMS_A_MESSAGE = 50  # some 100 kB
EVENTS_A_ROUND = 50
HOPELESS = timedelta(hours=1)  # an event that cannot be told by then (a bug) stands in the way of nothing else
ABOUT_VERDICTS = ("rating", "verdict")

Data = dict[str, Any]
_log = logging.getLogger(__name__)


def write_messages() -> int:
    """Turns the oldest events into messages; gives how many events there were."""
    if not WebhookEvent.objects.exists():  # without taking SQLite's lock on writing
        return 0
    with transaction.atomic():
        events = list(WebhookEvent.objects.select_for_update(skip_locked=True).order_by("pk")[:EVENTS_A_ROUND])
        webhooks = list(Webhook.objects.filter(is_active=True).order_by("pk"))
        told = [event.pk for event in events if _tell(event, webhooks)]
        WebhookEvent.objects.filter(pk__in=told).delete()
    return len(told)


def _tell(event: WebhookEvent, webhooks: list[Webhook]) -> bool:
    """Writes an event's messages; whether the event is done with."""
    try:
        with transaction.atomic():
            deliveries = [one for webhook in webhooks for one in _messages(event, webhook)]
            WebhookDelivery.objects.bulk_create(deliveries)
    except Exception:
        # Whatever is wrong with one event, the others are to be told.
        _log.exception("event %s (%s) cannot be told", event.pk, event.type)
        return timezone.now() - event.created_at > HOPELESS
    return True


def _messages(event: WebhookEvent, webhook: Webhook) -> Iterator[WebhookDelivery]:
    if not webhook.is_active or event.type not in webhook.events:
        return
    try:
        told = list(_WRITERS[event.type](event.data, webhook.filters, reader()))
    except InvalidValue as error:  # for example by a rating that is no more
        disable(webhook, f"Its filter is no longer valid: {error}")
        webhook.is_active = False
        return
    for data in told:
        yield new_delivery(webhook, event.type, data, at=event.created_at)


def _claims_created(data: Data, filters: str, read: Reader) -> Iterator[Data]:
    fitting = read.fitting(filters, data["claims"])
    for start in range(0, len(fitting), CLAIMS_A_MESSAGE):
        yield {"claims": read.claims(fitting[start : start + CLAIMS_A_MESSAGE])}


def _verdict_published(data: Data, filters: str, read: Reader) -> Iterator[Data]:
    return _verdict(data, read, read.fitting(filters, [data["claim"]]))


def _verdict_changed(data: Data, filters: str, read: Reader) -> Iterator[Data]:
    return _verdict(data, read, read.fitting(filters, [data["claim"]], without=ABOUT_VERDICTS))


def _verdict(data: Data, read: Reader, fitting: list[int]) -> Iterator[Data]:
    for claim in read.claims(fitting):
        yield {"change": data["change"], "verdict": data["verdict"], "previous": data["previous"], "claim": claim}


def _speaker_merged(data: Data, filters: str, read: Reader) -> Iterator[Data]:
    survivor, absorbed = read.speaker(data["survivor"]), read.speaker(data["absorbed"])
    if survivor and absorbed and (not filters or _fits_any(filters, read, links__speaker=data["survivor"])):
        yield {"survivor": survivor, "absorbed": absorbed}


def _speaker_split(data: Data, filters: str, read: Reader) -> Iterator[Data]:
    speaker, into = read.speaker(data["speaker"]), read.speaker(data["into"])
    both = [data["speaker"], data["into"]]
    if speaker and into and (not filters or _fits_any(filters, read, links__speaker__in=both)):
        yield {"speaker": speaker, "into": into}


def _article_changed(data: Data, filters: str, read: Reader) -> Iterator[Data]:
    article = read.article(data["article"])
    if article and (not filters or _fits_any(filters, read, article=data["article"])):
        yield {"article": article, "previous": data["previous"]}


def _fits_any(filters: str, read: Reader, **claims: Any) -> bool:
    """Whether a claim of the speakers or the article fits: of its newest thousand, which is as far as one looks."""
    ids = Claim.objects.filter(**claims).order_by("-pk").values_list("pk", flat=True)[:1000]
    return bool(read.fitting(filters, list(ids)))


_WRITERS = {
    Webhook.Event.CLAIM_CREATED.value: _claims_created,
    Webhook.Event.VERDICT_PUBLISHED.value: _verdict_published,
    Webhook.Event.VERDICT_CHANGED.value: _verdict_changed,
    Webhook.Event.SPEAKER_MERGED.value: _speaker_merged,
    Webhook.Event.SPEAKER_SPLIT.value: _speaker_split,
    Webhook.Event.ARTICLE_CHANGED.value: _article_changed,
}
