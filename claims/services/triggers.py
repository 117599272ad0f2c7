"""The triggers that write the log of revisions: which change of which table changes what the API shows.

A table of watches, from which both databases' SQL is made. Triggers, and not calls in the services: re-extraction,
merges, bulk updates and the admin's own forms change what is shown in a dozen places, in parts of the code that know
nothing of each other, and a copy elsewhere that misses one change stays wrong for good. PostgreSQL runs one statement
for each statement that changed rows, so that a merge of 100,000 claims stays one insert; SQLite runs one a row.

SQLite rebuilds a table to alter it, which drops its triggers and trips over those of others that name it. So they are
taken off before a migration that has something to do and put back after every one (`claims.apps`). Do not create
triggers in migrations: the next rebuild would lose them in silence.
"""

# ruff: noqa: S608  (every word of this SQL is written here; no value from elsewhere is ever part of it)

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connections, transaction

PREFIX = "revision_"
_LOG = "claims_revision"
_USED = re.compile(r"\br\.(\w+)")
_NOTE_REACH = "CASE WHEN {n}.is_public THEN 2 ELSE 1 END"
_VERDICT_REACH = "CASE {v}.state WHEN 'draft' THEN 0 WHEN 'proposed' THEN 1 ELSE 2 END"


@dataclass(frozen=True, slots=True)
class Touch:
    """Objects that are shown differently.

    Attributes:
        kind: `Revision.Kind`.
        objects: SQL for their ids and reaches, as columns `id` and `reach`; `{rows}` stands for the changed rows, by
            the name of `r`.
    """

    kind: str
    objects: str


@dataclass(frozen=True, slots=True)
class Watch:
    """One table, and what a change of its rows touches.

    Attributes:
        table: Its name.
        touches: What is touched, by the row before the change and by the row after it.
        columns: Columns whose update counts; all but `ignored` where none is named.
        ignored: Columns that nobody is shown.
        events: What counts.
    """

    table: str
    touches: tuple[Touch, ...]
    columns: tuple[str, ...] = ()
    ignored: tuple[str, ...] = ()
    events: tuple[str, ...] = ("INSERT", "UPDATE", "DELETE")


def _itself(kind: str, column: str = "id", reach: str = "2", where: str = "TRUE") -> Touch:
    return Touch(kind, f"SELECT r.{column} AS id, {reach} AS reach FROM {{rows}} r WHERE {where}")


def _claims(join: str) -> tuple[Touch, ...]:
    """Claims `c` that a join finds, what is said within them, and what hangs on them: its readers are theirs."""
    note, verdict = _NOTE_REACH.format(n="n"), _VERDICT_REACH.format(v="v")
    return (
        Touch(
            "claim",
            f"SELECT c.id AS id, 2 AS reach FROM {join} UNION "
            f"SELECT w.id, 2 FROM {join} JOIN claims_claim w ON w.within_id = c.id",
        ),
        Touch("note", f"SELECT n.id AS id, {note} AS reach FROM {join} JOIN claims_note n ON n.claim_id = c.id"),
        Touch(
            "verdict", f"SELECT v.id AS id, {verdict} AS reach FROM {join} JOIN claims_verdict v ON v.claim_id = c.id"
        ),
        Touch(
            "evidence",
            f"SELECT e.evidence_id AS id, 1 AS reach FROM {join} JOIN claims_evidencelink e ON e.claim_id = c.id",
        ),
    )


def _via(kind: str, join: str, target: str, reach: str = "2") -> Touch:
    return Touch(kind, f"SELECT {target} AS id, {reach} AS reach FROM {{rows}} r JOIN {join}")


_UPDATE = ("UPDATE",)
_IS_NOTE, _IS_VERDICT = _NOTE_REACH.format(n="n"), _VERDICT_REACH.format(v="v")
_OF_ROW = "{rows} r JOIN claims_claim c ON c.id = r.claim_id"
_BY_SPEAKER = "{rows} r JOIN claims_claimspeaker l ON l.speaker_id = r.id JOIN claims_claim c ON c.id = l.claim_id"
_OF_ARTICLE = "claims_claim c ON c.article_id = r.id"
_OF_SOURCE = "sources_article a ON a.source_id = r.id"
_OF_RATING = "claims_verdict v ON v.rating_id = r.id"
_SHOWN_NAME = ("username", "first_name", "last_name")
_SHOWN_ARTICLE = ("headline", "url", "source_id", "published_on")

