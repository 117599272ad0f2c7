"""How good each engine version is, by the editors' own decisions.

Each version is held against every decision about the articles it has read: a claim that editors took for one is found
or missed by it (`Claim.found_by`), a rejected one is a mistake of the versions that found it. So an upgrade is judged
on the same claims as the version before, without anybody deciding twice.

Precision is over all decided claims that a version found. Recall is over articles reviewed to the end only: elsewhere
nobody has looked for what is missing. Kind, act, cue and outlet are told apart for the newest version that read each
article. A decision says that something is a claim, not that its words are exact: how often editors left each field as
it was is counted by itself. Do not show a share without its two numbers.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from math import sqrt

from claims.models import ArticleReview, Claim, Correction, ExtractionRun

MOST_CLAIMS = 100_000  # decided claims looked at, the newest; about a second
MOST_ROWS = 25  # cues and outlets shown, those with most decisions
FEW = 30
"""Below this many cases a share says little: its interval is wider than a third."""
FIELDS = ("span", "cue", "mention", "speaker", "kind", "act")


@dataclass(frozen=True, slots=True)
class Share:
    """A share with its two numbers.

    Attributes:
        hits: The numerator.
        cases: The denominator.
    """

    hits: int
    cases: int

    @property
    def value(self) -> float | None:
        """In [0, 1]; None without a case."""
        return self.hits / self.cases if self.cases else None

    @property
    def is_few(self) -> bool:
        """Whether there are too few cases to tell much."""
        return self.cases < FEW

    @property
    def interval(self) -> tuple[float, float] | None:
        """Where the true share lies, 95 times of 100 (Wilson's score interval)."""
        if not self.cases:
            return None
        z, n, p = 1.96, self.cases, self.hits / self.cases
        middle, reach = p + z * z / (2 * n), z * sqrt(p * (1 - p) / n + z * z / (4 * n * n))
        return max(0.0, (middle - reach) / (1 + z * z / n)), min(1.0, (middle + reach) / (1 + z * z / n))


@dataclass(slots=True)
class Tally:
    """What was found, mistaken and missed.

    Attributes:
        right: Found, and taken for a claim.
        wrong: Found, and rejected.
        found: Of `right`, those in articles reviewed to the end.
        missed: Claims of those articles that were not found.
    """

    right: int = 0
    wrong: int = 0
    found: int = 0
    missed: int = 0

    @property
    def precision(self) -> Share:
        """Of what was found, how much was right."""
        return Share(self.right, self.right + self.wrong)

    @property
    def recall(self) -> Share:
        """Of what was there, how much was found."""
        return Share(self.found, self.found + self.missed)


@dataclass(slots=True)
class Quality:
    """The whole account.

    Attributes:
        versions: By engine version, the newest first.
        groups: By title (kind, act, cue, outlet) the tallies by value.
        fields: By corrected field, how often editors left it as it was, of the right claims that an engine found.
        articles: Articles with decisions.
        complete: Of these, reviewed to the end.
        claims: Decided claims.
        is_cut: Whether there were more than are counted.
    """

    versions: dict[str, Tally] = field(default_factory=dict)
    groups: dict[str, dict[str, Tally]] = field(default_factory=dict)
    fields: dict[str, Share] = field(default_factory=dict)
    articles: int = 0
    complete: int = 0
    claims: int = 0
    is_cut: bool = False


@dataclass(frozen=True, slots=True)
class _Decided:
    claim: int
    article: int
    outlet: str
    kind: str
    act: str
    cue: str
    found_by: frozenset[str]
    is_right: bool


def measure_quality() -> Quality:
    """Counts the decisions; five queries, however many there are."""
    claims = _decided()
    articles = {one.article for one in claims}
    versions = _versions(articles)
    complete = _complete() & articles
    quality = Quality(
        articles=len(articles), complete=len(complete), claims=len(claims), is_cut=len(claims) == MOST_CLAIMS
    )
    order = sorted({(run, version) for runs in versions.values() for run, version in runs}, reverse=True)
    quality.versions = {version: Tally() for _, version in order}
    tables: dict[str, dict[str, Tally]] = {name: defaultdict(Tally) for name in ("kind", "act", "cue", "outlet")}
    for one in claims:
        runs = versions.get(one.article, [])
        for version in {version for _, version in runs}:
            _count(quality.versions[version], one, version, one.article in complete)
        if runs:
            newest = max(runs)[1]
            for name, table in tables.items():
                _count(table[getattr(one, name)], one, newest, one.article in complete)
    quality.groups = {name: _most(table) for name, table in tables.items()}
    quality.fields = _fields(claims)
    return quality


def _decided() -> list[_Decided]:
    current = Claim.objects.current().filter(depth=0)
    rows = (current.confirmed() | current.rejected()).order_by("-id")[:MOST_CLAIMS]
    columns = ("id", "article_id", "article__source__name", "kind", "act", "cue_text", "found_by", "review_status")
    rejected = Claim.ReviewStatus.NOT_A_CLAIM
    return [
        _Decided(pk, article, outlet, kind, act, cue.lower() or "none", frozenset(found_by), status != rejected)
        for pk, article, outlet, kind, act, cue, found_by, status in rows.values_list(*columns).iterator()
    ]


def _versions(articles: set[int]) -> dict[int, list[tuple[int, str]]]:
    """By article, its runs as (id, version)."""
    found: dict[int, list[tuple[int, str]]] = defaultdict(list)
    decided = Claim.objects.current().filter(depth=0)
    rows = ExtractionRun.objects.filter(article__in=(decided.confirmed() | decided.rejected()).values("article"))
    for run, article, version in rows.values_list("id", "article_id", "engine_version").iterator():
        if article in articles:
            found[article].append((run, version))
    return found


def _complete() -> set[int]:
    """Articles that were signed and of which no claim waits since."""
    waiting = Claim.objects.current().filter(depth=0).undecided().values("article")
    return set(ArticleReview.objects.exclude(article__in=waiting).values_list("article_id", flat=True))


def _count(tally: Tally, one: _Decided, version: str, is_complete: bool) -> None:
    is_found = version in one.found_by
    tally.right += is_found and one.is_right
    tally.wrong += is_found and not one.is_right
    tally.found += is_found and one.is_right and is_complete
    tally.missed += not is_found and one.is_right and is_complete


def _most(table: dict[str, Tally]) -> dict[str, Tally]:
    rows = [(name, tally) for name, tally in table.items() if tally.right + tally.wrong + tally.missed]
    rows.sort(key=lambda row: (-(row[1].right + row[1].wrong + row[1].missed), row[0]))
    return dict(rows[:MOST_ROWS])


def _fields(claims: Sequence[_Decided]) -> dict[str, Share]:
    """Added claims are left out: there an editor gave every field."""
    found = {one.claim for one in claims if one.is_right and one.found_by}
    rows = Correction.objects.filter(is_undone=False, undoes=None, field__in=(*FIELDS, "added"))
    corrected: dict[str, set[int]] = defaultdict(set)
    for claim, name in rows.values_list("claim_id", "field").iterator():
        corrected[name].add(claim)
    given = found - corrected["added"]
    return {name: Share(len(given - corrected[name]), len(given)) for name in FIELDS}
