"""Writes down what our server asks the database for each question, so that others can be asked the very same.

    python -m benchmarks.rivals.record SIZE DEPTH FILE

Runs in a process of its own, over the filled database that the environment names. Also makes the token that the
server is asked with. Prints the token; the questions go to FILE.
"""

import json
import sys
from pathlib import Path
from typing import Any

LIST = "/api/v1/claims/"
FACETS = ("speaker", "rating", "source", "kind")
MIDDLING, RARE = 0.002, 0.4
"""How far down the ranks: the 100th and the 20,000th of 50,000 speakers."""


def questions(size: int) -> dict[str, str]:
    """The parameters of each question."""
    from benchmarks.api_data import World, word

    world = World(size)
    return {
        "frequent": f"speaker={world.by_rank(0)}",
        "middling": f"speaker={world.by_rank(MIDDLING)}",
        "rare": f"speaker={world.by_rank(RARE)}",
        "newest": "",
        "search": f"search={word(3_000)}",
        "facets": f"search={word(3_000)}&facets={','.join(FACETS)}",
    }


def _statements(seen: list[tuple[str, Any]], table: str) -> dict[str, Any]:
    """What each of the statements that were seen is for."""
    page = next(at for at, (sql, _) in enumerate(seen) if f'FROM "{table}"' in sql and '"context"' in sql)
    # What a search finds before its page is read whole; nothing where the page does it all.
    sought = [one for one in seen[:page] if "fulltext" in one[0] or f'FROM "{table}"' in one[0]]
    speakers = [one for one in seen if "speaker__slug" in one[0] and "GROUP BY" not in one[0]]
    counts = [{"sql": sql, "params": params} for sql, params in seen if "GROUP BY" in sql]
    return {
        "queries": len(seen),
        "before": [_as_json(*one) for one in sought],
        "page": _as_json(*seen[page]),
        "speakers": {"sql": speakers[0][0]} if speakers else None,
        "facets": dict(zip(FACETS, counts, strict=True)) if counts else {},
    }


def _as_json(sql: str, params: Any) -> dict[str, Any]:
    return {"sql": sql, "params": [str(one) if hasattr(one, "year") else one for one in params]}


def main(size: int, depth: int, target: Path) -> None:
    """Asks each question once, in this process, and writes its statements."""
    import django

    django.setup()
    from django.conf import settings
    from django.contrib.auth.models import Group, User
    from django.db import connection, transaction
    from rest_framework.request import Request
    from rest_framework.test import APIClient

    from claims.api.shapes import ClaimShape
    from claims.models import Claim
    from claims.services.tokens import create_token

    settings.ALLOWED_HOSTS = ["127.0.0.1"]
    client = APIClient(SERVER_NAME="127.0.0.1")
    seen: list[tuple[str, Any]] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        seen.append((sql, params))
        return execute(sql, params, many, context)

    def asked(path: str) -> dict[str, Any]:
        seen.clear()
        # Within a transaction nothing is prepared, so that all of the text is seen.
        with transaction.atomic(), connection.execute_wrapper(note):
            answer = client.get(path)
        if answer.status_code != 200:
            raise SystemExit(f"{path}: {answer.status_code} {answer.content[:300]!r}")
        ids = [row["id"] for row in answer.json()["results"]]
        return {"path": path, "columns": columns, "ids": ids, **_statements(seen, Claim._meta.db_table)}

    from django.test import RequestFactory

    columns = list(ClaimShape(Request(RequestFactory().get("/"))).read("id", "said_on"))
    found = {name: asked(f"{LIST}?{query}") for name, query in questions(size).items()}
    path = f"{LIST}?{questions(size)['frequent']}&page_size=500"
    for _ in range(max(1, depth // 500)):
        path = client.get(path).json()["next"] or path
    found["deep"] = asked(path.replace("page_size=500", "page_size=50").removeprefix("http://127.0.0.1"))
    first = Claim.objects.get(pk=found["deep"]["ids"][0])
    speaker = int(questions(size)["frequent"].partition("=")[2])
    same_day = Claim.objects.filter(links__speaker=speaker, depth=0, said_on=first.said_on, pk__gt=first.pk)
    found["deep"] |= {"first_day": str(first.said_on), "passed": same_day.count()}
    target.write_text(json.dumps(found))
    user = User.objects.filter(username="reader").first() or User.objects.create_user("reader")
    user.groups.add(Group.objects.get(name="API reader"))
    sys.stdout.write(create_token(user)[1])


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3]))
