import time
from datetime import UTC, date, datetime

import pytest

from sources.parsing import Given, parse_html
from sources.parsing.errors import BadField, NoArticleInHTML, ParseError, TooLarge, UnreadableHTML
from sources.parsing.html import MAX_ATTRIBUTES, MAX_DEPTH, MAX_ELEMENTS

TODAY = date(2026, 11, 22)
FIRST = "The old bridge at Northfield is safe, Mayor Jane Roe said on Friday, and it will open again in the spring."
SECOND = "“It is safe,” she said. “Nobody needs to worry about it.”"
HEAD = """<title>Northfield bridge is safe - The Northfield Post</title>
<meta property="og:site_name" content="The Northfield Post"><meta name="author" content="Ada Quill">
<link rel="canonical" href="https://post.example/2026/01/02/bridge?utm_source=feed">
<meta property="article:published_time" content="2026-01-02T23:30:00-05:00">"""
NAV = '<nav><ul><li><a href="/">Home</a></li><li><a href="/world">World news of today</a></li></ul></nav>'
COOKIES = '<div class="cookie-banner"><p>We use cookies to improve your experience.</p><button>Accept</button></div>'
FOOTER = "<footer><p>Copyright 2026 The Northfield Post. All rights reserved.</p></footer>"


def page(body: str, head: str = HEAD) -> str:
    return f'<!DOCTYPE html><html lang="en"><head>{head}</head><body>{body}</body></html>'


ARTICLE = page(
    f"""{NAV}{COOKIES}<article><h1>Northfield bridge is safe</h1><p class="byline">By Ada Quill</p>
    <p>The old <b>bridge</b> at
    Northfield is safe, Mayor&nbsp;Jane Roe said on Friday, and it will open again in the spring.</p>
    <p>{SECOND}</p><h2>Doubts remain</h2>
    <blockquote><p>We do not believe it, the engineers wrote.</p></blockquote>
    <ul><li>The first point of the plan is a survey.</li><li>The second is money.</li></ul>
    <p>One line, she said.<br>Another line.<br><br>A third, after a gap.</p></article>
    <aside><h3>Most read</h3><ul><li><a href="/x">Something else happened</a></li></ul></aside>{FOOTER}"""
)


def test_a_page_becomes_an_article() -> None:
    article = parse_html(ARTICLE, today=TODAY)
    assert article.text.split("\n\n") == [
        FIRST,
        SECOND,
        "Doubts remain",
        "We do not believe it, the engineers wrote.",
        "The first point of the plan is a survey.",
        "The second is money.",
        "One line, she said.\nAnother line.",
        "A third, after a gap.",
    ]
    assert (article.headline, article.byline) == ("Northfield bridge is safe", "Ada Quill")
    assert (article.source_name, article.url) == ("The Northfield Post", "https://post.example/2026/01/02/bridge")
    assert article.published_on == date(2026, 1, 2)
    assert article.published_at == datetime(2026, 1, 3, 4, 30, tzinfo=UTC)
    assert article.language == "en"


@pytest.mark.parametrize(
    ("encoding", "content_type"),
    [
        pytest.param("utf-8", None, id="UTF-8"),
        pytest.param("utf-16", "text/html", id="UTF-16"),
        pytest.param("cp1252", None, id="Windows-1252"),
        pytest.param("cp1252", "text/html; charset=ISO-8859-1", id="Latin-1 by header"),
    ],
)
def test_bytes_in_any_encoding(encoding: str, content_type: str | None) -> None:
    article = parse_html(ARTICLE.encode(encoding), today=TODAY, content_type=content_type)
    assert SECOND in article.text


def test_what_the_caller_gives_wins() -> None:
    given = Given(
        headline="Given",
        byline="Bo",
        source_name="Wire",
        url="https://w.example/1",
        published_on=date(2026, 2, 3),
        external_id="7",
    )
    article = parse_html(ARTICLE, today=TODAY, given=given)
    assert (article.headline, article.byline, article.source_name) == ("Given", "Bo", "Wire")
    assert (article.url, article.external_id) == ("https://w.example/1", "7")
    assert (article.published_on, article.published_at) == (date(2026, 2, 3), None)


