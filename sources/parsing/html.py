r"""A web page to its article: main text with paragraphs, title, author, site, date, address. Nothing is fetched.

trafilatura finds the main text; the rest is ours, by what was found about its version 2.3:

* Its text output separates paragraphs and line breaks alike by one `\n`, and two `<br>` in a row, by which older
  sites set paragraphs apart, become one. So the tree that it returns is read here, blocks are set apart by a blank
  line, and a mark is left at such breaks beforehand.
* On a page without an article it falls back to whatever text there is (menus, forms, consent notices). So an article
  must show `_LEAST_PROSE` words in paragraphs that end as sentences and are no notice.
* It reads a clock for its date limit unless it is given one, and keeps only the day of a moment.
* It drops a paragraph that repeats the one before it; nothing is done about that.
* Hostile markup makes it slow, and libxml2 drops what is nested deeper than 256 without a word. So a first pass,
  which builds no tree, counts elements, depth and attributes, and refuses such a page rather than store a part.

Do NOT pass `huge_tree`; do not hand trafilatura bytes or a URL, which it would try to decompress or fetch; do not
turn on the extensive date search, which takes any date in the running text for that of publication.
"""

import json
import logging
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from lxml import etree
from lxml.html import HTMLParser

from sources.parsing.errors import BadField, NoArticleInHTML, UnreadableHTML
from sources.parsing.fields import normalise_url, parse_published
from sources.parsing.normal_form import normalise, one_line

MAX_ELEMENTS: Final = 50_000
"""trafilatura takes 5 s for 40,000 paragraphs (measured); the longest live blogs have half as many."""

MAX_DEPTH: Final = 250
"""libxml2 gives up at 256 and drops what lies deeper."""

MAX_ATTRIBUTES: Final = 200

_LEAST_PROSE: Final = 20  # one long sentence; the consent, sign-in and error pages of the tests have none
_LEAST_WORDS: Final = 5
_BYLINE_LENGTH: Final = 150
_MAX_JSON_LD: Final = 200_000
_BLOCKS: Final = frozenset({"body", "p", "head", "quote", "list", "item", "table", "row", "cell", "div", "code"})
_SENTENCE_END: Final = re.compile(r"[.!?…।。][\"'”’)\]]{0,3}$")
_NOTICE: Final = re.compile(
    r"\b(?:cookies?|javascript|newsletter|privacy policy|terms of (?:use|service)|all rights reserved|"
    r"(?:log|sign)(?:ing|ged|ed)?[ -]?(?:in|up)|your (?:password|account|e-?mail|subscription|browser)|"
    r"subscribe|subscribers?|page (?:you|could|cannot|can't|was not|not)|advertisement|copyright)\b",
    re.IGNORECASE,
)
_EDGE: Final = re.compile(
    r"(?:we (?:and our partners )?use cookies|by (?:continuing|clicking|using)|accept (?:all )?cookies|"
    r"sign up (?:for|to)|subscribe (?:to|now)|copyright\b|©|\(c\) ?\d{4}|all rights reserved|advertisement\b|"
    r"share (?:this|on)\b|follow us\b|read (?:more|also)\b|also read\b|click here\b|download (?:the|our) app\b)",
    re.IGNORECASE,
)
_GAP: Final = "\u2e0e\u2e0e"
"""Stands for a paragraph break while trafilatura, which would trim any blank, has the tree; a sign no news uses."""

_DATE_META: Final = frozenset(
    {"article:published_time", "datepublished", "og:published_time", "parsely-pub-date", "publishdate", "sailthru.date"}
)


@dataclass(frozen=True, slots=True)
class Page:
    """What a page says about its article; empty or None where it says nothing. `text` is in normal form."""

    text: str
    headline: str
    byline: str
    source_name: str
    url: str
    published_on: date | None
    published_at: datetime | None


