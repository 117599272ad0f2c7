"""A speaker's page beside its form: figures, descriptions, external ids, likely doubles, splitting and undoing."""

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from claims.admin.charts import Bar, column_chart, row_chart
from claims.models import ClaimSpeaker, Speaker, SpeakerRole, SpeakerSplit
from claims.services.external_ids import add_external_id
from claims.services.merging import merge_speakers
from claims.services.splitting import split_speaker
from tests.claims.factories import make_article, make_claim, make_speaker, make_user, make_verdict


def page(name: str, *ids: int) -> str:
    return reverse(f"admin:claims_{name}", args=ids)


def shown(client: Client, speaker: Speaker) -> str:
    return client.get(page("speaker_change", speaker.pk)).content.decode()


def section(text: str, title: str) -> str:
    return text.split(f'<h2 id="h-{title}">')[1].split("</section>")[0]


def through(speaker: Speaker, key: str, **values: Any) -> ClaimSpeaker:
    """A claim that came through one of the speaker's names."""
    link = make_claim(speaker, **values).links.get()
    ClaimSpeaker.objects.filter(pk=link.pk).update(key=key)
    return link


def test_descriptions_with_their_days_the_newest_first(editor: Callable) -> None:
    speaker = make_speaker("Ilse Marrow")
    for text, day in (("Miller", 1), ("miller", 9), ("mayor of Halm", 20)):
        SpeakerRole.objects.create(speaker=speaker, article=make_article(), text=text, said_on=date(2026, 3, day))
    found = re.sub(r"\s+", " ", section(shown(editor(), speaker), "described"))
    assert found.index("mayor of Halm") < found.index("miller")
    assert "20 Mar 2026" in found
    assert "1 Mar 2026 to 9 Mar 2026</a>, 2 articles" in found


def test_figures_are_counts_with_their_denominator(editor: Callable) -> None:
    speaker = make_speaker("Ilse Marrow")
    for number in range(7):
        claim = make_claim(speaker, said_on=date(2026, 1 + number % 3, 5))
        make_verdict(claim, rating="false" if number < 4 else "true")
    make_claim(speaker, said_on=None)
    make_claim(speaker, within=make_claim())  # relayed: others say that she said so
    make_claim(speaker, is_current=False)
    make_verdict(make_claim(speaker), state="proposed")
    found = section(shown(editor(), speaker), "figures")
    assert "9 claims in all, 1 of them without a date" in found
    assert "7 of 9 claims have a published verdict" in found
    assert "<title>Jan 2026: 3</title>" in found
    assert found.count('role="img"') == 2
    rows = re.findall(r'<th scope="row">([^<]+)</th><td class="ct-number-cell">([^<]+)</td>', found)
    assert rows[-2:] == [("True", "3"), ("False", "4")]
    assert "%" not in re.sub(r"<[^>]+>", "", found)


def test_few_verdicts_are_not_drawn_but_told(editor: Callable) -> None:
    speaker = make_speaker("Ilse Marrow")
    make_verdict(make_claim(speaker), rating="false")
    found = section(shown(editor(), speaker), "figures")
    assert "1 of 1 claims have a published verdict" in found
    assert "Too few to draw" in found
    assert "<svg" not in found


@pytest.mark.parametrize("chart", [column_chart, row_chart])
def test_a_chart_names_itself_and_escapes_what_it_shows(chart: Callable) -> None:
    drawn = chart("A & B", "Of <12>.", "Kind", [Bar("<b>", 5), Bar("two", 0, "#112233"), Bar("more", 1000, "", True)])
    assert "<title id=" in drawn.svg
    assert "A &amp; B</title>" in drawn.svg
    assert "Of &lt;12&gt;.</desc>" in drawn.svg
    assert "&lt;b&gt;" in drawn.svg
    assert "<b>" not in drawn.svg
    assert "1,000+" in drawn.svg
    assert "style=" not in drawn.svg


