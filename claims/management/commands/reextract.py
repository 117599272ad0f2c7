"""`reextract`: brings stored articles to the engine that is installed now."""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.module_loading import import_string
from tqdm import tqdm

from claims.extraction import Engine, ExtractionError, default_engine
from claims.models import Claim
from claims.services.reextraction import outdated_articles, reextract_article
from sources.models import Article


class Command(BaseCommand):
    help = (
        "Runs the engine again over stored articles and aligns its claims to the stored ones: ids, notes and verdicts "
        "stay. Interrupted, it resumes where it stopped: articles that this engine version has seen are left out."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("ids", nargs="*", type=int, metavar="ID", help="articles, by id")
        parser.add_argument("--all", action="store_true", help="every article that this engine version has not seen")
        parser.add_argument("--model", type=Path, metavar="DIR", help="another model folder than the one shipped")

        parser.add_argument("--queue", action="store_true", help="leave the work to Celery's workers, and end")

    def handle(self, *args: Any, ids: list[int], all: bool, model: Path | None, queue: bool, **options: Any) -> None:
        if bool(ids) == all:
            raise CommandError("Give article ids, or --all; not both.", returncode=2)
        if queue:
            self._queue(list(outdated_articles()) if all else ids, model)
            return
        try:
            engine = Engine(model) if model else default_engine()
        except ExtractionError as error:
            raise CommandError(str(error)) from error
        todo = list(outdated_articles(engine.version)) if all else ids
        totals = dict.fromkeys(("kept", "moved", "re_attributed", "vanished", "created"), 0)
        failed = 0
        for article_id in tqdm(todo, unit="article", disable=not sys.stderr.isatty()):
            try:
                run = reextract_article(article_id, engine=engine)
            except Article.DoesNotExist:
                self.stderr.write(f"article {article_id}: there is no such article")
                failed += 1
                continue
            for name in totals:
                totals[name] += getattr(run, name)
        counts = ", ".join(f"{count} {name.replace('_', '-')}" for name, count in totals.items())
        orphans = Claim.objects.orphans().count()
        self.stdout.write(
            f"{len(todo) - failed} articles at engine {engine.version}: {counts}; {orphans} orphans await an editor"
        )
        if failed:
            sys.exit(1)

    def _queue(self, ids: list[int], model: Path | None) -> None:
        """Hands the articles to the workers; a message is an article's id."""
        if not settings.CELERY_BROKER_URL:
            raise CommandError("--queue needs CELERY_BROKER_URL, and workers that listen there.", returncode=2)
        if model:
            raise CommandError("--queue and --model do not go together: workers run the engine shipped.", returncode=2)
        workers = import_string(settings.WORK_QUEUE)
        for article_id in ids:
            workers.send_task("claims.reextract", [article_id])
        self.stdout.write(f"{len(ids)} articles handed to the workers")
