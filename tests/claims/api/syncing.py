"""A reader who keeps a copy by following `changes/`, and what the lists say to compare it with."""

from typing import Any

from rest_framework.test import APIClient

START = "/api/v1/changes/"
LISTS = {
    "article": "articles/",
    "claim": "claims/?depth__in=0,1,2",
    "evidence": "evidence/",
    "note": "notes/",
    "rating": "ratings/",
    "source": "sources/",
    "speaker": "speakers/",
    "verdict": "verdicts/",
}
Copy = dict[tuple[str, int], dict[str, Any]]


def poll(client: APIClient, url: str, copy: Copy | None = None) -> tuple[str, list[dict[str, Any]]]:
    """Follows `next` as long as there is more; keeps the copy in step."""
    changes: list[dict[str, Any]] = []
    while True:
        answer = client.get(url)
        assert answer.status_code == 200, answer.content
        page = answer.json()
        changes += page["results"]
        url = page["next"]
        if not page["has_more"]:
            break
    for one in changes if copy is not None else ():
        key = (one["kind"], one["id"])
        assert one["deleted"] == (one["object"] is None)
        if one["deleted"]:
            copy.pop(key, None)
        else:
            copy[key] = one["object"]
    return url, changes


def state(client: APIClient) -> Copy:
    """What the lists say."""
    found: Copy = {}
    for kind, path in LISTS.items():
        url = f"/api/v1/{path}"
        while url:
            page = client.get(url).json()
            found |= {(kind, row["id"]): row for row in page["results"]}
            url = page["next"]
    return found


def told(client: APIClient, url: str) -> set[tuple[str, int, bool]]:
    return {(one["kind"], one["id"], one["deleted"]) for one in poll(client, url)[1]}
