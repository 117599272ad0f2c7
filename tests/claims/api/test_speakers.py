"""Speakers over HTTP: their names, and what a merge leaves of old ids."""

from itertools import pairwise

import pytest
from rest_framework.test import APIClient

from claims.api.serializers import SpeakerDetailSerializer, SpeakerSerializer
from claims.services.external_ids import add_external_id
from claims.services.merging import merge_speakers, undo_merge
from tests.claims.factories import make_claim, make_speaker, make_user

pytestmark = pytest.mark.django_db
URL = "/api/v1/speakers/"


def test_fields(anyone: APIClient) -> None:
    ada = make_speaker("Ada Quill", "Mayor Quill", slug="ada-quill")
    make_claim(ada)
    make_claim(ada, within=make_claim())
    listed = anyone.get(URL).json()["results"][0]
    add_external_id(ada, actor=make_user("desk admin"), value="https://quill.example/ada")
    add_external_id(ada, actor=make_user("desk admin"), value="q42")
    detail = anyone.get(f"{URL}{ada.pk}/").json()
    assert set(listed) == set(SpeakerSerializer().fields) - {"highlight"}  # which only a search has
    assert set(detail) == set(SpeakerDetailSerializer().fields) - {"highlight"}
    known = [
        {"scheme": "wikidata", "value": "Q42", "url": "https://www.wikidata.org/wiki/Q42"},
        {"scheme": "same_as", "value": "https://quill.example/ada", "url": "https://quill.example/ada"},
    ]
    assert detail == listed | {"claims_count": 1, "external_ids": known, "modified_at": detail["modified_at"]}
    assert (detail["name"], detail["slug"], detail["kind"]) == ("Ada Quill", "ada-quill", "person")
    assert detail["aliases"] == ["Ada Quill", "Mayor Quill"]
    assert detail["merged_from"] == []
    assert len(anyone.get(detail["claims_url"]).json()["results"]) == detail["claims_count"]


class TestMerged:
    @pytest.fixture
    def chain(self):
        """The first speaker is merged into the second, and that one into the third."""
        speakers = [make_speaker(name, slug=slug) for name, slug in NAMES]
        for speaker in speakers:
            make_claim(speaker)
        admin = make_user("desk admin")
        merges = [merge_speakers(old, into=new, actor=admin, reason="The same.") for old, new in pairwise(speakers)]
        return speakers, merges, admin

    def test_old_ids_answer_with_the_survivor(self, anyone: APIClient, chain) -> None:
        first, second, third = chain[0]
        answers = [anyone.get(f"{URL}{one.pk}/") for one in (first, second, third)]
        assert [answer.status_code for answer in answers] == [200] * 3
        assert answers[0].json() == answers[1].json() == answers[2].json()
        survivor = answers[0].json()
        assert (survivor["id"], survivor["slug"]) == (third.pk, "ada-quill")
        assert survivor["merged_from"] == [first.pk, second.pk]
        assert set(survivor["aliases"]) == {name for name, _ in NAMES}
        assert survivor["claims_count"] == 3

    def test_old_ids_slugs_and_names_find_all_claims(self, anyone: APIClient, chain) -> None:
        first = chain[0][0]
        for query in (f"speaker={first.pk}", "speaker=a-quill", "speaker=ada-quill", "speaker_name=A. Quill"):
            assert len(anyone.get(f"/api/v1/claims/?{query}").json()["results"]) == 3, query
        for query in ("slug=a-quill", "name=Mrs. Quill Senior", f"id__in={first.pk}"):
            assert [row["slug"] for row in anyone.get(f"{URL}?{query}").json()["results"]] == ["ada-quill"], query

    def test_lists_show_survivors_only(self, anyone: APIClient, chain) -> None:
        assert [row["slug"] for row in anyone.get(URL).json()["results"]] == ["ada-quill"]

    def test_undone_they_are_themselves_again(self, anyone: APIClient, chain) -> None:
        speakers, merges, admin = chain
        for merge in reversed(merges):
            undo_merge(merge, actor=admin, reason="Not the same.")
        for speaker, (name, slug) in zip(speakers, NAMES, strict=True):
            answer = anyone.get(f"{URL}{speaker.pk}/").json()
            assert (answer["id"], answer["slug"], answer["merged_from"]) == (speaker.pk, slug, [])
            assert (answer["aliases"], answer["claims_count"]) == ([name], 1)


NAMES = [("A. Quill", "a-quill"), ("Mrs. Quill Senior", "quill-senior"), ("Ada Quill", "ada-quill")]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", {"ada-quill", "ada-quill-2", "nordbank"}),
        ("name=ada QUILL", {"ada-quill", "ada-quill-2"}),
        ("name=Mayor Quill", {"ada-quill"}),
        ("name=Quill", set()),
        ("slug=ada-quill", {"ada-quill"}),
        ("slug=mayor-quill", set()),
        ("kind=organisation", {"nordbank"}),
        ("kind!=organisation", {"ada-quill", "ada-quill-2"}),
        ("kind__in=person,unknown", {"ada-quill", "ada-quill-2"}),
        ("search=quill ADA", {"ada-quill", "ada-quill-2"}),
        ("search=nordb*", {"nordbank"}),
        ("search=mayor", {"ada-quill"}),
    ],
)
def test_filters(anyone: APIClient, query: str, expected: set[str]) -> None:
    make_speaker("Ada Quill", "Mayor Quill", slug="ada-quill")
    make_speaker("Ada Quill", slug="ada-quill-2")
    make_speaker("Nordbank", slug="nordbank", kind="organisation")
    assert {row["slug"] for row in anyone.get(f"{URL}?{query}").json()["results"]} == expected


def test_a_speaker_who_is_not_there_is_404(anyone: APIClient) -> None:
    for path in ("999999/", "999999999999999999/", "ada-quill/"):
        answer = anyone.get(f"{URL}{path}")
        assert (answer.status_code, answer.json()["error"]["code"]) == (404, "not_found")