@pytest.mark.parametrize(
    ("bars", "is_drawn"),
    [
        pytest.param([Bar("a", 3), Bar("b", 2)], True, id="five"),
        pytest.param([Bar("a", 4)], False, id="but not four"),
        pytest.param([], False, id="nor nothing"),
    ],
)
def test_small_numbers_are_not_drawn(bars: list[Bar], is_drawn: bool) -> None:
    for chart in (column_chart, row_chart):
        assert bool(chart("Title", "Note", "Kind", bars).svg) is is_drawn


def test_a_long_life_is_drawn_by_years(editor: Callable) -> None:
    speaker = make_speaker("Ilse Marrow")
    for year in range(2019, 2026):
        make_claim(speaker, said_on=date(year, 5, 1))
    found = section(shown(editor(), speaker), "figures")
    assert "<title>2019: 1</title>" in found
    assert '<th scope="col">Year</th>' in found


def test_external_ids_are_noted_refused_and_taken_off(editor: Callable) -> None:
    client, speaker = editor("desk admin"), make_speaker("Ilse Marrow")
    address = page("speaker_external", speaker.pk)
    client.post(address, {"value": "https://www.wikidata.org/wiki/q1001"})
    row = speaker.external_ids.get()
    assert 'href="https://www.wikidata.org/wiki/Q1001"' in section(shown(client, speaker), "elsewhere")
    refused = client.post(address, {"value": "Marrow"}, follow=True)
    assert "Give a Wikidata number" in " ".join(str(line) for line in refused.context["messages"])
    assert client.post(address, {"_remove": "²"}).status_code == 404
    client.post(address, {"_remove": row.pk})
    assert not speaker.external_ids.exists()
    assert client.get(address).status_code == 405


def test_likely_doubles_stand_with_their_reasons_and_a_way_to_merge(editor: Callable) -> None:
    client, speaker = editor("desk admin"), make_speaker("Ilse Marrow")
    double = make_speaker("Ilse B. Marrow")
    found = section(shown(client, speaker), "likely")
    assert "the same but for a middle name: Ilse B. Marrow" in found
    chosen = re.findall(r'name="_selected_action" value="(\d+)"', found)
    assert chosen == [str(speaker.pk), str(double.pk)]
    asked = client.post(page("speaker_changelist"), {"action": "merge", "index": "0", "_selected_action": chosen})
    assert "Who stays?" in asked.content.decode()
    assert 'id="h-likely"' not in shown(editor("fact-checker"), speaker)


@pytest.fixture
def cousins(editor: Callable) -> tuple[Client, Speaker, list[ClaimSpeaker]]:
    """A desk admin, and a speaker who bears a cousin's name."""
    speaker = make_speaker("Ilse Marrow", "Ilsa Marrow")
    links = [through(speaker, "ilse marrow"), *(through(speaker, "ilsa marrow") for _ in range(2))]
    return editor("desk admin"), speaker, links


def test_a_name_is_split_off_and_given_back(cousins: tuple) -> None:
    client, speaker, links = cousins
    alias = speaker.aliases.get(name="Ilsa Marrow")
    asked = client.get(page("speaker_split", speaker.pk)).content.decode()
    assert "2 claims" in asked
    assert asked.count('name="claim"') == 3
    data = {"alias": alias.pk, "reason": "Cousins.", "shown": [one.claim_id for one in links]}
    done = client.post(page("speaker_split", speaker.pk), data | {"claim": [one.claim_id for one in links]})
    split = SpeakerSplit.objects.get()
    assert done.headers["Location"] == page("speaker_change", split.into_id)
    assert set(split.into.links.values_list("pk", flat=True)) == {links[1].pk, links[2].pk}
    ledger = section(shown(client, speaker), "merges")
    assert "Cousins." in ledger
    undo = page("speakersplit_undo", split.pk)
    assert f'action="{undo}"' in ledger
    client.post(undo, {"reason": " "})
    split.refresh_from_db()
    assert split.undone_at is None
    client.post(undo, {"reason": "One woman."})
    assert speaker.links.count() == 3
    assert client.get(undo).status_code == 405


