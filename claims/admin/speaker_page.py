"""What a speaker's page tells beside its form: descriptions, external ids, names, charts, possible duplicates.

A dozen queries however many claims; the counts of one speaker are read through the index by speaker. Claims that others
relayed are not counted: the speaker did not say them to the outlet.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import TruncMonth
from django.urls import reverse
from django.utils import formats

from claims.admin.charts import Bar, Chart, column_chart, row_chart
from claims.models import ClaimSpeaker, Speaker, SpeakerAlias, SpeakerRole, SpeakerSplit, Verdict
from claims.services.likeness import possible_duplicates

MOST_ROLES = 200  # descriptions read; their different words are shown
MOST_MONTHS = 36  # a longer time is drawn by years


@dataclass(frozen=True, slots=True)
class Description:
    """One description with its first and last day, and the newest article that has it."""

    text: str
    first: date | None
    last: date | None
    articles: int
    article_id: int


@dataclass(frozen=True, slots=True)
class Name:
    """One alias with the number of claims that came through it."""

    alias: SpeakerAlias
    claims: int


def facts(speaker: Speaker, *, may_edit: bool) -> dict[str, Any]:
    """The page's context beside form, claims and history."""
    dated, total = _by_month(speaker)
    return {
        "descriptions": descriptions(speaker),
        "external_ids": list(speaker.external_ids.all()),
        "names": names(speaker),
        "claims_total": f"{total:,}",
        "charts": [over_time(dated, total), by_verdict(speaker, total)],
        "likely": possible_duplicates(speaker) if speaker.merged_into_id is None and may_edit else [],
        "splits": list(
            SpeakerSplit.objects.filter(Q(speaker=speaker) | Q(into=speaker))
            .select_related("speaker", "into", "split_by", "undone_by")
            .defer("moved")
        ),
    }


def descriptions(speaker: Speaker) -> list[Description]:
    """How articles describe the speaker, newest first; the same words once."""
    found: dict[str, list[SpeakerRole]] = {}
    for role in speaker.roles.order_by("-said_on", "-id")[:MOST_ROLES]:
        found.setdefault(role.text.casefold(), []).append(role)
    return [
        Description(
            text=roles[0].text,
            first=min((role.said_on for role in roles if role.said_on), default=None),
            last=max((role.said_on for role in roles if role.said_on), default=None),
            articles=len({role.article_id for role in roles}),
            article_id=roles[0].article_id,
        )
        for roles in found.values()
    ]


def names(speaker: Speaker) -> list[Name]:
    """All aliases, those with most claims first."""
    through = Counter(dict(speaker.links.order_by().values_list("key").annotate(Count("pk"))))
    rows = [Name(alias, through[alias.key]) for alias in speaker.aliases.all()]
    return sorted(rows, key=lambda one: (-one.claims, one.alias.name))


def said(speaker: Speaker) -> QuerySet[ClaimSpeaker]:
    """The speaker's own current claims."""
    return ClaimSpeaker.objects.filter(speaker=speaker, claim__is_current=True, claim__depth=0)


def _by_month(speaker: Speaker) -> tuple[dict[date, int], int]:
    """Claims by the first day of their month, and all of them, those without a date included."""
    rows = said(speaker).order_by().annotate(month=TruncMonth("said_on")).values_list("month").annotate(Count("pk"))
    counted = dict(rows)
    total = sum(counted.values())
    return {month: number for month, number in counted.items() if month is not None}, total


def over_time(dated: dict[date, int], total: int) -> Chart:
    """Claims by month, or by year where the months are too many."""
    months = _months(min(dated), max(dated)) if dated else []
    if len(months) > MOST_MONTHS:
        years = Counter[int]()
        for month, number in dated.items():
            years[month.year] += number
        bars = [Bar(str(year), years[year]) for year in range(min(years), max(years) + 1)]
    else:
        bars = [Bar(formats.date_format(month, "M Y"), dated.get(month, 0)) for month in months]
    undated = total - sum(dated.values())
    note = f"{total:,} claims in all{f', {undated:,} of them without a date' if undated else ''}; relayed ones aside."
    return column_chart("Claims over time", note, "Year" if len(months) > MOST_MONTHS else "Month", bars)


def by_verdict(speaker: Speaker, total: int) -> Chart:
    """Published verdicts by rating, with how many claims have one."""
    claims = said(speaker).values("claim")
    rated = Verdict.objects.filter(state=Verdict.State.PUBLISHED, claim__in=claims)
    columns = ("rating__label", "rating__colour", "rating__scale_id", "rating__order")
    rows = rated.order_by("rating__scale_id", "rating__order").values_list(*columns).annotate(Count("pk"))
    bars = [Bar(label, number, colour) for label, colour, _, _, number in rows]
    checked = sum(bar.value for bar in bars)
    note = (
        f"{checked:,} of {total:,} claims have a published verdict. The desk chooses what it checks, so these counts "
        "say nothing about the other claims."
    )
    return row_chart("Published verdicts", note, "Rating", bars)


def _months(first: date, last: date) -> Sequence[date]:
    start, stop = first.year * 12 + first.month - 1, last.year * 12 + last.month - 1
    if stop - start > MOST_MONTHS:
        return [first] * (MOST_MONTHS + 1)  # their number is all that matters: they are drawn by years
    return [date(number // 12, number % 12 + 1, 1) for number in range(start, stop + 1)]


def speaker_address(speaker_id: int, part: str = "") -> str:
    """The speaker's page, or a part of it."""
    return reverse("admin:claims_speaker_change", args=[speaker_id]) + part