def test_wire_copy_within_a_page() -> None:
    body = f"<article><p>NORTHFIELD, Jan 2 (NWA) {FIRST}</p><p>{SECOND}</p><p>--NWA</p><p>mr/dan</p></article>"
    article = parse_html(page(body, "<title>Northfield bridge is safe</title>"), today=TODAY, default_year=2026)
    assert article.text == f"{FIRST}\n\n{SECOND}"
    assert (article.dateline_place, article.source_name) == ("NORTHFIELD", "NWA")
    assert article.published_on == date(2026, 1, 2)


@pytest.mark.parametrize(
    ("head", "day", "has_moment"),
    [
        pytest.param('<meta itemprop="datePublished" content="2026-01-02">', date(2026, 1, 2), False, id="microdata"),
        pytest.param(
            '<script type="application/ld+json">{"@graph": [{"@type": "WebPage"}, '
            '{"@type": ["NewsArticle"], "datePublished": "2026-01-02T09:30:00Z"}]}</script>',
            date(2026, 1, 2),
            True,
            id="JSON-LD graph",
        ),
        pytest.param('<script type="application/ld+json">{"@type": broken</script>', None, False, id="broken JSON-LD"),
        pytest.param('<meta property="article:published_time" content="last week">', None, False, id="no date"),
        pytest.param(
            '<link rel="canonical" href="https://post.example/2026/01/02/a">', date(2026, 1, 2), False, id="address"
        ),
        pytest.param("", None, False, id="but not when: only the running text has a date"),
    ],
)
def test_dates(head: str, day: date | None, has_moment: bool) -> None:
    article = parse_html(
        page(f"<article><p>{FIRST}</p><p>On 5 May 2025 it was closed.</p></article>", head), today=TODAY
    )
    assert article.published_on == day
    assert (article.published_at is not None) == has_moment


def test_a_page_dated_after_tomorrow_is_refused() -> None:
    head = '<meta property="article:published_time" content="2027-01-02T09:30:00Z">'
    with pytest.raises(BadField, match="after tomorrow"):
        parse_html(page(f"<article><p>{FIRST}</p></article>", head), today=TODAY)


@pytest.mark.parametrize(
    "markup",
    [
        pytest.param("", id="nothing"),
        pytest.param("<!-- nothing -->", id="a comment"),
        pytest.param("<!DOCTYPE html>", id="a doctype"),
        pytest.param(page(""), id="empty body"),
        pytest.param(page(NAV * 20 + FOOTER), id="navigation"),
        pytest.param(page("".join(f'<a href="/{i}">Section {i}</a> ' for i in range(200))), id="links"),
        pytest.param(
            page(
                "<h1>Sign in</h1><form><label>E-mail</label><input><label>Password</label><input type=password></form>"
                "<p>Forgot your password? <a href=/r>Reset it here, and we will send you a new one.</a></p>"
                "<p>By signing in you agree to our terms of use and our privacy policy, which you can read here.</p>"
            ),
            id="login",
        ),
        pytest.param(
            page(
                "<div><p>We and our 500 partners use cookies to store and access information on a device.</p>"
                "<p>Choose which cookies you accept. You can change your mind at any time on this page.</p></div>"
            ),
            id="consent",
        ),
        pytest.param(
            page("<h1>404</h1><p>The page you requested could not be found on this server, sorry.</p>"), id="not found"
        ),
        pytest.param(
            page("<noscript><p>You need to enable JavaScript to run this app.</p></noscript><div id=root></div>"),
            id="app",
        ),
    ],
)
def test_no_article(markup: str) -> None:
    with pytest.raises(NoArticleInHTML) as caught:
        parse_html(markup, today=TODAY)
    assert (caught.value.code, caught.value.field) == ("no_article", "html")


def test_but_not_when_an_article_is_about_cookies() -> None:
    body = f"<article><p>The ministry wants to ban cookies, it said on Friday.</p><p>{FIRST}</p></article>"
    assert "ban cookies" in parse_html(page(body), today=TODAY).text