def test_single_claims_stay_where_they_are_not_ticked(cousins: tuple) -> None:
    client, speaker, links = cousins
    other = make_speaker("Ilsa Marrow-Finch")
    alias = speaker.aliases.get(name="Ilsa Marrow")
    data = {"alias": alias.pk, "into": other.pk, "reason": "Cousins."}
    data |= {"shown": [one.claim_id for one in links], "claim": [links[0].claim_id, links[1].claim_id]}
    client.post(page("speaker_split", speaker.pk), data)
    assert set(speaker.links.values_list("pk", flat=True)) == {links[0].pk, links[2].pk}
    assert {one.name for one in other.aliases.all()} == {"Ilsa Marrow-Finch", "Ilsa Marrow"}


@pytest.mark.parametrize(
    ("values", "message"),
    [
        pytest.param({}, "Choose one or more names", id="no name"),
        pytest.param({"alias": "first", "reason": ""}, "A reason is needed", id="no reason"),
        pytest.param({"alias": "first", "into": "987654"}, "There is no such speaker", id="nobody"),
        pytest.param({"alias": "first", "into": "self"}, "same speaker", id="the speaker itself"),
        pytest.param({"alias": "all"}, "no name left", id="all names"),
    ],
)
def test_a_split_that_lacks_something_is_asked_again(values: dict, message: str, cousins: tuple) -> None:
    client, speaker, _ = cousins
    names = list(speaker.aliases.values_list("pk", flat=True))
    known = {"first": names[0], "all": names, "self": speaker.pk}
    data = {"reason": "Cousins."} | {name: known.get(value, value) for name, value in values.items()}
    answer = client.post(page("speaker_split", speaker.pk), data)
    assert answer.status_code == 200
    assert message in answer.content.decode()
    assert not SpeakerSplit.objects.exists()


@pytest.mark.parametrize("role", ["API reader", "contributor", "fact-checker", "reviewer"])
def test_who_may_not_merge_may_not_split_nor_note_ids(role: str, cousins: tuple, editor: Callable) -> None:
    _, speaker, _ = cousins
    client, admin = editor(role), make_user("desk admin")
    row = add_external_id(speaker, actor=admin, value="Q42")
    split = split_speaker(speaker, aliases=[speaker.aliases.get(name="Ilsa Marrow")], actor=admin, reason="Cousins.")
    assert client.post(page("speaker_split", speaker.pk), {"reason": "x"}).status_code == 403
    assert client.post(page("speakersplit_undo", split.pk), {"reason": "x"}).status_code == 403
    client.post(page("speaker_external", speaker.pk), {"value": "https://halm.example/"})
    client.post(page("speaker_external", speaker.pk), {"_remove": row.pk})
    assert [one.value for one in speaker.external_ids.all()] == ["Q42"]
    found = shown(client, speaker)
    for offered in ("/split/", "/external/", "Undo split"):
        assert offered not in found


def test_a_merged_speakers_page_says_so_and_offers_nothing(editor: Callable) -> None:
    client, survivor, old = editor("desk admin"), make_speaker("Ilse Marrow"), make_speaker("Ilsa Marrow")
    merge_speakers(old, into=survivor, actor=client.user, reason="the same")
    found = shown(client, old)
    assert "Merged into" in found
    for offered in ("/split/", "/external/"):
        assert offered not in found
    assert client.get(page("speaker_split", old.pk)).status_code == 404


def test_the_page_costs_the_same_for_one_claim_and_for_many(editor: Callable) -> None:
    client, speaker = editor("desk admin"), make_speaker("Ilse Marrow")

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            shown(client, speaker)
        return len(captured)

    def more(number: int) -> None:
        claim = make_claim(speaker, said_on=date(2026, 3, 1 + number))
        make_verdict(claim)
        SpeakerRole.objects.create(speaker=speaker, article=claim.article, text=f"role {number}")
        add_external_id(speaker, actor=client.user, value=f"https://halm.example/{number}")
        make_speaker(f"Ilse {chr(66 + number)}. Marrow")

    more(0)
    queries()
    few = queries()
    for number in range(1, 9):
        more(number)
    assert queries() == few < 25
