from datetime import date

import pytest

from sources.parsing.dateline import read_dateline


@pytest.mark.parametrize(
    ("text", "place", "agency", "day", "body"),
    [
        pytest.param(
            "New Delhi, Jan 2 The rain", "New Delhi", "", (1, 2), "The rain", id="place and day, nothing else"
        ),
        pytest.param("NAIROBI, March 3 (Agency) — The", "NAIROBI", "Agency", (3, 3), "The", id="agency and dash"),
        pytest.param("PARIS (Agency) - The", "PARIS", "Agency", None, "The", id="capitals and unlisted agency"),
        pytest.param("Paris (AFP) - The", "Paris", "AFP", None, "The", id="listed agency"),
        pytest.param("Delhi (PTI): The", "Delhi", "PTI", None, "The", id="listed agency and colon"),
        pytest.param("LONDON, 3 May: The", "LONDON", "", (5, 3), "The", id="day before month"),
        pytest.param(
            "Delhi [India], January 2 (ANI): The", "Delhi, India", "ANI", (1, 2), "The", id="country in brackets"
        ),
        pytest.param("Delhi, January 2, 2026: The", "Delhi", "", (1, 2), "The", id="with a year"),
        pytest.param("WASHINGTON, D.C., Jan. 5 - The", "WASHINGTON, D.C.", "", (1, 5), "The", id="initials in a place"),
        pytest.param(
            "PORT-AU-PRINCE, Haiti (AP) — “We", "PORT-AU-PRINCE, Haiti", "AP", None, "“We", id="hyphens, quote"
        ),
        pytest.param(
            "São Paulo, Sept 7 (Agency) -- Os", "São Paulo", "Agency", (9, 7), "Os", id="accents, two hyphens"
        ),
        pytest.param("THE HAGUE (AP) — The", "THE HAGUE", "AP", None, "The", id="The Hague"),
        pytest.param("Austin, Tuesday, May 5 - The", "Austin", "", (5, 5), "The", id="weekday"),
        pytest.param("GENEVA — Talks", "GENEVA", "", None, "Talks", id="capitals and dash"),
        pytest.param("GENEVA—Talks", "GENEVA", "", None, "Talks", id="tight dash"),
        pytest.param("NEW DELHI, Jan 2\n\nThe", "NEW DELHI", "", (1, 2), "The", id="on its own line"),
        pytest.param("LONDON May 3 (Reuters) - Oil", "LONDON", "Reuters", (5, 3), "Oil", id="no comma"),
        pytest.param("KYIV/WARSAW, Feb 1 (Reuters) - The", "KYIV/WARSAW", "Reuters", (2, 1), "The", id="two places"),
    ],
)
def test_datelines(text: str, place: str, agency: str, day: tuple[int, int] | None, body: str) -> None:
    found = read_dateline(text, 0)
    assert found is not None
    assert (found.place, found.agency) == (place, agency)
    assert ((found.month, found.day) if day else None) == day
    assert text[found.end :] == body


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("London, a city of nine million, voted on Jan 2.", id="a place opens a sentence"),
        pytest.param("London, May 3 was a sunny day.", id="the sentence goes on after the day"),
        pytest.param("In London, May 3 The bells rang.", id="a preposition"),
        pytest.param("Monday, Jan 2 The rain came.", id="a weekday is no place"),
        pytest.param("May 3 The rain came.", id="a month is no place"),
        pytest.param("Theresa May 3 Times reader", id="a name that holds a month"),
        pytest.param("BREAKING — The dam has failed.", id="a label"),
        pytest.param("FACT CHECK: The dam holds.", id="a label with a colon"),
        pytest.param("NATO — The alliance met.", id="an organisation"),
        pytest.param("LONDON — a city of nine million — voted.", id="capitals and dash, but no new sentence"),
        pytest.param("ROE--Jane, 98, of Northfield.", id="capitals and tight hyphens"),
        pytest.param("Chicago — The mayor spoke.", id="small letters and dash"),
        pytest.param("Roe: We will rebuild.", id="a speaker and a colon"),
        pytest.param("ROE: We will rebuild.", id="a speaker in capitals and a colon"),
        pytest.param("Smith (Labour) — The minister left.", id="an unlisted name in brackets"),
        pytest.param("Acme (NYSE: ACM) - Shares fell.", id="a ticker"),
        pytest.param("New Delhi, Jan 45 The rain", id="no day of the month"),
        pytest.param("New Delhi, Jan 2", id="nothing follows"),
        pytest.param("The mayor of Paris, Jan 2 The", id="a sentence before the date"),
        pytest.param("-- The mayor spoke.", id="dashes alone"),
        pytest.param("", id="nothing"),
    ],
)
def test_but_not_when(text: str) -> None:
    assert read_dateline(text, 0) is None


@pytest.mark.parametrize(
    ("text", "default_year", "expected"),
    [
        pytest.param("Delhi, Jan 2, 2024: The", None, date(2024, 1, 2), id="printed year"),
        pytest.param("Delhi, Jan 2, 2024: The", 2026, date(2024, 1, 2), id="printed year wins"),
        pytest.param("Delhi, Jan 2: The", None, None, id="but not when: no year is known"),
        pytest.param("Delhi, Jan 2: The", 2026, date(2026, 1, 2), id="the caller's year"),
        pytest.param("Delhi, Dec 31: The", 2026, date(2025, 12, 31), id="a day after the latest is of the year before"),
        pytest.param("Delhi, Feb 29: The", 2026, None, id="no such day in that year"),
        pytest.param("DELHI (AP) — The", 2026, None, id="no day at all"),
    ],
)
def test_year(text: str, default_year: int | None, expected: date | None) -> None:
    found = read_dateline(text, 0)
    assert found is not None
    assert found.day_of(default_year, date(2026, 1, 6)) == expected
