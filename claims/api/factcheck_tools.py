"""`claims:search` of Google's Fact Check Tools API over the desk's published verdicts.

A client of that API works by changing its endpoint: the same parameters, answers and error envelope. Always the public
view; a token only raises the rate. A page token is bound to all parameters that choose the results, so one that is used
with others is refused, as Google's documentation demands, rather than read as a place in another list. Do not add
filters of our own here; they have a list of theirs (`/api/v1/claims/`).
"""

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.core.signing import BadSignature, Signer
from django.db.models import Q, QuerySet
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, OpenApiTypes, extend_schema
from rest_framework.exceptions import ParseError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from claims.api.public_claims import PublicShape, desk_of, published_verdicts
from claims.api.search import MAX_LENGTH, claims_having, names_having
from claims.formats.factcheck import error_answer, search_answer, site_of
from claims.formats.fieldmask import BadMask, apply_mask, parse_mask
from claims.models import ClaimSpeaker
from sources.api.nowhere import Nowhere
from sources.api.reading import Row
from sources.api.strict import nearest
from sources.search.words import MAX_TERMS

PAGE_SIZE = 10
MAX_PAGE_SIZE = 100
"""Google documents no maximum; a larger `pageSize` is taken for "up to that many"."""

_CHOOSING = ("query", "languageCode", "reviewPublisherSiteFilter", "maxAgeDays", "pageSize", "offset")
# Taken by all of Google's APIs; those that change nothing here are read past. No `callback`: JSONP runs foreign code.
_COMMON = ("key", "access_token", "oauth_token", "quotaUser", "prettyPrint", "alt", "fields", "$.xgafv")
_KNOWN = (*_CHOOSING, "pageToken", *_COMMON)
_LANGUAGE = re.compile(r"([A-Za-z]{2,3})(?:[-_][A-Za-z0-9]{1,8}){0,8}")
_MAX_INT32 = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Search:
    """What is asked for; empty texts and zeros mean no limit."""

    query: str
    language: str
    site: str
    max_age_days: int
    page_size: int
    offset: int
    token: str
    fields: str
    digest: str


class GoogleView(APIView):
    """A view whose errors are Google's."""

    action = None
    http_method_names = ["get", "head"]

    def get_exception_handler(self) -> Callable[..., Any]:
        """The project's handler, its answers in Google's envelope."""
        handler = super().get_exception_handler()

        def handle(error: Exception, context: Any) -> Response:
            answer: Response = handler(error, context)
            answer.data = error_answer(answer.status_code, answer.data["error"]["message"])
            return answer

        return handle


class NoSuchMethodView(Nowhere, GoogleView):
    """Answers for all of that API's methods that are not offered here."""

    http_method_names = ["get", "head", "post", "put", "patch", "delete"]

    def hint(self, request: Request) -> str:
        """What is there."""
        return " here; only GET /v1alpha1/claims:search is offered."


class ClaimSearchView(GoogleView):
    """Search of published verdicts."""

    @extend_schema(
        operation_id="factcheck_claims_search",
        tags=["compatible"],
        summary="Search published verdicts as Google's Fact Check Tools API",
        description="Takes the parameters of `claims:search` (v1alpha1) and answers like it, so that its clients work "
        "with this server as their endpoint. `query` or `reviewPublisherSiteFilter` is needed.",
        parameters=[
            OpenApiParameter("query", str, description="Words, all of which stand in the claim or in its speaker."),
            OpenApiParameter("languageCode", str, description="BCP 47; the region is ignored."),
            OpenApiParameter("reviewPublisherSiteFilter", str, description="Only reviews of this site: ours."),
            OpenApiParameter("maxAgeDays", int, description="By the claim's day or the review's, the newer one."),
            OpenApiParameter("pageSize", int, description=f"{PAGE_SIZE} by default, at most {MAX_PAGE_SIZE}."),
            OpenApiParameter("pageToken", str, description="`nextPageToken` of the page before, all else unchanged."),
            OpenApiParameter("offset", int, description="Results to leave out; not looked at with a page token."),
            OpenApiParameter("fields", str, description="Which fields to answer, for example `claims/text`."),
            OpenApiParameter("key", str, description="Not looked at."),
        ],
        responses={
            200: OpenApiTypes.OBJECT,
            **dict.fromkeys((400, 401, 406, 429), OpenApiTypes.OBJECT),
        },
    )
    def get(self, request: Request) -> Response:
        """A page of results.

        Raises:
            ParseError: a parameter is unknown or not valid.
        """
        search = _read(request)
        desk = desk_of(request)
        verdicts = _found(search, site_of(desk.url))
        start = 0
        if search.token:
            verdicts = _behind(verdicts, search)
        else:
            start = search.offset
        rows = list(verdicts.values("id", "claim_id", "published_at")[start : start + search.page_size + 1])
        more = len(rows) > search.page_size
        del rows[search.page_size :]
        token = _token(rows[-1], search) if more else ""
        answer = search_answer(PublicShape(request).reviews(rows), desk, token)
        try:
            return Response(apply_mask(answer, parse_mask(search.fields) if search.fields else {}))
        except BadMask as error:
            raise ParseError(f"fields: {error}.") from None


