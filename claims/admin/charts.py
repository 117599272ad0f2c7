"""Charts as SVG made on the server: counts with their denominator, readable without seeing them.

Plain rectangles and text, coloured by the style sheet (a strict policy allows no inline style; a rating's own colour is
an attribute). Each chart has a title and a description for screen readers, and its figures go beside it as a table. A
chart never shows a share of truth: the desk checks what it chooses to check, so a percentage of "false" would say more
about the desk than about the speaker. Below `FEWEST` counted things there is no chart, only the figures: a bar of one
verdict looks like a finding. Do not add a library for this.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count
from math import ceil

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

FEWEST = 5  # counted things below which bars mislead
_ids = count(1)

_WIDTH, _HEIGHT, _FOOT, _HEAD = 360, 120, 22, 16
_ROW, _LABEL = 24, 110
_EDGE = 20  # half a label's width: the first one does not reach out of the drawing
_CHARACTER, _GAP = 6.6, 10  # of a label at 12 px, the widest of common faces


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: what it counts, how many, and a colour of its own (#rrggbb) or none."""

    label: str
    value: int
    colour: str = ""
    has_more: bool = False

    @property
    def figure(self) -> str:
        """The number as a reader sees it."""
        return f"{self.value:,}{'+' if self.has_more else ''}"


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawn chart with what stands beside it.

    Attributes:
        title: What is counted.
        note: The denominator in words.
        heading: What the labels are, as the table's first column is called.
        bars: The figures.
        svg: The drawing; empty where there is too little to draw.
    """

    title: str
    note: str
    heading: str
    bars: Sequence[Bar]
    svg: SafeString


def column_chart(title: str, note: str, heading: str, bars: Sequence[Bar], *, fewest: int = FEWEST) -> Chart:
    """Counts over time: one column a step, in the order given."""
    return Chart(
        title, note, heading, bars, _columns(title, note, bars) if _is_enough(bars, fewest) else SafeString("")
    )


def row_chart(title: str, note: str, heading: str, bars: Sequence[Bar], *, fewest: int = FEWEST) -> Chart:
    """Counts by kind: one row each."""
    svg = _rows(title, note, bars) if _is_enough(bars, fewest) else SafeString("")
    return Chart(title, note, heading, bars, svg)


def _is_enough(bars: Sequence[Bar], fewest: int) -> bool:
    return sum(bar.value for bar in bars) >= fewest


def _columns(title: str, note: str, bars: Sequence[Bar]) -> SafeString:
    most = max(bar.value for bar in bars)
    step = _WIDTH / len(bars)
    room = _HEIGHT - _FOOT - _HEAD
    parts = []
    for place, bar in enumerate(bars):
        height = round(room * bar.value / most, 1)
        width = max(min(step * 0.8, 60), 1)
        left = place * step + (step - width) / 2
        top = _HEIGHT - _FOOT - height
        parts.append((round(left, 1), round(top, 1), round(width, 1), height, f"{bar.label}: {bar.figure}"))
    drawn = format_html_join(
        "", '<rect class="ct-bar" x="{}" y="{}" width="{}" height="{}"><title>{}</title></rect>', parts
    )
    widest = max(len(bar.label) for bar in bars) * _CHARACTER + _GAP
    every = max(1, ceil(widest / step))  # no label may run into the next
    labels: list[tuple[float, float, str]] = [
        (round(max(place * step + step / 2, _EDGE), 1), _HEIGHT - 6, bar.label)
        for place, bar in enumerate(bars)
        if place % every == 0
    ]
    values = [
        (round(place * step + step / 2, 1), round(top - 4, 1), bar.figure)
        for place, (bar, (_, top, *_rest)) in enumerate(zip(bars, parts, strict=True))
        if bar.value and (len(bars) <= 16 or bar.value == most)
    ]
    text = format_html_join("", '<text class="ct-axis" x="{}" y="{}" text-anchor="middle">{}</text>', labels + values)
    base = format_html(
        '<line class="ct-base" x1="0" x2="{}" y1="{}" y2="{}"/>', _WIDTH, _HEIGHT - _FOOT, _HEIGHT - _FOOT
    )
    return _drawing(title, note, _HEIGHT, format_html("{}{}{}", drawn, base, text))


def _rows(title: str, note: str, bars: Sequence[Bar]) -> SafeString:
    most = max(bar.value for bar in bars)
    room = _WIDTH - _LABEL - 50
    height = _ROW * len(bars)
    parts: list[tuple[SafeString, int, int, float, int]] = []
    texts: list[tuple[float, int, str, str]] = []
    for place, bar in enumerate(bars):
        top, width = place * _ROW + 4, round(room * bar.value / most, 1)
        look = format_html('fill="{}"', bar.colour) if bar.colour else SafeString('class="ct-bar"')
        parts.append((look, _LABEL, top, width, _ROW - 8))
        texts.append((_LABEL - 8, top + 13, "end", bar.label))
        texts.append((_LABEL + width + 6, top + 13, "start", bar.figure))
    drawn = format_html_join("", '<rect {} x="{}" y="{}" width="{}" height="{}"/>', parts)
    text = format_html_join("", '<text class="ct-axis" x="{}" y="{}" text-anchor="{}">{}</text>', texts)
    return _drawing(title, note, height, format_html("{}{}", drawn, text))


def _drawing(title: str, note: str, height: int, inside: SafeString) -> SafeString:
    number = next(_ids)
    return format_html(
        '<svg class="ct-chart" viewBox="0 0 {width} {height}" role="img" aria-labelledby="chart-{number}-title '
        'chart-{number}-note"><title id="chart-{number}-title">{title}</title>'
        '<desc id="chart-{number}-note">{note}</desc>{inside}</svg>',
        width=_WIDTH,
        height=height,
        number=number,
        title=title,
        note=note,
        inside=inside,
    )