WATCHES = (
    Watch("claims_claim", (_itself("claim"),), ignored=("span_key", "alignment")),
    Watch("claims_claim", _claims("{rows} r JOIN claims_claim c ON c.id = r.id")[1:], ("is_current",), events=_UPDATE),
    Watch("claims_claimspeaker", _claims(_OF_ROW)),
    Watch("claims_claimtag", (_itself("claim", "claim_id"),)),
    Watch("claims_tag", (_via("claim", "claims_claimtag t ON t.tag_id = r.id", "t.claim_id"),), events=_UPDATE),
    Watch("claims_duplicate", (_itself("claim", "claim_id"), _itself("claim", "original_id"))),
    Watch("claims_correction", (_itself("claim", "claim_id"),)),
    Watch("claims_evidence", (_itself("evidence", reach="1"),)),
    Watch(
        "claims_evidence",
        (_via("claim", "claims_evidencelink e ON e.evidence_id = r.id", "e.claim_id"),),
        events=_UPDATE,
    ),
    Watch("claims_evidencelink", (_itself("evidence", "evidence_id", "1"), _itself("claim", "claim_id"))),
    Watch("claims_speaker", (_itself("speaker"), _itself("speaker", "merged_into_id"))),
    Watch("claims_speaker", _claims(_BY_SPEAKER)[:1], ("name", "slug"), events=_UPDATE),
    Watch("claims_speaker", _claims(_BY_SPEAKER), ("is_hidden",), events=_UPDATE),
    Watch("claims_speakeralias", (_itself("speaker", "speaker_id"),)),
    Watch("claims_speakerrole", (_itself("speaker", "speaker_id"),)),
    Watch("claims_speakerexternalid", (_itself("speaker", "speaker_id"),)),
    Watch("sources_article", (_itself("article"),)),
    Watch("sources_article", (_via("claim", _OF_ARTICLE, "c.id"),), _SHOWN_ARTICLE, events=_UPDATE),
    Watch("claims_extractionrun", (_itself("article", "article_id"),)),
    Watch("claims_articlereview", (_itself("article", "article_id"),)),
    Watch("sources_source", (_itself("source"),)),
    Watch("sources_sourcealias", (_itself("source", "source_id"),)),
    Watch(
        "sources_source",
        (
            _via("article", _OF_SOURCE, "a.id"),
            _via("claim", f"{_OF_SOURCE} JOIN claims_claim c ON c.article_id = a.id", "c.id"),
        ),
        ("name", "slug"),
        events=_UPDATE,
    ),
    Watch("claims_note", (_itself("note", reach=_NOTE_REACH.format(n="r")),)),
    Watch(
        "claims_verdict",
        (
            _itself("verdict", reach=_VERDICT_REACH.format(v="r")),
            _itself("claim", "claim_id", where="r.state = 'published'"),  # that there is a draft is not shown
        ),
    ),
    Watch("claims_rating", (_itself("rating"),)),
    Watch(
        "claims_rating",
        (
            _via("verdict", _OF_RATING, "v.id", _IS_VERDICT),
            _via("claim", f"{_OF_RATING} AND v.state = 'published'", "v.claim_id"),
        ),
        events=_UPDATE,
    ),
    Watch(
        "claims_scale",
        (
            _via("rating", "claims_rating g ON g.scale_id = r.id", "g.id"),
            # Whether findings on it are sealed decides who sees them.
            _via(
                "verdict",
                "claims_rating g ON g.scale_id = r.id JOIN claims_verdict v ON v.rating_id = g.id",
                "v.id",
                _IS_VERDICT,
            ),
        ),
        events=_UPDATE,
    ),
    Watch("claims_secondopinion", (_via("verdict", "claims_verdict v ON v.id = r.verdict_id", "v.id", _IS_VERDICT),)),
    Watch(
        "auth_user",
        (
            _via("note", "claims_note n ON n.author_id = r.id", "n.id", _IS_NOTE),
            _via("verdict", "claims_verdict v ON v.author_id = r.id OR v.reviewer_id = r.id", "v.id", _IS_VERDICT),
        ),
        _SHOWN_NAME,
        events=_UPDATE,
    ),
)


def install(using: str = "default") -> None:
    """Makes the triggers be there, as they are written here; a second time changes nothing."""
    connection = connections[using]
    wanted = dict(_definitions(connection))
    present = _present(connection)
    if set(wanted) == set(present):
        return
    with transaction.atomic(using=using), connection.cursor() as cursor:
        _drop(connection, cursor, present)
        for statements in wanted.values():
            for statement in statements:
                cursor.execute(statement)


def remove(using: str = "default") -> None:
    """Takes the triggers off."""
    connection = connections[using]
    if present := _present(connection):
        with transaction.atomic(using=using), connection.cursor() as cursor:
            _drop(connection, cursor, present)


