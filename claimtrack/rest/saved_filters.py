"""A filter that is kept and used later, without a request: for webhooks.

The parameters go through the very classes that serve `GET claims/`, as if somebody without a token had asked, so that
what a subscription takes, refuses and finds is what the list does. Rows are shaped by the API's shapes; their addresses
begin with `PUBLIC_URL`, since there is no request to take them from.
"""

from collections.abc import Collection, Sequence
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.http import HttpRequest, QueryDict
from rest_framework.exceptions import APIException, PermissionDenied
from rest_framework.request import Request

from claims.api.access import claims_for
from claims.api.article_shapes import ArticleShape
from claims.api.shapes import ClaimShape
from claims.api.views import ClaimViewSet
from claims.errors import InvalidValue
from claims.models import Speaker
from claimtrack.rest.errors import BadRequest
from claimtrack.rest.filters import StrictFilters
from sources.models import Article


class _OwnRequest(HttpRequest):
    """A request that nobody made, to this service's public address."""

    def __init__(self, query: str = "") -> None:
        super().__init__()
        self.method, self.GET = "GET", QueryDict(query)

    def get_host(self) -> str:
        """As in `PUBLIC_URL`."""
        return urlsplit(settings.PUBLIC_URL).netloc

    def _get_scheme(self) -> str:
        return urlsplit(settings.PUBLIC_URL).scheme


class _Filtered:
    """What the filters ask of a view: which parameters there are; those of pages and shapes are not among them."""

    detail = False
    parameters = ()
    filterset_class = ClaimViewSet.filterset_class

    def permission_denied(self, request: Request, message: str) -> None:
        """Refuses a filter over what the public does not see.

        Raises:
            PermissionDenied: always.
        """
        raise PermissionDenied(message)


class ClaimReader:
    """What `claims.services.webhooks.Reader` asks for."""

    def check(self, filters: str) -> str:
        """The filter without a leading question mark, its parameters in the order given.

        Raises:
            InvalidValue: a parameter that is not known, or a value that is not valid.
        """
        try:
            query = QueryDict(filters.strip().removeprefix("?"))
        except (ValueError, APIException) as error:
            raise InvalidValue(f"This is no filter: {error}", field="filters") from None
        usual = urlencode([(name, value) for name, values in query.lists() for value in values])
        self.fitting(usual, [])
        return usual

    def fitting(self, filters: str, claim_ids: Collection[int], *, without: tuple[str, ...] = ()) -> list[int]:
        """Those of the claims that are public and fit, in the order of their ids.

        Raises:
            InvalidValue: the filter is not valid.
        """
        query = QueryDict(filters, mutable=True)
        for name in [one for one in query if without and one.startswith(without)]:
            del query[name]
        request = Request(_OwnRequest(query.urlencode()))
        try:
            claims = StrictFilters().filter_queryset(request, claims_for(request), _Filtered())
        except BadRequest as error:
            raise InvalidValue(" ".join(one.message for one in error.problems), field="filters") from None
        except APIException as error:
            raise InvalidValue(str(error), field="filters") from None
        return sorted(claims.filter(pk__in=claim_ids).values_list("pk", flat=True)) if claim_ids else []

    def claims(self, claim_ids: Sequence[int]) -> list[dict[str, Any]]:
        """Claims as the list shows them, in this order; without those that are not public."""
        request = Request(_OwnRequest())
        shown = ClaimShape(request).by_id(claim_ids, claims_for)
        return [shown[pk] for pk in claim_ids if pk in shown]

    def speaker(self, speaker_id: int) -> dict[str, Any] | None:
        """A speaker in brief, merged or not; None where it is hidden."""
        speaker = Speaker.objects.filter(pk=speaker_id, is_hidden=False).values("id", "slug", "name").first()
        return dict(speaker) if speaker else None

    def article(self, article_id: int) -> dict[str, Any] | None:
        """An article as the list shows it."""
        answers = ArticleShape(Request(_OwnRequest())).answers(Article.objects.filter(pk=article_id))
        return answers[0] if answers else None
