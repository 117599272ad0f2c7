from datetime import date, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.parsing import Given, normalise, parse_bytes
from sources.parsing.errors import BadField
from sources.parsing.wire import parse_wire

BODY = "The bridge at Northfield is safe, Mayor Jane Roe said on Friday.\n\n“It is safe,” she said."
REAL_STORIES = Path(__file__).resolve().parents[4] / "shared" / "articles"


@pytest.mark.parametrize(
    ("head", "fields"),
    [
        pytest.param("date 2026-01-02 New Delhi, Jan 2 ", {"dateline_place": "New Delhi"}, id="all on one line"),
        pytest.param("date 2026-01-02\nNew Delhi, Jan 2\n\n", {"dateline_place": "New Delhi"}, id="a line each"),
        pytest.param("Date: 2026-01-02\n\n", {}, id="machine line alone"),
        pytest.param(
            "date 2026-01-02\nNorthfield bridge opens\n\nNORTHFIELD, Jan 2 (NWA) — ",
            {"headline": "Northfield bridge opens", "dateline_place": "NORTHFIELD", "agency": "NWA"},
            id="headline before the dateline",
        ),
        pytest.param(
            "date 2026-01-02\nNorthfield bridge opens\nBy Jane Doe and Jo van Dyke, Staff Writer\nNORTHFIELD (NWA) - ",
            {
                "headline": "Northfield bridge opens",
                "byline": "Jane Doe and Jo van Dyke, Staff Writer",
                "dateline_place": "NORTHFIELD",
                "agency": "NWA",
            },
            id="headline, byline, dateline",
        ),
        pytest.param(
            "date 2026-01-02\nIs the bridge safe?\n\n", {"headline": "Is the bridge safe?"}, id="headline, no dateline"
        ),
        pytest.param(
            "date 2026-01-02\nRoe: ‘Bridge is safe’\n\nBy Jane Doe\n\n",
            {"headline": "Roe: ‘Bridge is safe’", "byline": "Jane Doe"},
            id="headline and byline, no dateline",
        ),
    ],
)
def test_heads(head: str, fields: dict[str, str]) -> None:
    story = parse_wire(head + BODY)
    assert story.text == BODY
    assert story.published_on == date(2026, 1, 2)
    for name in ("headline", "byline", "dateline_place", "agency"):
        assert getattr(story, name) == fields.get(name, ""), name


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(BODY, id="plain text"),
        pytest.param("Date palms line the road.\n\n" + BODY, id="a date that is a fruit"),
        pytest.param("Date 2026-01-02 was chosen for the vote.\n\n" + BODY, id="a sentence about a date"),
        pytest.param("London, a city of nine million, voted.\n\n" + BODY, id="a place opens the first sentence"),
        pytest.param(BODY + "\n\nAnswer with\n\nyes/no", id="a pair of words is no desk"),
        pytest.param(BODY + "\n\nab/cd", id="initials alone prove nothing"),
        pytest.param(BODY + "\n\n—Shakespeare", id="an unlisted name after a dash"),
        pytest.param("-- The mayor spoke.\n--IANS is an agency, she said.\n" + BODY, id="dashes in the text"),
        pytest.param(BODY + "\n\nHe spoke for the board (IANS)", id="brackets within a sentence"),
        pytest.param("Northfield bridge opens\n\n" + BODY, id="a headline alone is read but stays"),
        pytest.param("By Jane Doe\n\n" + BODY, id="a byline alone is read but stays"),
        pytest.param("--IANS", id="nothing but a sign-off"),
        pytest.param("date 2026-01-02", id="nothing but a machine line"),
    ],
)
def test_text_without_proof_of_wire_copy_stays_whole(text: str) -> None:
    assert parse_wire(text).text == text


@pytest.mark.parametrize(
    ("first", "headline"),
    [
        pytest.param("Northfield bridge opens", "Northfield bridge opens", id="a headline"),
        pytest.param("Bridge 'safe', says U.S. mayor!", "Bridge 'safe', says U.S. mayor!", id="initials and quotes"),
        pytest.param("The bridge is safe, the mayor said.", "", id="but not when: a sentence"),
        pytest.param("It is safe. Nobody was hurt, she said", "", id="but not when: two sentences"),
        pytest.param("She said:", "", id="but not when: it announces a quote"),
        pytest.param("safe at last", "", id="but not when: small first letter"),
        pytest.param("Northfield", "", id="but not when: one word"),
        pytest.param("- First point", "", id="but not when: a list"),
        pytest.param("The bridge " * 30, "", id="but not when: it is long"),
    ],
)
def test_headline_on_a_line_of_its_own(first: str, headline: str) -> None:
    assert parse_wire(f"{first}\n\n{BODY}").headline == headline
    wire = parse_wire(normalise(f"date 2026-01-02\n{first}\n\n{BODY}\n\n--NWA"))
    assert wire.headline == headline
    assert wire.text == (BODY if headline else normalise(f"{first}\n\n{BODY}"))


def test_a_line_that_runs_on_is_no_headline() -> None:
    text = "Northfield bridge opens\nafter a long delay, the mayor said."
    assert parse_wire(text).headline == ""
    assert parse_wire("date 2026-01-02\n" + text).text == text


