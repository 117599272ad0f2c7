"""The database's floor: our own statements by the bare driver, the same answers by orjson, nothing else.

A WSGI application without framework, middleware, parameters, accounts or cursors. `QUESTIONS` names the file of
statements that `benchmarks.rivals.record` wrote, `DATABASE_URL` the database; `/NAME` answers the question of that
name. With `PREPARED=1` PostgreSQL keeps the statements' plans, as our server has it do.
"""

import json
import os
import re
import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import orjson
import psycopg2
import psycopg2.extensions
import psycopg2.extras

_OPTIONS = orjson.OPT_UTC_Z
_URL = os.environ["DATABASE_URL"]
_IS_SQLITE = _URL.startswith("sqlite")
_HOST = "http://127.0.0.1"
_questions = json.loads(Path(os.environ["QUESTIONS"]).read_text())
_marks = re.compile("%s")


def _connect() -> Any:
    if _IS_SQLITE:
        connection = sqlite3.connect(urlsplit(_URL).path, check_same_thread=False)
        connection.execute("PRAGMA query_only=ON")
        return connection
    connection = psycopg2.connect(_URL)
    connection.autocommit = True
    psycopg2.extras.register_default_jsonb(connection, loads=lambda text: text)
    with connection.cursor() as cursor:
        cursor.execute("SET plan_cache_mode = force_generic_plan")
    return connection


_connection = _connect()
_prepared: dict[str, str] = {}


def _rows(sql: str, params: list[Any]) -> list[Any]:
    if _IS_SQLITE:
        return _connection.execute(sql.replace("%s", "?"), params).fetchall()
    with _connection.cursor() as cursor:
        if os.environ.get("PREPARED"):
            name = _prepared.get(sql)
            if name is None:
                name = _prepared[sql] = f"floor_{len(_prepared)}"
                numbers = iter(range(1, 100))
                cursor.execute(f"PREPARE {name} AS {_marks.sub(lambda mark: f'${next(numbers)}', sql)}")
            cursor.execute(f"EXECUTE {name} ({', '.join(['%s'] * len(params))})", params)
        else:
            cursor.execute(sql, params)
        return cursor.fetchall()


def _moment(value: Any) -> Any:
    """SQLite has times as text, in UTC."""
    return datetime.fromisoformat(value).replace(tzinfo=UTC) if isinstance(value, str) else value


def _text(value: str | None) -> Any:
    return None if value is None else orjson.Fragment(value)


def _claims(question: dict[str, Any]) -> bytes:
    at = {column: index for index, column in enumerate(question["columns"])}
    for one in question["before"]:  # the page's parameters hold what it finds
        _rows(one["sql"], one["params"])
    rows = _rows(question["page"]["sql"], question["page"]["params"])
    pk, within = at["id"], at["within"]
    ids = sorted({row[pk] for row in rows[:50]} | {row[within] for row in rows[:50] if row[within] is not None})
    speakers: dict[Any, list[Any]] = defaultdict(list)
    for claim, speaker, slug, name in _rows(question["speakers"]["sql"], [json.dumps(ids) if _IS_SQLITE else ids]):
        speakers[claim].append({"id": speaker, "slug": slug, "name": name})
    results = [_claim(row, at, speakers) for row in rows[:50]]
    answer: dict[str, Any] = {"next": None, "previous": None, "results": results}
    if question["facets"]:
        answer["facets"] = {name: _counts(one) for name, one in question["facets"].items()}
    return orjson.dumps(answer, option=_OPTIONS)


def _counts(facet: dict[str, Any]) -> list[dict[str, Any]]:
    rows = _rows(facet["sql"], facet["params"])
    return [{"value": value, "name": str(name), "count": number} for value, name, number in rows]


def _claim(row: Any, at: dict[str, int], speakers: dict[Any, list[Any]]) -> dict[str, Any]:
    pk, verdict = row[at["id"]], None
    if row[at["published__id"]] is not None:
        verdict = {
            "id": row[at["published__id"]],
            "rating": {
                "slug": row[at["published__rating__slug"]],
                "label": row[at["published__rating__label"]],
                "value": row[at["published__rating__value"]],
                "colour": row[at["published__rating__colour"]],
            },
            "summary": row[at["published__summary"]],
            "published_at": _moment(row[at["published__published_at"]]),
            "url": f"{_HOST}/api/v1/verdicts/{row[at['published__id']]}/",
        }
    return {
        "id": pk,
        "text": row[at["text"]],
        "spans": _text(row[at["spans"]]),
        "kind": row[at["kind"]],
        "act": row[at["act"]],
        "cue": {"text": row[at["cue_text"]], "spans": _text(row[at["cue_spans"]])},
        "mention": {"text": row[at["mention_text"]], "spans": _text(row[at["mention_spans"]])},
        "speakers": speakers.get(pk, []),
        "speaker_status": row[at["speaker_status"]],
        "confidence": row[at["confidence"]],
        "article": {
            "id": row[at["article_id"]],
            "headline": row[at["article__headline"]],
            "url": row[at["article__url"]],
            "source": {
                "id": row[at["article__source_id"]],
                "slug": row[at["article__source__slug"]],
                "name": row[at["article__source__name"]],
            },
            "published_on": row[at["article__published_on"]],
        },
        "context": row[at["context"]],
        "said_on": row[at["said_on"]],
        "review_status": row[at["review_status"]],
        "verdict": verdict,
        "within": row[at["within"]],
        "relayed_by": speakers.get(row[at["within"]], []),
        "depth": row[at["depth"]],
        "engine": row[at["run__engine_version"]],
        "created_at": _moment(row[at["created_at"]]),
        "modified_at": _moment(row[at["modified_at"]]),
        "url": f"{_HOST}/api/v1/claims/{pk}/",
    }


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Answers the question that the path names."""
    question = _questions.get(environ["PATH_INFO"].strip("/"))
    if question is None:
        start_response("404 Not Found", [("Content-Length", "0")])
        return [b""]
    body = _claims(question)
    start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
    return [body]
