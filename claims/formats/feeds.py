"""Claims as an Atom feed (RFC 4287) and as a JSON Feed (version 1.1).

An entry's id is the claim's own address, which outlives engines and merges; its `updated` is the claim's last change,
a verdict's publication included, so that a reader shows a claim again when it has been rated. The link goes into the
original page, to the words themselves. The one who speaks is named in the title, not as the entry's author: the desk
wrote the entry.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree

from claims.formats.textfragment import text_fragment_link
from claims.formats.times import moment
from claims.formats.values import Desk, PublicClaim

ATOM_TYPE = "application/atom+xml"
JSON_TYPE = "application/feed+json"
TITLE_LENGTH = 120
NEVER = "1970-01-01T00:00:00Z"  # an empty feed must have a date too, and the same one each time

_ATOM = "http://www.w3.org/2005/Atom"
# What XML 1.0 cannot hold, even escaped.
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class FeedPage:
    """What a feed says about itself.

    Attributes:
        title: What it holds.
        address: Its own address, filters included.
        next_address: The address of the page behind it; empty on the last one.
        home: A page for people.
    """

    title: str
    address: str
    next_address: str
    home: str


def atom_feed(claims: Sequence[PublicClaim], page: FeedPage, desk: Desk) -> bytes:
    """The feed as XML in UTF-8.

    Args:
        claims: Its entries, newest first.
        page: What the feed is.
        desk: Who publishes it.
    """
    feed = ElementTree.Element("feed", {"xmlns": _ATOM})
    _add(feed, "id", page.address)
    _add(feed, "title", page.title)
    _add(feed, "updated", max((moment(claim.modified_at) for claim in claims), default=NEVER))
    _add(feed, "link", rel="self", type=ATOM_TYPE, href=page.address)
    _add(feed, "link", rel="alternate", href=page.home)
    if page.next_address:
        _add(feed, "link", rel="next", type=ATOM_TYPE, href=page.next_address)
    author = ElementTree.SubElement(feed, "author")
    _add(author, "name", desk.name)
    _add(author, "uri", desk.url)
    for claim in claims:
        _add_entry(feed, claim)
    return bytes(ElementTree.tostring(feed, encoding="utf-8", xml_declaration=True))


def json_feed(claims: Sequence[PublicClaim], page: FeedPage, desk: Desk) -> dict[str, Any]:
    """The feed as a JSON Feed.

    Args:
        claims: Its items, newest first.
        page: What the feed is.
        desk: Who publishes it.
    """
    feed: dict[str, Any] = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": page.title,
        "home_page_url": page.home,
        "feed_url": page.address,
        "authors": [{"name": desk.name, "url": desk.url}],
    }
    if page.next_address:
        feed["next_url"] = page.next_address
    return feed | {"items": [_item(claim) for claim in claims]}


def title_of(claim: PublicClaim) -> str:
    """Who said it, and what, in one line of at most `TITLE_LENGTH` code points."""
    who = " & ".join(speaker.name for speaker in claim.speakers)
    line = " ".join(f"{who}: {claim.text}".split() if who else claim.text.split())
    return line if len(line) <= TITLE_LENGTH else f"{line[: TITLE_LENGTH - 1].rstrip()}…"


def tags_of(claim: PublicClaim) -> list[str]:
    """Speakers, kind, act and, where there is one, the rating."""
    rating = [claim.finding.label] if claim.finding else []
    return [*(speaker.name for speaker in claim.speakers), claim.kind, claim.act, *rating]


def _item(claim: PublicClaim) -> dict[str, Any]:
    item: dict[str, Any] = {
        "id": claim.url,
        "url": claim.url,
        "title": title_of(claim),
        "content_text": _content(claim),
        "date_published": moment(claim.created_at),
        "date_modified": moment(claim.modified_at),
        "tags": tags_of(claim),
    }
    if link := text_fragment_link(claim.original.url, claim.quotes):
        item["external_url"] = link
    if _is_told(claim.original.language):
        item["language"] = claim.original.language
    return item


def _add_entry(feed: ElementTree.Element, claim: PublicClaim) -> None:
    entry = ElementTree.SubElement(feed, "entry")
    if _is_told(claim.original.language):
        entry.set("xml:lang", claim.original.language)
    _add(entry, "id", claim.url)
    _add(entry, "title", title_of(claim))
    _add(entry, "updated", moment(claim.modified_at))
    _add(entry, "published", moment(claim.created_at))
    # Readers open `alternate`: the words in their page, or where that is unknown the claim itself.
    _add(entry, "link", rel="alternate", href=text_fragment_link(claim.original.url, claim.quotes) or claim.url)
    _add(entry, "link", rel="related", type="application/json", href=claim.url)
    for tag in tags_of(claim):
        _add(entry, "category", term=tag)
    _add(entry, "content", _content(claim), type="text")


def _content(claim: PublicClaim) -> str:
    """The words, where they stand and what was found about them, line by line."""
    original = claim.original
    day = original.published_on.isoformat() if original.published_on else ""
    origin = ", ".join(part for part in (original.headline, original.outlet, day) if part)
    lines = [claim.text, f"— {origin}" if origin else ""]
    if claim.finding:
        lines.append(f"{claim.finding.label}. {claim.finding.summary}".strip())
    return "\n".join(line for line in lines if line)


def _is_told(language: str) -> bool:
    return language not in ("", "und")


def _add(parent: ElementTree.Element, name: str, text: str = "", **attributes: str) -> None:
    clean = {key: _NOT_XML.sub("", value) for key, value in attributes.items()}
    child = ElementTree.SubElement(parent, name, clean)
    if text:
        child.text = _NOT_XML.sub("", text)