@pytest.mark.parametrize(
    ("first", "second", "headline"),
    [
        pytest.param("The bridge is safe.", "NORTHFIELD (NWA) — ", "The bridge is safe.", id="before a dateline"),
        pytest.param("The bridge is safe.", "", "", id="but not when: no dateline follows"),
        pytest.param(
            "The bridge is safe" + ", it seems" * 11 + ".", "NORTHFIELD (NWA) — ", "", id="but not when: it is long"
        ),
    ],
)
def test_headline_with_a_full_stop(first: str, second: str, headline: str) -> None:
    text = f"{first}\n\n{second}{BODY}"
    story = parse_wire(text)
    assert story.headline == headline
    assert story.text == (BODY if headline else text)


@pytest.mark.parametrize(
    ("line", "byline"),
    [
        pytest.param("By Jane Doe", "Jane Doe", id="one name"),
        pytest.param("BY JANE DOE", "JANE DOE", id="capitals"),
        pytest.param(
            "By Ursula von der Aue for Northfield Wire", "Ursula von der Aue for Northfield Wire", id="particles"
        ),
        pytest.param("By Monday Night", "", id="but not when: a weekday"),
        pytest.param("By the river they waited", "", id="but not when: small letters"),
        pytest.param("By Jane Doe.", "", id="but not when: a full stop"),
        pytest.param("By Doe", "", id="but not when: one word"),
    ],
)
def test_byline(line: str, byline: str) -> None:
    assert parse_wire(f"{line}\n\n{BODY}").byline == byline


@pytest.mark.parametrize(
    ("line", "moment"),
    [
        pytest.param(
            "date 2026-01-02T09:30:00+05:30",
            datetime(2026, 1, 2, 9, 30, tzinfo=timezone(timedelta(hours=5.5))),
            id="zone",
        ),
        pytest.param("date 2026-01-02T09:30Z", datetime(2026, 1, 2, 9, 30, tzinfo=timezone.utc), id="UTC"),  # noqa: UP017
        pytest.param("date 2026-01-02T09:30", None, id="but not when: no zone"),
    ],
)
def test_machine_line_with_a_time(line: str, moment: datetime | None) -> None:
    story = parse_wire(f"{line}\n{BODY}")
    assert (story.published_on, story.published_at, story.text) == (date(2026, 1, 2), moment, BODY)


@pytest.mark.parametrize("day", ["2026-02-30", "2026-13-01", "2026-00-01"])
def test_a_day_that_does_not_exist_is_refused(day: str) -> None:
    with pytest.raises(BadField, match="does not exist") as caught:
        parse_wire(f"date {day}\n{BODY}")
    assert caught.value.field == "published_on"


def test_the_machine_line_wins_over_the_dateline() -> None:
    assert parse_wire(f"date 2026-01-03 New Delhi, Jan 2 {BODY}").published_on == date(2026, 1, 3)


SENTENCES = st.lists(
    st.text(alphabet="abcdé ,’“”-/()", min_size=1, max_size=60).map(lambda words: f"The {words} said."),
    min_size=1,
    max_size=6,
)
HEADS = st.sampled_from(
    [
        "",
        "date 2026-01-02 ",
        "date 2026-01-02 New Delhi, Jan 2 ",
        "NAIROBI, March 3 (NWA) — ",
        "A fine headline\n\nPARIS (NWA) - ",
    ]
)
TAILS = st.sampled_from(
    ["", "\n\n--IANS", "\n\n--NWA\n\nmr/dan\n", "\n\n(PTI)", "\n—Reuters\nabc/xyz/", " (ANI)", "\n\n###"]
)


@given(SENTENCES, HEADS, TAILS)
def test_no_word_of_the_body_is_lost_and_none_is_added(sentences: list[str], head: str, tail: str) -> None:
    body = normalise("\n\n".join(sentences))
    assert parse_wire(normalise(head + body + tail)).text == body


@given(st.text(alphabet='ABab12 \n\n.,:;-—()/"“”') | st.text())
def test_any_text_gives_one_unbroken_stretch_of_it(text: str) -> None:
    text = normalise(text)
    story = parse_wire(text)
    assert story.text == text[story.start : story.end]
    assert bool(story.text) == bool(text)
    assert story.start <= 1_200
    assert len(text) - story.end <= 600


@pytest.mark.skipif(not REAL_STORIES.is_dir(), reason="../shared/articles is not there")
def test_a_real_wire_story() -> None:
    (path,) = sorted(REAL_STORIES.glob("ians-2026-01-02-*.txt"))
    article = parse_bytes(
        path.read_bytes(), filename=path.name, today=date(2026, 11, 22), given=Given(external_id=path.name)
    )
    assert article.published_on == date(2026, 1, 2)
    assert (article.dateline_place, article.source_name, article.language) == ("New Delhi", "IANS", "en")
    assert article.text.startswith("Amid the controversy")
    assert article.text.endswith("he elaborated.")
    assert (article.headline, article.byline, article.external_id) == ("", "", path.name)
    assert article.text in normalise(path.read_text(encoding="utf-8"))
    assert article.text.count("\n\n") > 10
