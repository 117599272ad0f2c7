"""Invented claims in bulk: a million in a minute or so, the same ones on PostgreSQL and on SQLite.

As many claims as asked for, by a twentieth as many speakers whose shares follow Zipf's law (exponent 1.1, ids shuffled,
so that a speaker's id tells nothing), in articles of ten claims, by 300 outlets, in the order of their dates. One claim
in twenty has two speakers, one in fifty stands within another, one in a hundred has a published verdict. Columns that
are not named here get their model's default, so that a new column needs no change; `benchmarks.bulk` writes the rows.
"""

import itertools
import json
import random
import sys
from bisect import bisect
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

from benchmarks.bulk import Row, loading, store

CLAIMS_A_SPEAKER = 20
CLAIMS_AN_ARTICLE = 10
SOURCES = 300
ZIPF = 1.1
SEED = 20260101
FIRST_DAY = date(2016, 1, 1)
DAYS = 3_650
VOCABULARY = 20_000
_SYLLABLES = ("ba", "ce", "di", "fo", "gu", "ha", "je", "ki", "lo", "mu", "na", "pe", "ri", "so", "tu", "va")
_KINDS = ("indirect", "indirect", "mixed", "direct")
_STATUSES = ("new", "new", "new", "in_review", "done")


class Zipf:
    """Draws numbers from 0 on, the lower the more often."""

    def __init__(self, size: int, seed: int) -> None:
        self._sums = list(itertools.accumulate((rank + 1) ** -ZIPF for rank in range(size)))
        self._random = random.Random(seed)  # noqa: S311  (no secret)

    def draw(self) -> int:
        """The next number."""
        return bisect(self._sums, self._random.random() * self._sums[-1])

    def among(self, things: list[str], number: int) -> list[str]:
        """So many of as many things as there are numbers, drawn likewise."""
        return self._random.choices(things, cum_weights=self._sums, k=number)


def word(rank: int) -> str:
    """The vocabulary's word of a rank: the lower the more frequent."""
    return "".join(_SYLLABLES[(rank >> shift) & 15] for shift in (0, 4, 8, 12))


