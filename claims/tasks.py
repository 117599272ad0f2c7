"""Work that may be done elsewhere: what Celery's workers run.

Imported by Celery alone, since nothing else may need it (`claimtrack.celery`). Each task calls the service that the
commands call, and may run twice without harm.
"""

from contextlib import suppress

from celery import shared_task
from django.db import DatabaseError

from claims.services.drain import drain_once
from claims.services.reextraction import reextract_article
from sources.models import Article


@shared_task(name="claims.deliver_webhooks")
def deliver_webhooks() -> None:
    """Sends what subscribers are to be told by now."""
    drain_once()


@shared_task(name="claims.reextract", autoretry_for=(DatabaseError,), retry_backoff=True, max_retries=5)
def reextract(article_id: int) -> None:
    """Brings one article to the installed engine; one that is there already is passed over."""
    with suppress(Article.DoesNotExist):  # deleted since
        reextract_article(article_id)
