"""ClaimReview as others publish it, read tolerantly: any JSON-LD, or a page that holds it.

schema.org says little about how often a property may occur, and publishers write a string, an object or a list for the
same thing; so every value is read as all three. Reviews are found wherever they stand (`@graph`, lists, a DataFeed,
`mainEntity`), and an object that is only an `@id` means the object that has it. What a review cannot be without (an
address, a claim, a rating) rejects it; anything else that cannot be read is left out and named. Nothing is fetched, and
no value is guessed from another: a number without a scale stays a number without a scale.
"""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from email.utils import parsedate_to_datetime
from html import unescape
from typing import Any
from urllib.parse import urljoin, urlsplit

from lxml import etree
from lxml.html import HTMLParser

MAX_URL = 2000
MAX_TEXT = 10_000
"""Of one claim or label; the longest claims of fact-checking sites have some hundred characters."""

_WANTED = "send JSON-LD, one JSON value a line, or an HTML page"
_MOST_DIGITS = 400
_MAX_NODES = 2_000_000  # of one document: a feed of 50,000 reviews has a million
_TAG = re.compile(r"</?[A-Za-z][^<>]{0,300}>")
_WRAPPED = re.compile(r"^\s*(?:<!--|//\s*<!\[CDATA\[|<!\[CDATA\[)|(?:-->|//\s*\]\]>|\]\]>)\s*$")

Node = dict[str, Any]


class UnreadableReview(ValueError):  # noqa: N818  (named for what is wrong)
    """This holds no ClaimReview that can be read."""


@dataclass(frozen=True, slots=True)
class ForeignReview:
    """One review by somebody else; texts that are not known are empty.

    Attributes:
        url: Where it is published; http or https.
        claim: The claim that it is about.
        claimant: Who made the claim; several joined by " & ".
        claimed_on: When.
        appearances: Addresses where the claim appeared.
        rating: The rating in words, or its number where there are none.
        value: Its number, if the publisher gives one.
        worst: The least number of the publisher's scale.
        best: The greatest.
        title: The review's own title.
        publisher: Who reviewed it.
        site: Host of `url` without `www.`.
        reviewed_on: When.
        language: As given, for example `en`.
        remarks: What could not be read and was left out.
    """

    url: str
    claim: str
    claimant: str
    claimed_on: date | None
    appearances: tuple[str, ...]
    rating: str
    value: float | None
    worst: float | None
    best: float | None
    title: str
    publisher: str
    site: str
    reviewed_on: date | None
    language: str
    remarks: tuple[str, ...] = ()


def read_reviews(text: str) -> Iterator[ForeignReview | UnreadableReview]:
    """The reviews of a document, in its order; an error stands in the place of one that cannot be read.

    Args:
        text: JSON-LD, one JSON value a line, or HTML.

    Raises:
        UnreadableReview: there is neither JSON nor a page with some, or no ClaimReview in it.
    """
    text = text.removeprefix("\ufeff").replace("\0", "")
    if not text.strip():
        raise UnreadableReview(f"It is empty; {_WANTED}")
    broken: list[UnreadableReview] = []
    base, documents = _from_page(text, broken) if text.lstrip().startswith("<") else ("", _from_json(text, broken))
    nodes, ids = _walk(documents)
    if not nodes:
        also = f"; {broken[0]}" if broken else "; an object of this “@type” is needed"
        raise UnreadableReview(f"There is no ClaimReview in it{also}")
    yield from broken
    reader = _Reader(ids, base)
    for node in nodes:
        try:
            yield reader.review(node)
        except UnreadableReview as error:
            yield error


# --- Documents -------------------------------------------------------------------------------------------------------


def _from_json(text: str, broken: list[UnreadableReview]) -> list[Any]:
    """The values in it: one, or one a line; lines that are none are added to `broken`."""
    try:
        return [_loaded(text)]
    except RecursionError:
        raise UnreadableReview("It is nested too deeply") from None
    except ValueError as error:
        documents, bad = _lines(text)
        if len(documents) < max(1, len(bad)):  # a broken document of many lines, rather than broken lines among good
            raise UnreadableReview(f"It is neither JSON ({error}) nor HTML; {_WANTED}") from None
    broken += bad
    return documents


def _lines(text: str) -> tuple[list[Any], list[UnreadableReview]]:
    """The objects and lists that stand on a line each, and an error for each line that holds none."""
    documents, bad = [], []
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            value = _loaded(line)
        except (ValueError, RecursionError) as error:
            bad.append(UnreadableReview(f"line {number}: it is not JSON ({error})"))
        else:
            documents += [value] if isinstance(value, (dict, list)) else []
    return documents, bad


