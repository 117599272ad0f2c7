"""What the formats are made from: a claim as the public may see it, frozen and free of the framework.

Whoever builds these values leaves out what must not be shown; the formats write all that they are given. Texts that
are not known are empty, dates and findings None. Do not add behaviour here.
"""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Desk:
    """Who publishes: the desk that runs this service.

    Attributes:
        name: Its name, as readers know it.
        url: Its address, with a slash at the end.
    """

    name: str
    url: str


@dataclass(frozen=True, slots=True)
class Party:
    """Somebody who speaks.

    Attributes:
        name: The name.
        kind: `person`, `organisation` or `unknown`.
        url: The address that stands for them in this service.
    """

    name: str
    kind: str
    url: str


@dataclass(frozen=True, slots=True)
class Original:
    """The article in which a claim stands.

    Attributes:
        url: Where it was published; empty if unknown.
        copy_url: Where this service keeps it; offsets count code points of the text there.
        headline: Its headline.
        outlet: Who published it.
        published_on: When.
        language: BCP 47, for example `en`; empty or `und` where it could not be told.
    """

    url: str
    copy_url: str
    headline: str
    outlet: str
    published_on: date | None
    language: str = ""


@dataclass(frozen=True, slots=True)
class Quote:
    """One stretch of the article's text.

    Attributes:
        exact: The words, `text[start:end]`.
        start: First code point.
        end: Behind the last one.
        prefix: Some text before it; empty where none may be shown.
        suffix: Some text behind it.
    """

    exact: str
    start: int
    end: int
    prefix: str = ""
    suffix: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """A published verdict.

    Attributes:
        url: Its address.
        label: The rating in words.
        value: The rating as a number that grows with truth; None where none applies ("unproven").
        worst: The least number of its scale.
        best: The greatest.
        summary: Why, in the desk's words.
        published_at: When it was published.
    """

    url: str
    label: str
    value: int | None
    worst: int | None
    best: int | None
    summary: str
    published_at: datetime


@dataclass(frozen=True, slots=True)
class PublicClaim:
    """One claim.

    Attributes:
        url: Its address.
        text: Its quotes, joined by “ … ”.
        kind: `direct`, `mixed` or `indirect`.
        act: What the speaker does, for example `statement`.
        quotes: Its content spans, in text order.
        speakers: To whom it is attributed; empty where nobody is named.
        said_on: When it was said.
        original: Its article.
        finding: Its published verdict, if there is one.
        created_at: When it was stored.
        modified_at: When it, or its verdict, last changed.
    """

    url: str
    text: str
    kind: str
    act: str
    quotes: tuple[Quote, ...]
    speakers: tuple[Party, ...]
    said_on: date | None
    original: Original
    finding: Finding | None
    created_at: datetime
    modified_at: datetime