def _present(connection: Any) -> list[str]:
    listing = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger' AND substr(name, 1, 9) = 'revision_'",
        "postgresql": "SELECT DISTINCT tgname FROM pg_trigger WHERE NOT tgisinternal AND left(tgname, 9) = 'revision_'",
    }
    with connection.cursor() as cursor:
        cursor.execute(listing[connection.vendor])
        return [name for (name,) in cursor.fetchall()]


def _drop(connection: Any, cursor: Any, names: list[str]) -> None:
    for name in names:
        if connection.vendor == "sqlite":
            cursor.execute(f'DROP TRIGGER "{name}"')
        else:
            cursor.execute(f'DROP FUNCTION "{name}"() CASCADE')


def _definitions(connection: Any) -> Iterator[tuple[str, list[str]]]:
    """Name and statements of every trigger whose tables are there (part of the migrations may be undone)."""
    make = _sqlite if connection.vendor == "sqlite" else _postgresql
    with connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor))
        columns: dict[str, list[str]] = {}
        for watch in WATCHES:
            if {watch.table, _LOG} <= tables and watch.table not in columns:
                described = connection.introspection.get_table_description(cursor, watch.table)
                columns[watch.table] = [one.name for one in described]
    for watch in WATCHES:
        named = {word for touch in watch.touches for word in re.findall(r"\b(?:claims|sources)_\w+", touch.objects)}
        compared = watch.columns or [one for one in columns.get(watch.table, []) if one not in watch.ignored]
        if watch.table not in columns or not named <= tables or not set(compared) <= set(columns[watch.table]):
            continue
        for event in watch.events:
            body = make(watch, event, list(compared))
            digest = hashlib.sha256(body.encode()).hexdigest()[:20]
            name = f"{PREFIX}{digest}"
            yield name, body.replace("%NAME%", name).split("%NEXT%")


def _insert(touch: Touch, rows: str, txid: str, now: str) -> str:
    objects = touch.objects.replace("{rows}", rows)
    return (
        f"INSERT INTO {_LOG} (kind, object_id, reach, txid, at) "
        f"SELECT '{touch.kind}', x.id, max(x.reach), {txid}, {now} FROM ({objects}) x "
        "WHERE x.id IS NOT NULL GROUP BY x.id ORDER BY x.id;"
    )


def _used(touch: Touch) -> list[str]:
    return sorted(set(_USED.findall(touch.objects)))


def _sqlite(watch: Watch, event: str, compared: list[str]) -> str:
    images = {"INSERT": ["NEW"], "UPDATE": ["OLD", "NEW"], "DELETE": ["OLD"]}[event]
    condition = " OR ".join(f'OLD."{one}" IS NOT NEW."{one}"' for one in compared) if event == "UPDATE" else "1"
    inserts = []
    for touch in watch.touches:
        selects = [f"SELECT {', '.join(f'{image}.{one} AS {one}' for one in _used(touch))}" for image in images]
        now = "strftime('%Y-%m-%d %H:%M:%f', 'now')"
        inserts.append(_insert(touch, f"({' UNION '.join(selects)})", "0", now))
    return f'CREATE TRIGGER "%NAME%" AFTER {event} ON {watch.table} WHEN {condition} BEGIN {" ".join(inserts)} END'


def _postgresql(watch: Watch, event: str, compared: list[str]) -> str:
    condition = " OR ".join(f'o."{one}" IS DISTINCT FROM n."{one}"' for one in compared)
    inserts = []
    for touch in watch.touches:
        rows = {"INSERT": "new_rows", "DELETE": "old_rows"}.get(event, "")
        if event == "UPDATE":
            pairs = f"FROM old_rows o JOIN new_rows n ON n.id = o.id WHERE {condition}"
            images = [f"SELECT {', '.join(f'{image}.{one}' for one in _used(touch))} {pairs}" for image in ("o", "n")]
            rows = f"({' UNION '.join(images)})"
        inserts.append(_insert(touch, rows, "pg_current_xact_id()::text::bigint", "now()"))
    tables = {"INSERT": "NEW TABLE AS new_rows", "DELETE": "OLD TABLE AS old_rows"}
    referencing = tables.get(event, "OLD TABLE AS old_rows NEW TABLE AS new_rows")
    return (
        'CREATE FUNCTION "%NAME%"() RETURNS trigger LANGUAGE plpgsql AS '
        f"$$ BEGIN {' '.join(inserts)} RETURN NULL; END $$"
        f'%NEXT%CREATE TRIGGER "%NAME%" AFTER {event} ON {watch.table} REFERENCING {referencing} '
        'FOR EACH STATEMENT EXECUTE FUNCTION "%NAME%"()'
    )