class World:
    """All rows of a size, table by table, the same at each call.

    Args:
        size: Claims.
    """

    def __init__(self, size: int) -> None:
        self.size = size
        self.articles = -(-size // CLAIMS_AN_ARTICLE)
        self.speakers = max(2, size // CLAIMS_A_SPEAKER)
        ids = list(range(1, self.speakers + 1))
        random.Random(SEED).shuffle(ids)  # noqa: S311
        self.speaker_of_rank = ids
        self.now = datetime(2026, 1, 1, tzinfo=UTC)

    def by_rank(self, share: float) -> int:
        """The speaker whose rank is this share of the way down from the most frequent."""
        return self.speaker_of_rank[int(share * (self.speakers - 1))]

    def source_rows(self) -> Iterator[Row]:
        """Outlets."""
        for pk in range(1, SOURCES + 1):
            yield self._dated({"id": pk, "name": f"Outlet {pk}", "slug": f"outlet-{pk}", "kind": "newspaper"})

    def article_rows(self) -> Iterator[Row]:
        """Articles, oldest first."""
        for pk in range(1, self.articles + 1):
            yield self._dated(
                {
                    "id": pk,
                    "source": pk % SOURCES + 1,
                    "url": f"https://outlet-{pk % SOURCES + 1}.example/stories/{pk}",
                    "headline": f"Story {pk} of the valley",
                    "published_on": self._day(pk),
                    "language": "en",
                    "text": f"Story {pk}.",
                    "text_sha256": f"{pk:064x}",
                }
            )

    def run_rows(self) -> Iterator[Row]:
        """One pass of the engine over each article."""
        for pk in range(1, self.articles + 1):
            yield {"id": pk, "article": pk, "engine_version": "1.0.0+benchmark", "created_at": self.now}

    def speaker_rows(self) -> Iterator[Row]:
        """Speakers."""
        for pk in range(1, self.speakers + 1):
            name = f"{word(pk).title()} {word(pk * 7 + 3).title()}"
            yield self._dated({"id": pk, "name": name, "slug": f"speaker-{pk}", "kind": "person"})

    def alias_rows(self) -> Iterator[Row]:
        """Each speaker's name."""
        for row in self.speaker_rows():
            key = f"{row['name'].casefold()} {row['id']}"
            yield {"id": row["id"], "speaker": row["id"], "name": row["name"], "key": key, "created_at": self.now}

    def claim_rows(self) -> Iterator[Row]:
        """Claims, oldest first."""
        words = Zipf(VOCABULARY, SEED + 1)
        vocabulary = [word(rank) for rank in range(VOCABULARY)]
        for pk in range(1, self.size + 1):
            article, place = (pk - 1) // CLAIMS_AN_ARTICLE + 1, (pk - 1) % CLAIMS_AN_ARTICLE
            text = f"“{' '.join(words.among(vocabulary, 16))},”"
            start, end = place * 400, place * 400 + len(text)
            is_relayed = self._is_relayed(pk)
            yield self._dated(
                {
                    "id": pk,
                    "article": article,
                    "source": article % SOURCES + 1,
                    "run": article,
                    "text": text,
                    "spans": [{"start": start, "end": end, "quote": text}],
                    "span_key": f"{start}-{end}",
                    "start": start,
                    "cue_text": "said",
                    "cue_spans": [{"start": end + 5, "end": end + 9, "quote": "said"}],
                    "mention_text": "She",
                    "mention_spans": [{"start": end + 1, "end": end + 4, "quote": "She"}],
                    "context": f"It was late. {text} she said. Nobody answered.",
                    "kind": _KINDS[pk % 4],
                    "act": "statement" if pk % 5 else "attitude",
                    "said_on": self._day(article),
                    "confidence": (pk * 7919 % 1000) / 1000,
                    "speaker_status": "resolved",
                    "speaker_confidence": 0.9,
                    "within": pk - 1 if is_relayed else None,
                    "depth": int(is_relayed),
                    "review_status": _STATUSES[pk % 5],
                },
                seconds=pk,
            )

    def link_rows(self) -> Iterator[Row]:
        """Who said each claim."""
        ranks, numbers = Zipf(self.speakers, SEED + 2), itertools.count(1)
        for pk in range(1, self.size + 1):
            first = ranks.draw()
            people = [first, (first + pk) % self.speakers] if pk % 20 == 0 else [first]
            for position, rank in enumerate(dict.fromkeys(people)):
                yield {
                    "id": next(numbers),
                    "claim": pk,
                    "speaker": self.speaker_of_rank[rank],
                    "words": "She",
                    "position": position,
                    "said_on": self._day((pk - 1) // CLAIMS_AN_ARTICLE + 1),
                }

    def verdict_rows(self, ratings: int, author: int) -> Iterator[Row]:
        """Published verdicts."""
        for pk, claim in enumerate(range(100, self.size + 1, 100), 1):
            yield self._dated(
                {
                    "id": pk,
                    "claim": claim,
                    "rating": claim // 100 % ratings + 1,
                    "summary": "The record says otherwise.",
                    "state": "published",
                    "author": author,
                    "published_at": self.now,
                }
            )

    @staticmethod
    def _is_relayed(pk: int) -> bool:
        return pk % 50 == 7

    def _day(self, article: int) -> date:
        return FIRST_DAY + timedelta(days=article * DAYS // self.articles)

    def _dated(self, row: Row, seconds: int = 0) -> Row:
        at = self.now + timedelta(seconds=seconds)
        return row | {"created_at": at, "modified_at": at}


def fill(size: int) -> dict[str, int]:
    """Makes the tables of the empty database that the environment names, and fills them; for a fresh process.

    Returns:
        Rows by table.
    """
    import django

    django.setup()
    from django.contrib.auth.models import User
    from django.core.management import call_command
    from django.db import connection

    from claims.models import Claim, ClaimSpeaker, ExtractionRun, Rating, Speaker, SpeakerAlias, Verdict
    from sources.models import Article, Source

    call_command("migrate", verbosity=0)
    world = World(size)
    author = User.objects.create_user("author").pk
    tables: dict[Any, Callable[[], Iterable[Row]]] = {
        Source: world.source_rows,
        Article: world.article_rows,
        ExtractionRun: world.run_rows,
        Speaker: world.speaker_rows,
        SpeakerAlias: world.alias_rows,
        Claim: world.claim_rows,
        ClaimSpeaker: world.link_rows,
        Verdict: lambda: world.verdict_rows(Rating.objects.count(), author),
    }
    with loading(connection, tables):
        return {model._meta.db_table: store(connection, model, rows()) for model, rows in tables.items()}


def facts() -> dict[str, Any]:
    """Rows of each table, and the indexes of the tables of claims and their speakers."""
    import django

    django.setup()
    from django.db import connection

    from claims.models import Claim, ClaimSpeaker, Speaker
    from sources.models import Article, Source

    tables = [model._meta.db_table for model in (Source, Article, Speaker, Claim, ClaimSpeaker)]
    with connection.cursor() as cursor:
        counts = {}
        for table in tables:
            cursor.execute(f"SELECT COUNT(*) FROM {connection.ops.quote_name(table)}")  # noqa: S608  (our own names)
            counts[table] = cursor.fetchone()[0]
        indexes = {
            table: sorted(
                name
                for name, one in connection.introspection.get_constraints(cursor, table).items()
                if one["index"] or one["unique"]
            )
            for table in tables[3:]
        }
    return {"tables": counts, "indexes": indexes}


if __name__ == "__main__":
    done = facts() if sys.argv[1] == "--facts" else fill(int(sys.argv[1]))
    sys.stdout.write(json.dumps(done))