def read_page(markup: str, *, today: date) -> Page:
    """Find the article of a page.

    Args:
        markup: The page's markup, decoded; trusted to be of bearable size.
        today: The day on which it is read; later dates that the page's text suggests are not believed.

    Raises:
        NoArticleInHTML: There is no article on it.
        UnreadableHTML: It is nested too deeply or has too many elements.
    """
    root = _parse(markup)
    _mark_gaps(root)
    published_on, published_at = _declared_date(root)
    document = _extract(root, today)
    blocks = _blocks_of(document.body) if document is not None else []
    title = one_line(document.title or "") if document is not None else ""
    byline = one_line(document.author or "").replace("; ", ", ") if document is not None else ""
    blocks = _without_edges(blocks, title, byline)
    if _prose_words(blocks) < _LEAST_PROSE:
        raise NoArticleInHTML(
            "no article was found in the HTML: there is no running text of a few sentences beside menus, forms and "
            "notices; send the article's own page, or its text as `text`"
        )
    if published_on is None and document.date:
        published_on, _ = parse_published(document.date)
    return Page(
        text=normalise("\n\n".join(blocks)),
        headline=title,
        byline=byline,
        source_name=_site_name(document),
        url=_url_of(document.url),
        published_on=published_on,
        published_at=published_at,
    )


class _Guard:
    """Counts elements, depth and attributes while the markup streams by, before any tree is built.

    Building a tree takes quadratic time in the attributes of one element (100,000 of them: 28 s), and only the
    parser itself knows for sure what it will take for an attribute; so it is asked, not a regular expression.
    """

    def __init__(self) -> None:
        self._elements = 0
        self._depth = 0

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """Take note of an opening tag, and stop the parser if it is one too many."""
        self._elements += 1
        self._depth += 1
        for count, most, of_what in (
            (self._elements, MAX_ELEMENTS, "elements"),
            (self._depth, MAX_DEPTH, "elements nested in one another"),
            (len(attributes), MAX_ATTRIBUTES, "attributes on one element"),
        ):
            if count > most:
                raise UnreadableHTML(
                    f"the HTML has more than {most:,} {of_what}; send the article's own page, or its text as `text`"
                )

    def end(self, tag: str) -> None:
        """Take note of a closing tag, real or implied."""
        self._depth -= 1

    def close(self) -> int:
        """Return the number of elements, as the parser's result."""
        return self._elements


def _parse(markup: str) -> Any:
    data = markup.translate(_NO_CONTROLS).encode("utf-8", "replace")
    guard = HTMLParser(target=_Guard(), encoding="utf-8")
    parser = HTMLParser(
        encoding="utf-8", remove_comments=True, remove_pis=True, collect_ids=False, default_doctype=False
    )
    root = None
    if data.strip() and etree.fromstring(data, guard):
        root = etree.fromstring(data, parser)
    if root is None:
        raise NoArticleInHTML("the HTML holds no element; send the page as the site delivers it, or the text as `text`")
    if any(entry.type == etree.ErrorTypes.ERR_RESOURCE_LIMIT for entry in parser.error_log):
        raise UnreadableHTML("the HTML is nested too deeply; send the article's text as `text`")
    return root


_NO_CONTROLS: Final = dict.fromkeys((*range(9), 11, 12, *range(14, 32), 65534, 65535))


def _mark_gaps(root: Any) -> None:
    """Leave a mark after the second `<br>` in a row."""
    for element in root.iter("br"):
        before = element.getprevious()
        if before is not None and before.tag == "br" and not (before.tail or "").strip():
            element.tail = f"{_GAP}{element.tail or ''}"