def _read(request: Request) -> Search:
    given = request.query_params
    for name, values in given.lists():
        if name not in _KNOWN:
            raise ParseError(f"Unknown name “{name[:100]}”; did you mean “{nearest(name, _KNOWN)}”?")
        if len(values) > 1:
            raise ParseError(f"{name} is given {len(values)} times.")
        if "\0" in values[0]:
            raise ParseError(f"{name} holds a null character.")
    if given.get("alt", "json") != "json":
        raise ParseError("alt must be json; nothing else is offered.")
    query, site = given.get("query", "").strip(), given.get("reviewPublisherSiteFilter", "").strip()
    if not query and not site:
        raise ParseError("query is needed, unless reviewPublisherSiteFilter is given.")
    if len(query) > MAX_LENGTH:
        raise ParseError(f"query has at most {MAX_LENGTH} characters, got {len(query)}.")
    chosen = "\n".join(f"{name}={given.get(name, '')}" for name in _CHOOSING)
    return Search(
        query=query,
        language=_language(given.get("languageCode", "")),
        site=_site(site),
        max_age_days=_number(request, "maxAgeDays"),
        page_size=min(_number(request, "pageSize") or PAGE_SIZE, MAX_PAGE_SIZE),
        offset=_number(request, "offset"),
        token=given.get("pageToken", ""),
        fields=given.get("fields", ""),
        digest=hashlib.sha256(chosen.encode()).hexdigest()[:16],
    )


def _site(text: str) -> str:
    """The host that is meant; the text itself where it names none, and then nothing is found."""
    try:
        return site_of(text if "//" in text else f"//{text}") or text
    except ValueError:
        raise ParseError(f"reviewPublisherSiteFilter must be a site such as desk.example, got “{text[:40]}”.") from None


def _number(request: Request, name: str) -> int:
    text = request.query_params.get(name, "0")
    if not (text.isascii() and text.isdecimal() and len(text) <= 10 and int(text) <= _MAX_INT32):
        raise ParseError(f"{name} must be a whole number from 0 to {_MAX_INT32}, got “{text[:40]}”.")
    return int(text)


def _language(code: str) -> str:
    """The language without script and region."""
    match = _LANGUAGE.fullmatch(code)
    if code and not match:
        raise ParseError(f"languageCode must be a BCP 47 code such as en or en-US, got “{code[:40]}”.")
    return match.group(1).lower() if match else ""


def _found(search: Search, own_site: str) -> QuerySet:
    """The verdicts that fit, newest first."""
    verdicts = published_verdicts().order_by("-published_at", "-pk")
    if search.site and own_site != search.site and not own_site.endswith(f".{search.site}"):
        return verdicts.none()
    for word in search.query.split()[:MAX_TERMS]:
        # The words of one search may be spread over the claim and its speaker ("Quill bridge").
        links = ClaimSpeaker.objects.filter(speaker__in=names_having(word).values("speaker"))
        verdicts = verdicts.filter(Q(claim__in=claims_having(word)) | Q(claim__in=links.values("claim")))
    if search.language:
        language = Q(claim__article__language=search.language)
        verdicts = verdicts.filter(language | Q(claim__article__language__startswith=f"{search.language}-"))
    if since := _since(search.max_age_days, timezone.localdate()):
        reviewed = Q(published_at__gte=datetime.combine(since, time(), UTC))
        verdicts = verdicts.filter(reviewed | Q(claim__said_on__gte=since))
    return verdicts


def _since(days: int, today: date) -> date | None:
    return today - timedelta(days=days) if 0 < days < today.toordinal() else None


def _token(row: Row, search: Search) -> str:
    """Names the place behind a row, and the request that led there."""
    return _signer().sign_object([row["published_at"].isoformat(), row["id"], search.digest])


def _behind(verdicts: QuerySet, search: Search) -> QuerySet:
    try:
        at, pk, digest = _signer().unsign_object(search.token)
    except (BadSignature, ValueError):
        raise ParseError("This pageToken was not given by this server; leave it out to start again.") from None
    if digest != search.digest:
        raise ParseError("This pageToken belongs to a request with other parameters; repeat them all unchanged.")
    at = datetime.fromisoformat(at)
    return verdicts.filter(Q(published_at__lt=at) | Q(published_at=at, pk__lt=pk))


def _signer() -> Signer:
    return Signer(salt="claimtrack.factcheck_tools", sep=".")
