"""Every list in every order it offers: what was there throughout is met exactly once, whatever is done between pages.

Between two pages rows come, go, and move: their sort value changes, to none where the column may be empty. Of a row
that moved nothing is promised (`claimtrack.rest.keyset`); all others that lasted must be met, and none of them twice.
The lists and their orders are asked of the addresses themselves, so that a new one is tested or fails here.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from itertools import count
from typing import Any

import pytest
from django.db import models
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from rest_framework.test import APIClient

from claims.api import urls as claims_urls
from claims.models import Claim, ClaimSpeaker, Correction, Evidence, Rating, Scale, SecondOpinion, Tag, Verdict
from sources.api import urls as sources_urls
from tests.claims.factories import (
    make_article,
    make_claim,
    make_delivery,
    make_note,
    make_opinion,
    make_source,
    make_speaker,
    make_token,
    make_user,
    make_verdict,
    make_webhook,
)

pytestmark = pytest.mark.django_db
VIEWS = {prefix: view for urls in (claims_urls, sources_urls) for prefix, view, _ in urls.router.registry}
ORDERS = [
    (prefix, sign + column)
    for prefix, view in VIEWS.items()
    for column in (*view.orderings, *(["rank"] if view.filterset_class.is_ranked else []))
    for sign in ("", "-")
]
# One speaker's claims are paged along another table's index.
OF_ONE_SPEAKER = [("claims?speaker=ada", sign + column) for column in VIEWS["claims"].orderings for sign in ("", "-")]
_numbers = count(1)


class Desk:
    """What rows of every list hang on, and how one of each is made."""

    def __init__(self) -> None:
        self.admin = make_user("desk admin")
        self.client = APIClient(HTTP_AUTHORIZATION=f"Bearer {make_token(user=self.admin)}")
        self.ada = make_speaker(slug="ada")
        self.article = make_article()
        self.claim = make_claim(article=self.article)
        self.webhook = make_webhook(created_by=self.admin)
        Scale.objects.update(needs_second_check=True)
        self.other = make_user("fact-checker")

    def make(self, prefix: str, words: int) -> models.Model:
        """A row; `words` make it fit a search better or worse."""
        text, number = "bridge " * (words + 1) + "stands", next(_numbers)
        makers: dict[str, Callable[[], models.Model]] = {
            "claims": lambda: make_claim(self.ada, article=self.article, text=f"{text} {number}"),
            "speakers": make_speaker,
            "articles": lambda: make_article(headline=text),
            "notes": lambda: make_note(self.claim, author=self.admin),
            "verdicts": lambda: make_verdict(self.claim, author=self.admin, state="withdrawn"),
            "proposals": lambda: make_verdict(self.claim, author=self.other, state="proposed"),
            "opinions": lambda: make_opinion(
                make_verdict(self.claim, author=self.other, state="superseded"), reviewer=self.admin
            ),
            "corrections": lambda: Correction.objects.create(claim=self.claim, field="accepted", author=self.admin),
            "evidence": lambda: Evidence.objects.create(url="https://a.example/", url_key="a", author=self.admin),
            "tags": lambda: Tag.objects.create(name="Bridges", key=f"{number}"),
            "ratings": self.rating,
            "webhooks": lambda: make_webhook(created_by=self.admin),
            "webhook-deliveries": lambda: make_delivery(self.webhook),
            "sources": make_source,
        }
        return makers[prefix]()

    def rating(self) -> Rating:
        """On a scale of its own, since a scale has one rating of each order."""
        number = next(_numbers)
        scale = Scale.objects.create(name=f"Scale {number}", slug=f"scale-{number}")
        return Rating.objects.create(scale=scale, label="Yes", slug=f"yes-{number}", order=1, colour="#000000")


@pytest.fixture
def desk(settings: Any) -> Desk:
    settings.THROTTLE_TOKEN = ""
    return Desk()


def place(row: models.Model, column: str, number: int) -> None:
    """Gives a row one of few sort values, so that ties and missing values are the rule."""
    if column in ("id", "rank"):
        return
    field = row._meta.get_field(column)
    values: dict[type[models.Field], Any] = {
        models.DateField: date(2026, 1, 1 + number),
        models.DateTimeField: datetime(2026, 1, 1 + number, tzinfo=UTC),
        models.FloatField: number / 4,
        models.PositiveSmallIntegerField: number,
        models.CharField: f"Name {number}" + (f" {row.pk}" if field.unique else ""),
    }
    value = None if field.null and number == 0 else values[type(field)]
    type(row)._base_manager.filter(pk=row.pk).update(**{column: value})
    if isinstance(row, Claim) and column == "said_on":  # a link repeats its claim's date
        ClaimSpeaker.objects.filter(claim=row).update(said_on=value)


def take_away(row: models.Model) -> None:
    """Deletes a row with what hangs on it."""
    if isinstance(row, Verdict):
        SecondOpinion.objects.filter(verdict=row).delete()
    type(row)._base_manager.filter(pk=row.pk).first().delete()


def pages(client: APIClient, url: str) -> Iterator[list[int]]:
    while url:
        answer = client.get(url)
        assert answer.status_code == 200, answer.content
        yield [one["id"] for one in answer.json()["results"]]
        url = answer.json()["next"]


PLACES = st.integers(0, 3)
CHANGES = st.lists(st.tuples(st.sampled_from(["insert", "move", "delete"]), st.integers(0, 30), PLACES), max_size=3)
FEW = settings(
    max_examples=6,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # each step asks the server: shrinking would take minutes
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@pytest.mark.parametrize(("path", "order"), [*ORDERS, *OF_ONE_SPEAKER], ids=" ".join)
@FEW
@given(
    rows=st.lists(PLACES, min_size=2, max_size=9),
    size=st.integers(1, 3),
    changes=st.lists(CHANGES, max_size=6),
)
def test_what_lasts_is_met_once(desk: Desk, path: str, order: str, rows: list[int], size: int, changes: Any) -> None:
    prefix, _, query = path.partition("?")
    column, alive = order.removeprefix("-"), []

    def insert(number: int) -> None:
        alive.append(desk.make(prefix, number))
        place(alive[-1], column, number)

    for number in rows:
        insert(number)
    lasting, left = {row.pk for row in alive}, iter(changes)
    url = f"/api/v1/{prefix}/?ordering={order}&page_size={size}" + (f"&{query}" if query else "")
    met: list[int] = []
    for page in pages(desk.client, url + ("&search=bridge" if column == "rank" else "")):
        met += page
        for kind, index, number in next(left, ()):
            row = alive[index % len(alive)] if alive else None
            if kind == "insert":
                insert(number)
            elif row and kind == "move" and column not in ("id", "rank"):
                lasting.discard(row.pk)
                place(row, column, number)
            elif row and kind == "delete":
                lasting.discard(row.pk)
                alive.remove(row)
                take_away(row)
    assert sorted(pk for pk in met if pk in lasting) == sorted(lasting)
    for row in alive:
        take_away(row)


def test_every_list_has_rows_here(desk: Desk) -> None:
    for prefix in VIEWS:
        row = desk.make(prefix, 0)
        answer = desk.client.get(f"/api/v1/{prefix}/?page_size=500")
        assert row.pk in [one["id"] for one in answer.json()["results"]], prefix
