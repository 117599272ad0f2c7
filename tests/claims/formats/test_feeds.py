"""Atom and JSON Feed."""

from datetime import UTC, datetime

import pytest
from lxml import etree

from claims.formats.feeds import NEVER, TITLE_LENGTH, FeedPage, atom_feed, json_feed, title_of
from claims.formats.values import Desk, Party

PAGE = FeedPage("Claims", "https://desk.example/feed?speaker=1&kind=direct", "https://desk.example/feed?cursor=x", "h")
ATOM = {"a": "http://www.w3.org/2005/Atom"}
LINK = "https://valley.example/bridge#:~:text="


def texts(feed: etree._Element, path: str) -> list[str]:
    return [str(one) for one in feed.xpath(path, namespaces=ATOM)]


def test_an_atom_feed(claim, desk: Desk) -> None:
    later = claim(url="https://desk.example/api/v1/claims/10/", modified_at=datetime(2026, 5, 1, tzinfo=UTC))
    feed = etree.fromstring(atom_feed([later, claim(finding={})], PAGE, desk))
    assert texts(feed, "/a:feed/a:id/text()") == [PAGE.address]
    assert texts(feed, "/a:feed/a:updated/text()") == ["2026-05-01T00:00:00Z"]
    assert texts(feed, "/a:feed/a:author/a:name/text()") == ["Valley Desk"]
    assert texts(feed, "/a:feed/a:link[@rel='self']/@href") == [PAGE.address]
    assert texts(feed, "/a:feed/a:link[@rel='next']/@href") == [PAGE.next_address]
    assert texts(feed, "//a:entry/a:id/text()") == [later.url, "https://desk.example/api/v1/claims/9/"]
    assert texts(feed, "//a:entry[2]/a:title/text()") == ["Ada Quill: “The bridge is safe,”"]
    assert texts(feed, "//a:entry[2]/a:category/@term") == ["Ada Quill", "direct", "statement", "Mostly false"]
    assert texts(feed, "//a:entry[2]/a:link[@rel='alternate']/@href")[0].startswith(LINK)
    assert texts(feed, "//a:entry[2]/a:content/text()") == [
        "“The bridge is safe,”\n— Bridge reopens, Valley Post, 2026-03-01\nMostly false. The inspection failed."
    ]
    assert texts(feed, "//a:entry[2]/@xml:lang") == ["en"]


def test_an_empty_atom_feed_is_valid_and_always_the_same(desk: Desk) -> None:
    feed = etree.fromstring(atom_feed([], FeedPage("t", "a", "", "h"), desk))
    assert texts(feed, "/a:feed/a:updated/text()") == [NEVER]
    assert texts(feed, "/a:feed/a:link/@rel") == ["self", "alternate"]


HOSTILE = {
    "mark-up": ("<script>alert(1)</script> & more", "<script>alert(1)</script> & more"),
    "what XML cannot hold": ("a\x00b\x0bc\ufffed", "abcd"),
    "but an emoji": ("😀", "😀"),
    "an end of CDATA": ("]]>", "]]>"),
}


@pytest.mark.parametrize(("text", "expected"), HOSTILE.values(), ids=list(HOSTILE))
def test_any_text_is_safe_in_atom(claim, desk: Desk, text: str, expected: str) -> None:
    made = claim(text=text, speakers=(Party(text, "person", "u"),), original={"headline": ""})
    feed = etree.fromstring(atom_feed([made], PAGE, desk))
    assert texts(feed, "//a:entry/a:content/text()")[0].splitlines()[0] == expected
    assert texts(feed, "//a:entry/a:category/@term")[0] == expected


def test_a_json_feed(claim, desk: Desk) -> None:
    feed = json_feed([claim(finding={})], PAGE, desk)
    (item,) = feed.pop("items")
    assert feed == {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "Claims",
        "home_page_url": "h",
        "feed_url": PAGE.address,
        "authors": [{"name": "Valley Desk", "url": "https://desk.example/"}],
        "next_url": PAGE.next_address,
    }
    assert item["external_url"].startswith(LINK)
    assert item["id"] == item["url"] == "https://desk.example/api/v1/claims/9/"
    assert item["tags"] == ["Ada Quill", "direct", "statement", "Mostly false"]
    assert item["language"] == "en"
    assert item["date_modified"] == "2026-04-01T23:30:00Z"


def test_but_a_json_feed_leaves_out_what_is_not_known(claim, desk: Desk) -> None:
    feed = json_feed([claim(original={"url": "", "language": "und"})], FeedPage("t", "a", "", "h"), desk)
    assert "next_url" not in feed
    assert not {"external_url", "language"} & set(feed["items"][0])


TITLES = {
    "who and what": ({}, "Ada Quill: “The bridge is safe,”"),
    "two": ({"speakers": (Party("A", "person", ""), Party("B", "person", ""))}, "A & B: “The bridge is safe,”"),
    "nobody": ({"speakers": ()}, "“The bridge is safe,”"),
    "one line": ({"text": "one\n\ntwo", "speakers": ()}, "one two"),
    "short": ({"text": "x" * 500, "speakers": ()}, f"{'x' * (TITLE_LENGTH - 1)}…"),
}


@pytest.mark.parametrize(("changes", "expected"), TITLES.values(), ids=list(TITLES))
def test_titles(claim, changes: dict, expected: str) -> None:
    assert title_of(claim(**changes)) == expected
