"""The answer to a button that undoes a merge or a split of speakers."""

from collections.abc import Callable
from typing import Any, NamedTuple

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import get_object_or_404

from claims.admin.speaker_page import speaker_address
from claims.errors import ClaimError
from claims.models import Speaker


class Undone(NamedTuple):
    """What is said of it.

    Attributes:
        speaker: Whose page comes next.
        line: For the admin's log of the speaker.
        message: For the editor.
    """

    speaker: Speaker
    line: str
    message: str


def undone_page(
    model_admin: Any,
    request: HttpRequest,
    rows: QuerySet,
    pk: int,
    undo: Callable[..., None],
    tell: Callable[..., Undone],
) -> HttpResponse:
    """Undoes a row, with the reason that its form carries, and leads back to the speaker.

    Args:
        model_admin: The speakers' admin.
        request: The button's POST.
        rows: Among which the row is looked up.
        pk: Its id.
        undo: The service; takes the row, `actor` and `reason`.
        tell: What to say of the row.
    """
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    if not model_admin.has_merge_permission(request):
        raise PermissionDenied
    row = get_object_or_404(rows, pk=pk)
    speaker, line, message = tell(row)
    try:
        undo(row, actor=request.user, reason=request.POST.get("reason", ""))
    except ClaimError as error:
        messages.error(request, error.message)
    else:
        model_admin.log_change(request, speaker, line)
        messages.success(request, message)
    return HttpResponseRedirect(speaker_address(speaker.pk))
