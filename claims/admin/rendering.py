"""Small pieces of HTML that lists and pages share; every value goes through `format_html`."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from functools import cache
from typing import Any

from django.urls import reverse
from django.utils import formats
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString

from claims.admin.highlight import Segment
from claims.models import Rating, Verdict

OWN = ("content", "cue", "mention")


def badge(text: Any, style: str) -> SafeString:
    """A word in a pill; `style` is a class suffix of claims/admin.css."""
    return format_html('<span class="ct-badge ct-{}">{}</span>', style, text)


def rating_badge(rating: Rating, state: str) -> SafeString:
    """A rating with its colour and, unless it is published, its state.

    The colour is data, and a strict policy allows no inline style: an SVG attribute carries it.
    """
    swatch = format_html(
        '<svg class="ct-swatch" viewBox="0 0 10 10" aria-hidden="true"><circle cx="5" cy="5" r="5" fill="{}"/></svg>',
        rating.colour,
    )
    if state == Verdict.State.PUBLISHED:
        return format_html('<span class="ct-badge ct-rating">{}{}</span>', swatch, rating.label)
    return format_html(
        '<span class="ct-badge ct-rating ct-unpublished">{}{}</span> <i class="ct-state">{}</i>',
        swatch,
        rating.label,
        state,
    )


def short_day(day: date | None) -> str:
    """A day as narrow lists show it."""
    return formats.date_format(day, "j M Y") if day else ""


def marked_text(
    paragraphs: Iterable[Sequence[Segment]], *, query: str = "", numbers: Mapping[int, int] | None = None
) -> SafeString:
    """The article's paragraphs with their marks; other claims are links to their pages.

    Args:
        paragraphs: From `highlight.cut_paragraphs`, with labels content, cue, mention and other.
        query: What to append to each address, with its question mark.
        numbers: By claim id, the number to print where the claim begins.
    """
    first = dict(numbers or {})  # of a claim in several pieces only the first carries the anchor

    @cache
    def address(claim_id: int) -> str:
        return reverse("admin:claims_claim_change", args=[claim_id]) + query

    lines = (
        (
            paragraph[0].start,  # from here a script counts the code points of what an editor selects
            format_html_join("", "{}", ((_piece(segment, address, numbers or {}, first),) for segment in paragraph)),
        )
        for paragraph in paragraphs
    )
    return format_html_join("\n", '<p data-start="{}">{}</p>', lines)


def _piece(
    segment: Segment, address: Callable[[int], str], numbers: Mapping[int, int], first: dict[int, int]
) -> SafeString:
    if not segment.spans:
        return conditional_escape(segment.text)
    html: Any = segment.text
    own = [label for label in OWN if label in segment.labels]
    if own:
        # "begins" lets the style sheet name the mark to screen readers, once, where it starts.
        begins = [f"ct-begins-{span.label}" for span in segment.begins if span.label in own]
        classes = " ".join([*(f"ct-{label}" for label in own), *dict.fromkeys(begins)])
        html = format_html('<mark class="{}">{}</mark>', classes, html)
    others = segment.refs("other")
    if not others:
        return html
    starting = [span.ref for span in segment.begins if span.label == "other"]
    if not starting and segment.text.isspace():
        return format_html('<span class="ct-other">{}</span>', html)  # a link without words says nothing
    # One stop of the tab key a claim, however many pieces it is cut into.
    stop = SafeString("") if others[0] in starting else SafeString(' tabindex="-1"')
    link = format_html('<a class="ct-other" href="{}"{}>{}</a>', address(others[0]), stop, html)
    marks = []
    for ref in reversed(starting):
        if number := numbers.get(ref):
            anchor = format_html(' id="n{}"', number) if first.pop(ref, None) else ""
            marks.append((address(ref), anchor, ref, number))
    heads = format_html_join("", '<a class="ct-number" href="{}"{} title="Claim {}">{}</a>', marks)
    return format_html("{}{}", heads, link)
