"""100,000 claims, made by the database itself in seconds: nothing but their number and their shares matters here.

Shares follow what a desk has: few outlets, speakers by a law like Zipf's, most claims indirect, verdicts on one claim
in fifty. Every example in the table of filters is there.
"""

from typing import Any

from django.contrib.auth.models import User
from django.db import connection
from django.db.models import DateField, Model

from claims.extraction.identity import alias_key
from claims.models import Claim, ClaimSpeaker, ClaimTag, ExtractionRun, Note, Speaker, SpeakerAlias, Tag, Verdict
from sources.models import Article, Source

CLAIMS = 100_000
ARTICLES = CLAIMS // 20
SPEAKERS = 5_000
SOURCES = 40
VERDICTS = CLAIMS // 50
DAY = f"date '2026-03-20' - ({ARTICLES} - a) / 5"  # a day holds five articles, an article twenty claims
NOW = "timestamptz '2026-03-20'"


def fill() -> None:
    """Makes the rows, inside the caller's transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")  # no triggers, no checks of keys
    _sources_and_speakers()
    _claims()
    _desk()
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = DEFAULT")
        cursor.execute("ANALYZE")


def _sources_and_speakers() -> None:
    _insert(
        Source,
        SOURCES,
        name="'Outlet ' || n",
        slug="CASE n WHEN 7 THEN 'valley-post' ELSE 'outlet-' || n END",
        kind=_one_of("newspaper", "agency", "broadcaster", "site"),
        domain="CASE n WHEN 7 THEN 'post.example' ELSE 'outlet' || n || '.example' END",
        language=_one_of("en", "en", "en", "en", "de"),
    )
    _insert(
        Article,
        ARTICLES,
        source=f"1 + n % {SOURCES}",
        url="'https://post.example/story' || CASE n WHEN 6 THEN '' ELSE n::text END",
        headline="'Story ' || n",
        published_on=DAY.replace("a)", "n)"),
        language=_one_of(*["en"] * 9, "de"),
        text="'Text ' || n",
        text_sha256="md5(n::text)",
    )
    _insert(
        Speaker,
        SPEAKERS,
        name="'Speaker ' || n",
        slug="CASE n WHEN 100 THEN 'ada-quill' ELSE 'speaker-' || n END",
        kind=_one_of("person", "person", "person", "organisation"),
        is_hidden="n % 2500 = 2499",
    )
    mayor = f"CASE n WHEN 100 THEN '{alias_key('Mayor Quill')}' ELSE 'speaker' || n END"
    _insert(SpeakerAlias, SPEAKERS, speaker="n", name="'Speaker ' || n", key=mayor)


def _claims() -> None:
    _insert(ExtractionRun, ARTICLES, article="n", engine_version=_one_of("1.0.0", "1.1.0", "1.1.0", "1.1.0"))
    _insert(
        Claim,
        CLAIMS,
        article="a",
        source=f"1 + a % {SOURCES}",
        run="a",
        text="'the town of number ' || n || CASE WHEN n % 1000 = 1 THEN ' has a bridge' ELSE ' rests' END",
        spans="'[]'::jsonb",
        span_key="n::text",
        start="n",
        cue_text=_one_of("said", "told", "Said", "claimed"),
        kind=_one_of("indirect", "indirect", "indirect", "direct", "mixed"),
        act=_one_of("statement", "statement", "statement", "attitude", "question"),
        said_on=DAY,
        confidence="0.5 + (n * 7919 % 1000) / 2000.0",
        speaker_status=_one_of("resolved", "resolved", "resolved", "unnamed", "unresolved"),
        speaker_confidence="(n * 7907 % 1000) / 1000.0",
        within="CASE WHEN n % 10 = 0 THEN n - 1 END",
        depth="CASE WHEN n % 10 = 0 THEN 1 ELSE 0 END",
        review_status="CASE WHEN n % 19 = 1 THEN 'done' ELSE 'new' END",
        assignee="CASE WHEN n % 501 = 1 THEN 700 END",
        created_at=f"{NOW} - ({CLAIMS} - n) * interval '15 minutes'",
        modified_at=f"{NOW} - ({CLAIMS} - n) * interval '15 minutes'",
    )
    rank = f"greatest(1, floor({SPEAKERS} * power((n * 7919 % 100003) / 100003.0, 4)))"
    _insert(ClaimSpeaker, CLAIMS, where="n % 7 < 4", claim="n", speaker=rank, said_on=DAY, words="'she'")


def _desk() -> None:
    _insert(User, 1, id="700", username="'seven'")
    notes = CLAIMS // 100
    ratings = "(SELECT array_agg(id ORDER BY id) FROM claims_rating)"
    _insert(
        Verdict,
        VERDICTS,
        claim="n * 50 - 1",
        rating=f"({ratings})[1 + n % 8]",
        state="'published'",
        author="700",
        published_at=f"{NOW} - ({VERDICTS} - n) * interval '12 hours'",
    )
    _insert(Tag, 1, name="'Budget'", key="'budget'")
    _insert(ClaimTag, notes, claim="n * 100 - 1", tag="1", added_by="700")
    kinds = _one_of("note", "question", "decision", "correction")
    _insert(Note, notes, claim="n * 100 - 1", kind=kinds, text="'Look.'", is_public="true", author="700")


def _one_of(*values: str) -> str:
    return f"(ARRAY[{', '.join(map(repr, values))}])[1 + n % {len(values)}]"


def _insert(model: type[Model], number: int, *, where: str = "true", **given: str) -> None:
    """Inserts rows by expressions over their number `n` (and `a`, the article of claim n); all else by default."""
    columns = {"id": "n"} | given
    for field in model._meta.concrete_fields:
        if field.name not in columns:
            default = NOW if isinstance(field, DateField) and not field.null else field.get_default()
            columns[field.name] = default if default == NOW else _literal(field, default)
    names = ", ".join(f'"{model._meta.get_field(name).column}"' for name in columns)
    numbers = f"(SELECT n, 1 + (n - 1) / 20 AS a FROM generate_series(1, {number}) n) numbers"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(
            f'INSERT INTO "{model._meta.db_table}" ({names}) '  # noqa: S608
            f"SELECT {', '.join(columns.values())} FROM {numbers} WHERE {where}".replace("%", "%%"),
            (),
        )


def _literal(field: Any, value: Any) -> str:
    with connection.cursor() as cursor:
        return str(cursor.mogrify("%s", [field.get_db_prep_save(value, connection)]).decode())