def _extract(root: Any, today: date) -> Any:
    """Return trafilatura's document, or None.

    The import stands here because it costs 0.2 s and 15 MB, which commands that read plain text need not pay.
    """
    from trafilatura import bare_extraction

    # What it cannot read is told by our own errors; its warnings would stand between them on stderr.
    for name in ("trafilatura", "htmldate"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    limit = (today + timedelta(days=1)).isoformat()
    try:
        return bare_extraction(
            root,
            include_comments=False,
            include_tables=False,
            with_metadata=True,
            date_extraction_params={"original_date": True, "extensive_search": False, "max_date": limit},
        )
    except RecursionError:
        raise UnreadableHTML("the HTML is nested too deeply; send the article's text as `text`") from None


def _blocks_of(body: Any) -> list[str]:
    r"""Return the blocks of an extracted tree, one string a paragraph; a line break within one is `\n`."""
    blocks: list[str] = []
    buffer: list[str] = []

    def flush() -> None:
        lines = [" ".join(line.split()) for line in "".join(buffer).replace(_GAP, "\n\n").split("\n")]
        block = "\n".join(lines).strip()
        if block:
            blocks.append(block)
        buffer.clear()

    for event, element in etree.iterwalk(body, events=("start", "end")):
        if element.tag in _BLOCKS:
            flush()
        if event == "start":
            if element.tag == "lb":
                buffer.append("\n")
            buffer.append(_flat(element.text))
        else:
            buffer.append(_flat(element.tail))
    flush()
    return [part for block in blocks for part in re.split(r"\n{2,}", block)]


def _flat(text: str | None) -> str:
    return text.replace("\n", " ").replace("\r", " ") if text else ""


def _without_edges(blocks: list[str], title: str, byline: str) -> list[str]:
    """Drop the repetition of title and byline, and short notices and invitations before and after the article."""
    first, last = 0, len(blocks)
    while first < last and (_repeats(blocks[first], title, byline) or _is_edge(blocks[first])):
        first += 1
    while last > first and _is_edge(blocks[last - 1]):
        last -= 1
    return blocks[first:last]


def _repeats(block: str, title: str, byline: str) -> bool:
    """Tell whether a block is the title, or a line such as "By Ada Quill · Northfield · 2 January"."""
    line = one_line(block[: _BYLINE_LENGTH * 4]).casefold()
    if title and line == title.casefold():
        return True
    author = byline.casefold()
    opens = bool(author) and line.removeprefix("by ").startswith(author)
    return opens and len(line) <= _BYLINE_LENGTH and (line.endswith(author) or not _SENTENCE_END.search(line))


def _is_edge(block: str) -> bool:
    return len(block) <= 250 and _EDGE.match(block) is not None


def _prose_words(blocks: list[str]) -> int:
    """Count the words in paragraphs that read as sentences and are no notice of the site."""
    prose = (
        len(block.split())
        for block in blocks
        if _SENTENCE_END.search(block) and (_NOTICE.search(block[:2_000]) is None or len(block) > 2_000)
    )
    return sum(words for words in prose if words >= _LEAST_WORDS)


def _site_name(document: Any) -> str:
    """Return the site's name; a bare host says nothing that the address does not say."""
    name = one_line(document.sitename or "")
    return "" if "." in name and " " not in name and name.lower() in (document.url or "").lower() else name


def _url_of(url: str | None) -> str:
    try:
        return normalise_url(url) if url else ""
    except BadField:  # the page's own mistake is no reason to refuse the article
        return ""


def _declared_date(root: Any) -> tuple[date | None, datetime | None]:
    """Return day and moment that the page declares in its metadata, with the moment where it has a zone."""
    best: tuple[date | None, datetime | None] = (None, None)
    for value in _date_values(root):
        try:
            day, moment = parse_published(value)
        except BadField:
            continue
        if moment is not None:
            return day, moment
        if best[0] is None:
            best = day, None
    return best


def _date_values(root: Any) -> Iterator[str]:
    for meta in root.iter("meta"):
        name = meta.get("property") or meta.get("name") or meta.get("itemprop") or ""
        if name.lower() in _DATE_META and meta.get("content"):
            yield meta.get("content")
    for script in root.iter("script"):
        if script.get("type") == "application/ld+json" and script.text and len(script.text) <= _MAX_JSON_LD:
            try:
                yield from _json_ld_dates(json.loads(script.text, strict=False))
            except (ValueError, RecursionError):
                continue


def _json_ld_dates(data: object) -> Iterator[str]:
    """Yield `datePublished` of the articles in a JSON-LD document: at its top, in a list, or in its graph."""
    items = data if isinstance(data, list) else [data]
    for item in items[:50]:
        if not isinstance(item, dict):
            continue
        kinds = item.get("@type")
        named = [kind for kind in (kinds if isinstance(kinds, list) else [kinds]) if isinstance(kind, str)]
        value = item.get("datePublished")
        if isinstance(value, str) and any(kind.endswith(("Article", "Posting", "Report")) for kind in named):
            yield value
        graph = item.get("@graph")
        if isinstance(graph, list):
            yield from _json_ld_dates([entry for entry in graph if isinstance(entry, dict) and "@graph" not in entry])
