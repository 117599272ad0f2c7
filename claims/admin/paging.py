"""Lists that never count everything.

Stock admin lists count all matching rows for every page, twice; with 100,000 claims that count costs more than the
page. Here a list counts only as far as a few pages past the one asked for, and says "1,100+" where there is more.
Later pages become reachable as one goes on, so nothing is cut off. Do not set `show_full_result_count` on these lists.
"""

from collections.abc import Callable
from copy import copy
from functools import cached_property
from typing import Any, TypeVar

from django.contrib import admin
from django.contrib.admin.views.main import PAGE_VAR, ChangeList
from django.core.paginator import Paginator
from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse, QueryDict

LOOKAHEAD_PAGES = 10


class LookaheadPaginator(Paginator):
    """Knows of a page and of the ten behind it.

    Args:
        object_list: The whole filtered, ordered list.
        per_page: Rows a page.
        asked: The page that will be shown; counting stops ten pages later.
    """

    def __init__(self, object_list: Any, per_page: int, *, asked: int = 1, **options: Any) -> None:
        super().__init__(object_list, per_page, **options)
        self._limit = (max(asked, 1) + LOOKAHEAD_PAGES) * per_page

    @cached_property
    def _found(self) -> int:
        # Without the order a database may stop at the first rows that match, whatever index finds them.
        return self.object_list.order_by().values("pk")[: self._limit + 1].count()

    @property
    def count(self) -> int:  # type: ignore[override]
        """Matching rows, as far as they are counted."""
        return min(self._found, self._limit)

    @property
    def has_more(self) -> bool:
        """Whether there are more rows than `count`."""
        return self._found > self._limit


class LookaheadChangeList(ChangeList):
    """A list that hands its templates `has_more`, and fetches only what its columns show."""

    has_more = False

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        self.has_more = self.paginator.has_more
        # The page's ids are found and sorted as ids; only for them are texts, names and counts read, in the same query.
        # Otherwise a database that has to sort carries all that along for every row that matches.
        page = self.apply_select_related(self.root_queryset.filter(pk__in=self.result_list.values("pk")))
        self.result_list = self.columns(page, request).order_by(*self.queryset.query.order_by)

    def get_queryset(self, request: HttpRequest, exclude_parameters: Any = None) -> QuerySet:
        return self.columns(super().get_queryset(request, exclude_parameters), request)

    def columns(self, queryset: QuerySet, request: HttpRequest) -> QuerySet:
        """Rows with what the columns show to whoever asks."""
        return self.model_admin.for_list(queryset)


class SelectionList(ChangeList):
    """What a query string selects, in the list's order, without reading or counting a row."""

    def get_results(self, request: HttpRequest) -> None:
        self.result_list, self.result_count, self.full_result_count = [], 0, 0
        self.can_show_all, self.multi_page, self.show_full_result_count = False, False, False
        self.show_admin_actions, self.paginator = False, None


def selection(model_admin: admin.ModelAdmin, request: HttpRequest, query: str) -> SelectionList:
    """The list that a query string stands for, for whoever asks; `queryset` has its rows.

    Raises:
        IncorrectLookupParameters, SuspiciousOperation: the query string is stale or mistyped.
    """
    values = QueryDict(query, mutable=True)
    values.pop(PAGE_VAR, None)
    asked = copy(request)
    asked.method, asked.GET = "GET", values  # type: ignore[assignment]
    columns = list(model_admin.get_list_display(asked))
    if model_admin.get_actions(asked):
        columns.insert(0, "action_checkbox")  # the numbers in `o=` count it
    options: tuple[Any, ...] = (
        asked,
        model_admin.model,
        columns,
        model_admin.list_display_links,
        model_admin.get_list_filter(asked),
        None,
        model_admin.get_search_fields(asked),
        model_admin.list_select_related,
        model_admin.list_per_page,
        model_admin.list_max_show_all,
        (),
        model_admin,
        model_admin.get_sortable_by(asked),
        model_admin.search_help_text,
    )
    return SelectionList(*options)


_Loaded = TypeVar("_Loaded")


def once(request: HttpRequest, name: str, load: Callable[[], _Loaded]) -> _Loaded:
    """What `load` gives, asked once a request: choices of filters that a page with many selections shares."""
    known = request.META.setdefault("claims.admin.once", {})
    if name not in known:
        known[name] = load()
    return known[name]


class LookaheadAdmin(admin.ModelAdmin):
    """Base of the desk's large lists."""

    list_per_page = 50
    list_max_show_all = 0  # a page of everything is what this class prevents
    show_full_result_count = False
    empty_value_display = ""
    show_facets = admin.ShowFacets.NEVER  # each count would be a query over everything

    class Media:
        css = {"all": ["claims/admin.css", "claims/text.css", "claims/pages.css", "claims/lists.css"]}
        js = ["claims/desk.js", "claims/list.js"]

    def get_paginator(
        self,
        request: HttpRequest,
        queryset: QuerySet,
        per_page: int,
        orphans: int = 0,
        allow_empty_first_page: bool = True,
    ) -> LookaheadPaginator:
        page = request.GET.get(PAGE_VAR, "")
        asked = int(page) if page.isascii() and page.isdecimal() and len(page) < 7 else 1
        return LookaheadPaginator(
            queryset, per_page, asked=asked, orphans=orphans, allow_empty_first_page=allow_empty_first_page
        )

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return LookaheadChangeList

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        title = str(self.opts.verbose_name_plural).capitalize()
        return super().changelist_view(request, {"title": title, **(extra_context or {})})

    def for_list(self, queryset: QuerySet) -> QuerySet:
        """Adds what the columns need, so that a page costs the same queries for one row and for fifty."""
        return queryset


def count_of(rows: QuerySet, parent: str) -> Coalesce:
    """How many of `rows` point by `parent` to the row at hand.

    A subquery, not a join: the database counts for the rows of the page only.
    """
    mine = rows.filter(**{parent: OuterRef("pk")}).order_by().values(parent)
    return Coalesce(Subquery(mine.annotate(total=Count("pk")).values("total"), output_field=IntegerField()), Value(0))