def _loaded(text: str) -> Any:
    return json.loads(text, strict=False, parse_int=_whole)


def _whole(digits: str) -> int | float:
    """A whole number; one that is longer than any number of sense as infinity, which is left out like all of these."""
    return int(digits) if len(digits) <= _MOST_DIGITS else float("inf")


def _from_page(text: str, broken: list[UnreadableReview]) -> tuple[str, list[Any]]:
    """The page's own address, where it tells, and every JSON-LD script in it that can be read.

    A script that cannot be read, and that may hold a review, is added to `broken`.
    """
    try:
        tree = etree.fromstring(text.encode(), HTMLParser(encoding="utf-8"))
    except etree.XMLSyntaxError:
        tree = None
    if tree is None:
        raise UnreadableReview("The page cannot be read")
    documents, scripts = [], 0
    for script in tree.iter("script"):
        if (script.get("type") or "").partition(";")[0].strip().lower() == "application/ld+json":
            scripts += 1
            inside = _WRAPPED.sub("", script.text or "").strip().rstrip(";")
            try:
                documents += _from_json(inside, broken)
            except UnreadableReview:
                if "ClaimReview" in inside:
                    broken.append(UnreadableReview(f"JSON-LD script {scripts} of the page is not JSON"))
    if not scripts:
        raise UnreadableReview("The page holds no JSON-LD; it stands in a script of the type application/ld+json")
    canonical = [link.get("href") or "" for link in tree.iter("link") if link.get("rel") == "canonical"]
    return next(iter(canonical), ""), documents


def _walk(documents: list[Any]) -> tuple[list[Node], dict[str, Node]]:
    """All ClaimReviews in the order of the documents, and all objects that have an id."""
    reviews: list[Node] = []
    ids: dict[str, Node] = {}
    waiting = list(reversed(documents))
    for _ in range(_MAX_NODES):
        if not waiting:
            return reviews, ids
        node = waiting.pop()
        if isinstance(node, dict):
            if isinstance(node.get("@id"), str) and len(node) > 1:
                ids.setdefault(node["@id"], node)
            if "ClaimReview" in _types(node):
                reviews.append(node)
            waiting += reversed([one for one in node.values() if isinstance(one, (dict, list))])
        elif isinstance(node, list):
            waiting += reversed(node)
    raise UnreadableReview(f"It has more than {_MAX_NODES:,} values; split it")


def _types(node: Node) -> set[str]:
    """Its types without their vocabulary (`schema:ClaimReview`, `https://schema.org/ClaimReview`)."""
    return {re.split("[/:#]", one)[-1] for one in _strings(node.get("@type", node.get("type")))}


# --- Values ----------------------------------------------------------------------------------------------------------


def _strings(value: Any) -> list[str]:
    """The value's bare strings: itself, or those in its list."""
    return [one for one in (value if isinstance(value, list) else [value]) if isinstance(one, str)]


def _number(value: Any) -> float | None:
    """A finite number, also written as text ("4", "4,5")."""
    if isinstance(value, bool):
        return None
    try:
        number = float(value.strip().replace(",", ".")) if isinstance(value, str) else float(value)
    except (TypeError, ValueError, OverflowError):
        return None
    return number if abs(number) < 1e9 else None


def _plain(text: str) -> str:
    """The text without mark-up and entities, on one line; nothing that no database would take."""
    clean = _TAG.sub(" ", unescape(text)).replace("\0", "").encode(errors="replace").decode()
    return " ".join(clean.split())[:MAX_TEXT]


def _date(text: str) -> date | None:
    text = text.strip()
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        pass
    for parse in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            return parse(text).date()
        except (ValueError, TypeError, IndexError):
            continue
    return None


