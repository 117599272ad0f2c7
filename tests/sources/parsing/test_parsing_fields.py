from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.parsing import normalise_url, parse_published
from sources.parsing.errors import BadField
from sources.parsing.fields import check_line, check_published

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("value", "day", "moment"),
    [
        pytest.param("2026-01-02", date(2026, 1, 2), None, id="day"),
        pytest.param(" 2026-01-02 ", date(2026, 1, 2), None, id="blanks around"),
        pytest.param("2026-01-02T09:30:00Z", date(2026, 1, 2), datetime(2026, 1, 2, 9, 30, tzinfo=UTC), id="UTC"),
        pytest.param(
            "2026-01-02T01:30:00+05:30",
            date(2026, 1, 2),
            datetime(2026, 1, 1, 20, 0, tzinfo=UTC),
            id="the printed day stays",
        ),
        pytest.param(
            "2026-01-02 09:30:00.123+0000", date(2026, 1, 2), datetime(2026, 1, 2, 9, 30, 0, 123000, UTC), id="blank"
        ),
        pytest.param("2026-01-02T09:30", date(2026, 1, 2), None, id="no zone, no moment"),
    ],
)
def test_published(value: str, day: date, moment: datetime | None) -> None:
    assert parse_published(value) == (day, moment)


@pytest.mark.parametrize(
    ("value", "says"),
    [
        pytest.param("02/01/2026", "write an ISO date such as", id="slashes"),
        pytest.param("2 January 2026", "write an ISO date such as", id="words"),
        pytest.param("20260102", "write an ISO date such as", id="no hyphens"),
        pytest.param("2026-W01-5", "write an ISO date such as", id="week date"),
        pytest.param("2026-1-2", "write an ISO date such as", id="one digit"),
        pytest.param("yesterday", "write an ISO date such as", id="a word"),
        pytest.param("٢٠٢٦-٠١-٠٢", "write an ISO date such as", id="other digits"),
        pytest.param("2026-02-30", "does not exist", id="no such day"),
        pytest.param("2026-01-02T25:00:00Z", "does not exist", id="no such hour"),
        pytest.param("0001-01-01T00:00:00+14:00", "does not exist", id="before the calendar"),
    ],
)
def test_published_refused(value: str, says: str) -> None:
    with pytest.raises(BadField, match=says) as caught:
        parse_published(value, field="published")
    assert caught.value.field == "published"
    assert "`published`" in caught.value.message


@pytest.mark.parametrize(
    ("day", "good"),
    [
        pytest.param(TODAY, True, id="today"),
        pytest.param(date(2026, 11, 23), True, id="tomorrow, beyond the date line"),
        pytest.param(date(2026, 11, 24), False, id="the day after"),
        pytest.param(date(1605, 1, 1), True, id="the first newspaper"),
        pytest.param(date(1, 1, 1), False, id="a placeholder"),
    ],
)
def test_check_published(day: date, good: bool) -> None:
    if good:
        assert check_published(day, TODAY) == day
        return
    with pytest.raises(BadField, match=day.isoformat()):
        check_published(day, TODAY)


def test_check_line() -> None:
    assert check_line(" Mayor\nopens  bridge ", 20, field="headline") == "Mayor opens bridge"
    with pytest.raises(BadField, match="21 characters long; at most 20") as caught:
        check_line("x" * 21, 20, field="headline")
    assert caught.value.field == "headline"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        pytest.param("HTTPS://News.Example/A/b?x=1", "https://news.example/A/b?x=1", id="small scheme and host"),
        pytest.param("https://news.example", "https://news.example/", id="empty path"),
        pytest.param("https://news.example:443/a", "https://news.example/a", id="default port"),
        pytest.param("http://news.example:80/a", "http://news.example/a", id="default port of http"),
        pytest.param("http://news.example:443/a", "http://news.example:443/a", id="but not when: another port"),
        pytest.param("https://news.example/a#top", "https://news.example/a", id="fragment"),
        pytest.param(
            "https://news.example/a?utm_source=x&b=2&FBCLID=3&a=1&gclid=4",
            "https://news.example/a?b=2&a=1",
            id="tracking",
        ),
        pytest.param("https://news.example/a?utm_source=x", "https://news.example/a", id="tracking only"),
        pytest.param(
            "https://news.example/a?utm=1&id=gclid",
            "https://news.example/a?utm=1&id=gclid",
            id="but not when: like tracking",
        ),
        pytest.param("https://news.example/a?b=2&a=1&b=3&c", "https://news.example/a?b=2&a=1&b=3&c", id="order kept"),
        pytest.param("https://news.example./a%20b", "https://news.example/a%20b", id="trailing dot, escapes kept"),
        pytest.param("https://bücher.example/a", "https://xn--bcher-kva.example/a", id="host in other letters"),
        pytest.param("http://[2001:DB8::1]:8000/a", "http://[2001:db8::1]:8000/a", id="IPv6"),
    ],
)
def test_normalise_url(url: str, expected: str) -> None:
    assert normalise_url(url) == expected
    assert normalise_url(expected) == expected


@pytest.mark.parametrize(
    ("url", "says"),
    [
        pytest.param("news.example/a", "must begin with http", id="no scheme"),
        pytest.param("javascript:alert(1)", "must begin with http", id="script"),
        pytest.param("ftp://news.example/a", "must begin with http", id="ftp"),
        pytest.param("https:///a", "lacks a valid host", id="no host"),
        pytest.param("https://a..b/", "lacks a valid host", id="empty label"),
        pytest.param("https://news.example:x/", "malformed", id="port"),
        pytest.param("https://[::1/", "malformed", id="bracket"),
        pytest.param("https://news.example/a b", "percent-encoded", id="blank"),
        pytest.param("https://news.example/a\nb", "percent-encoded", id="line end"),
        pytest.param('https://news.example/"><script>', "percent-encoded", id="quote"),
        pytest.param("https://user:secret@news.example/", "user name or password", id="credentials"),
        pytest.param("https://news.example/" + "a" * 2000, "at most 2,000", id="too long"),
        pytest.param("", "must begin with http", id="empty"),
    ],
)
def test_normalise_url_refuses(url: str, says: str) -> None:
    with pytest.raises(BadField, match=says) as caught:
        normalise_url(url)
    assert caught.value.field == "url"
    assert "secret" not in caught.value.message


@given(st.text(max_size=60).map(lambda rest: "https://" + rest) | st.text(max_size=60))
def test_normalise_url_is_idempotent_or_refuses(url: str) -> None:
    try:
        once = normalise_url(url)
    except BadField:
        return
    assert normalise_url(once) == once
