"""Milliseconds and queries of the claim's page of a long article: 5,000 words, 120 claims.

    python -m benchmarks.claim_page [--runs 5] [--postgres]

Fills a fresh SQLite database (and with `--postgres` a throwaway PostgreSQL besides) with an invented article and others
by the same speakers, accepts and corrects claims of it, writes notes and verdicts on one, opens that claim's page as a
reviewer, and prints one JSON line: the median milliseconds of the server's work, template included, its number of
queries, and its size.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from datetime import date
from pathlib import Path
from typing import Any

from benchmarks.ingest import postgres, sqlite

ROOT = Path(__file__).resolve().parent.parent
WORDS, CLAIMS, NEIGHBOURS = 5_000, 120, 12
_SENTENCE = "The {noun} of {place} would be {state} by the {time}, {name} said on {day} before the council of the town."
_PARTS = {
    "noun": ("dam", "mill", "bridge", "harbour", "market", "school", "ferry"),
    "place": ("Halm", "Auen", "Lower Sund", "Tarn", "Kestrel Bay"),
    "state": ("mended", "shut", "sold", "opened again", "paid for"),
    "time": ("spring", "summer", "autumn", "end of the year"),
    "day": ("Monday", "Tuesday", "Friday"),
}
_SPEAKERS = ("Ilse Marrow", "Tomas Vell", "Ana Duarte", "Bela Kos", "Cy Ode", "Ina Finch", "Odo Brandt")
_FILLER = "Nobody at the gate would say more about it that day, and rain went on over the roofs until dark."


def measure(runs: int) -> dict[str, Any]:
    """Fills the empty database that the environment names, and opens the page; for a fresh process."""
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection
    from django.test import Client

    call_command("migrate", verbosity=0)
    claim, editor = fill()
    client = Client()
    client.force_login(editor, backend=settings.AUTHENTICATION_BACKENDS[-1])
    address = f"/admin/claims/claim/{claim.pk}/change/"
    queries = [0]

    def count(execute: Any, *arguments: Any) -> Any:
        queries[0] += 1
        return execute(*arguments)

    times, size = [], 0
    with connection.execute_wrapper(count):
        client.get(address)  # templates and content types are read once a process
        for _ in range(runs):
            queries[0], started = 0, time.perf_counter()
            response = client.get(address)
            times.append((time.perf_counter() - started) * 1000)
            size = len(response.content)
            if response.status_code != 200:
                raise SystemExit(f"{address}: {response.status_code}")
    words = len(claim.article.text.split())
    return {
        "ms": round(statistics.median(times), 1),
        "queries": queries[0],
        "bytes": size,
        "words": words,
        "claims": claim.article.claims.current().count(),
    }


def fill() -> tuple[Any, Any]:
    """The article with its claims; gives the one that is worked on, and an editor."""
    from django.contrib.auth.models import Group, User

    from claims.extraction.values import ExtractedClaim, Extraction, Span, SpeakerReference
    from claims.models import Claim, Rating
    from claims.services import corrections, verification
    from claims.services.articles import store_article
    from sources.parsing import ParsedArticle

    text, places = article_text()
    found = tuple(
        ExtractedClaim(
            (Span(*content),),
            (Span(*cue),),
            (Span(*mention),),
            "indirect",
            "statement",
            SpeakerReference("resolved", text[slice(*mention)], "person", text[slice(*mention)], confidence=0.9),
            0.9,
        )
        for content, cue, mention in places
    )
    for number in range(NEIGHBOURS):  # the same speakers elsewhere
        other = ParsedArticle(
            text[: -number - 1], published_on=date(2026, 2, number + 1), source_name="Valley Post", language="en"
        )
        store_article(other, Extraction(other.text, "1.0", "en", found[:20]))
    parsed = ParsedArticle(
        text, headline="The dam", published_on=date(2026, 3, 1), source_name="Valley Post", language="en"
    )
    article = store_article(parsed, Extraction(text, "1.0", "en", found))
    editors = [User.objects.create_user(name, is_staff=True) for name in ("mira", "ravi", "vera")]
    for editor in editors:
        editor.groups.add(Group.objects.get(name="reviewer"))
    mira, ravi, vera = (User.objects.get(pk=editor.pk) for editor in editors)
    claims = list(article.claims.order_by("start"))
    for claim in claims[10:40]:
        corrections.accept_claim(claim, actor=ravi)
    chosen: Claim = claims[60]
    corrections.correct_claim(chosen, actor=ravi, act="attitude", content=[[chosen.start, chosen.spans[0]["end"] + 12]])
    for number in range(8):
        verification.add_note(chosen, author=(mira, ravi)[number % 2], text=f"Asked the council, time {number + 1}.")
    verdict = verification.record_verdict(chosen, author=ravi, rating=Rating.objects.get(slug="false"))
    verification.publish_verdict(verdict, reviewer=vera)
    verification.record_verdict(chosen, author=mira, rating=Rating.objects.get(slug="true"))
    return Claim.objects.get(pk=chosen.pk), mira


def article_text() -> tuple[str, list[tuple[tuple[int, int], tuple[int, int], tuple[int, int]]]]:
    """The text, and for each claim where content, cue and mention stand."""
    sentences: list[str] = []
    places: list[tuple[tuple[int, int], tuple[int, int], tuple[int, int]]] = []
    at = words = number = 0
    while words < WORDS or len(places) < CLAIMS:
        sentence = _FILLER
        if len(places) < CLAIMS and words >= len(places) * WORDS / CLAIMS:
            values = {key: parts[number % len(parts)] for key, parts in _PARTS.items()}
            name = _SPEAKERS[number % len(_SPEAKERS)]
            sentence = _SENTENCE.format(**values, name=name)
            content = sentence.index(",")
            mention = sentence.index(name)
            cue = sentence.index("said")
            places.append(((at, at + content), (at + cue, at + cue + 4), (at + mention, at + mention + len(name))))
            number += 1
        sentences.append(sentence)
        at += len(sentence) + 1
        words += len(sentence.split())
    breaks = ["\n" if index % 4 == 3 else " " for index in range(len(sentences))]
    return "".join(map("".join, zip(sentences, breaks, strict=True))).rstrip(), places


def child(options: argparse.Namespace, database: str) -> dict[str, Any]:
    """One measurement in a process of its own."""
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "claimtrack.settings",
        "ENV_FILE": os.devnull,
        "SECRET_KEY": "benchmark-" * 6,
        "ALLOWED_HOSTS": "testserver",
        "LOG_LEVEL": "error",
        "DATABASE_URL": database,
    }
    command = [sys.executable, "-m", "benchmarks.claim_page", "--runs", str(options.runs), "--child"]
    done = subprocess.run(command, cwd=ROOT, env=environment, check=True, stdout=subprocess.PIPE)
    return json.loads(done.stdout)


def main() -> None:
    """Parses the command line and prints the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--postgres", action="store_true")
    parser.add_argument("--child", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        import django

        django.setup()
        print(json.dumps(measure(options.runs)))
        return
    figures: dict[str, Any] = {"benchmark": "claim_page", "runs": options.runs}
    for name, database in ({"sqlite": sqlite} | ({"postgresql": postgres} if options.postgres else {})).items():
        with database() as url:
            figures[name] = child(options, url)
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