class _Reader:
    """Reads the properties of one document's objects.

    Args:
        ids: Its objects by `@id`.
        base: Address of the page, for relative ones.
    """

    def __init__(self, ids: dict[str, Node], base: str) -> None:
        self._ids = ids
        self._base = base

    def review(self, node: Node) -> ForeignReview:
        """The review.

        Raises:
            UnreadableReview: it has no address, no claim or no rating.
        """
        remarks: list[str] = []
        items = self._objects(node.get("itemReviewed"))
        claim = self._text(node.get("claimReviewed")) or self._first(items, "text", "claimReviewed", "name")
        url = self._address(node.get("url"), node.get("mainEntityOfPage"), node.get("@id"), self._base)
        if not claim:
            raise UnreadableReview(f"{url or 'a ClaimReview'}: it names no claim (claimReviewed)")
        if not url:
            raise UnreadableReview(f"“{claim[:60]}”: it has no http address (url) of at most {MAX_URL} characters")
        rating, value, worst, best = self._rating(node.get("reviewRating"), remarks)
        if not rating:
            raise UnreadableReview(f"{url}: it has no rating (reviewRating)")
        publishers = [node.get("author"), node.get("publisher"), node.get("sourceOrganization")]
        return ForeignReview(
            url=url,
            claim=claim,
            claimant=" & ".join(dict.fromkeys(self._names(item.get("author") for item in items))),
            claimed_on=self._day(items, ("datePublished", "dateCreated"), remarks),
            appearances=tuple(self._appearances(items)),
            rating=rating,
            value=value,
            worst=worst,
            best=best,
            title=self._text(node.get("headline")) or self._text(node.get("name")),
            publisher=next(iter(self._names(publishers)), ""),
            site=(urlsplit(url).hostname or "").removeprefix("www."),
            reviewed_on=self._day([node], ("datePublished", "dateModified", "dateCreated"), remarks),
            language=self._text(node.get("inLanguage"))[:35],
            remarks=tuple(remarks),
        )

    def _objects(self, value: Any) -> list[Node]:
        """The value as objects; one that is only an id is looked up, a string is a name."""
        found: list[Node] = []
        for one in value if isinstance(value, list) else [value]:
            if isinstance(one, dict):
                found.append(self._ids.get(str(one.get("@id")), one) if set(one) <= {"@id", "@type"} else one)
            elif isinstance(one, str):
                found.append(self._ids.get(one) or {"name": one})
        return found

    def _text(self, value: Any) -> str:
        """The first text in a string, a number, a list, or an object with a value or a name."""
        for one in value if isinstance(value, list) else [value]:
            if isinstance(one, dict):
                one = next((one[key] for key in ("@value", "name", "alternateName", "text") if one.get(key)), "")
                one = next(iter(_strings(one)), "")
            elif isinstance(one, (int, float)) and not isinstance(one, bool):
                one = f"{one:g}" if isinstance(one, float) else str(one)
            if isinstance(one, str) and (plain := _plain(one)):
                return plain
        return ""

    def _first(self, nodes: Iterable[Node], *names: str) -> str:
        return next((text for node in nodes for name in names if (text := self._text(node.get(name)))), "")

    def _names(self, values: Iterable[Any]) -> list[str]:
        nodes = [node for value in values for node in self._objects(value)]
        return [name for node in nodes if (name := self._text(node.get("name"))) and not _is_address(name)]

    def _addresses(self, value: Any) -> Iterator[str]:
        for one in value if isinstance(value, list) else [value]:
            if isinstance(one, dict):
                yield from self._addresses([*_strings(one.get("url")), *_strings(one.get("@id"))])
            elif isinstance(one, str):
                try:
                    url = urljoin(self._base, one.strip())
                except ValueError:
                    continue
                if _is_address(url) and len(url) <= MAX_URL:
                    yield url

    def _address(self, *values: Any) -> str:
        return next((url for value in values for url in self._addresses(value)), "")

    def _appearances(self, items: list[Node]) -> list[str]:
        """Where the claim appeared; an old-style item that is no Claim is itself the appearance."""
        values = [item.get(name) for item in items for name in ("firstAppearance", "appearance")]
        values += [item.get(name) for item in items if "Claim" not in _types(item) for name in ("url", "sameAs")]
        return list(dict.fromkeys(url for value in values for url in self._addresses(value)))[:100]

    def _day(self, nodes: list[Node], names: tuple[str, ...], remarks: list[str]) -> date | None:
        for name in names:
            if text := self._first(nodes, name):
                if found := _date(text):
                    return found
                remarks.append(f"{name} “{text[:40]}” is no date")
        return None

    def _rating(self, value: Any, remarks: list[str]) -> tuple[str, float | None, float | None, float | None]:
        nodes = self._objects(value) or ([{"ratingValue": value}] if _number(value) is not None else [])
        label = self._first(nodes, "alternateName", "name") or self._first(nodes, "ratingValue")
        number, worst, best = (
            next((found for node in nodes if (found := self._bound(node.get(name))) is not None), None)
            for name in ("ratingValue", "worstRating", "bestRating")
        )
        if number is not None and worst is not None and best is not None and not worst <= number <= best:
            remarks.append(f"ratingValue {number:g} lies outside {worst:g} to {best:g}")
            number = None
        return label, number, worst, best

    @staticmethod
    def _bound(value: Any) -> float | None:
        return next(
            (found for one in (value if isinstance(value, list) else [value]) if (found := _number(one)) is not None),
            None,
        )


def _is_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname) and text.isprintable()