@pytest.mark.parametrize("line", ["Ada Quill", "By Ada Quill", "ADA QUILL · Northfield · 2 January 2026"])
def test_a_line_that_repeats_the_byline_is_dropped(line: str) -> None:
    assert parse_html(page(f"<article><p>{line}</p><p>{FIRST}</p><p>{SECOND}</p></article>"), today=TODAY).text == (
        f"{FIRST}\n\n{SECOND}"
    )


def test_but_not_when_the_author_opens_a_sentence() -> None:
    body = f"<article><p>Ada Quill was there on Friday.</p><p>{FIRST}</p></article>"
    assert parse_html(page(body), today=TODAY).text.startswith("Ada Quill was there")


def test_paragraphs_by_line_breaks_only() -> None:
    body = f'<div class="story">{FIRST}<br><br>{SECOND}<br/>\n<br/>\n<br/>She left.</div>'
    assert parse_html(page(body), today=TODAY).text == f"{FIRST}\n\n{SECOND}\n\nShe left."


def test_but_not_when_an_article_is_short() -> None:
    assert parse_html(page(f"<article><h1>Bridge</h1><p>{FIRST}</p></article>"), today=TODAY).text == FIRST


@pytest.mark.parametrize(
    ("markup", "says"),
    [
        pytest.param(
            "<div>" * 200_000 + "text" + "</div>" * 200_000, f"more than {MAX_DEPTH} elements nested", id="deep"
        ),
        pytest.param("<b><i>" * 100_000 + FIRST, f"more than {MAX_DEPTH} elements nested", id="deep and unclosed"),
        pytest.param(f"<p>{FIRST}</p>" * (MAX_ELEMENTS + 1), "more than 50,000 elements", id="many elements"),
        pytest.param(
            "<p " + " ".join(f'a{number}="x"' for number in range(200_000)) + f">{FIRST}</p>",
            f"more than {MAX_ATTRIBUTES} attributes",
            id="many attributes",
        ),
    ],
)
def test_hostile_markup_is_refused_at_once(markup: str, says: str) -> None:
    started = time.perf_counter()
    with pytest.raises(UnreadableHTML, match=says):
        parse_html(page(markup), today=TODAY)
    assert time.perf_counter() - started < 5


def test_but_not_when_it_is_merely_deep() -> None:
    assert parse_html(page("<div>" * 200 + f"<p>{FIRST}</p>" + "</div>" * 200), today=TODAY).text == FIRST


@pytest.mark.parametrize("odd", ["\x00", "\ud800", "\x0b", "\ufffe", "<?xml version='1.0' encoding='x'?>"], ids=ascii)
def test_odd_characters_do_not_stop_it(odd: str) -> None:
    assert "Mayor Jane Roe" in parse_html(odd + page(f"<article><p>{FIRST}{odd}</p></article>"), today=TODAY).text


def test_size_is_capped() -> None:
    with pytest.raises(TooLarge) as caught:
        parse_html(ARTICLE, today=TODAY, limit=100)
    assert caught.value.field == "html"


@pytest.mark.parametrize(
    "href",
    [
        pytest.param("/relative", id="relative"),
        pytest.param("javascript:x", id="script"),
        pytest.param("https://[x", id="broken"),
    ],
)
def test_a_bad_canonical_address_is_left_out(href: str) -> None:
    article = parse_html(
        page(f"<article><p>{FIRST}</p></article>", f'<link rel="canonical" href="{href}">'), today=TODAY
    )
    assert article.url == ""


def test_nothing_is_fetched(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a connection was opened")

    monkeypatch.setattr("socket.socket.connect", refuse)
    monkeypatch.setattr("socket.getaddrinfo", refuse)
    markup = page(
        f'<base href="https://post.example/"><img src="https://post.example/a.png"><article><p>{FIRST}</p></article>'
    )
    assert parse_html(markup, today=TODAY).text == FIRST


def test_an_address_instead_of_a_page() -> None:
    with pytest.raises(ParseError):
        parse_html("https://post.example/2026/01/02/bridge", today=TODAY)
