"""What the one who asks may do.

Anybody may read; what a reader without a role sees is decided by each view's `get_queryset`. Writing needs a user, a
token of scope `write` where a token is used, and the permission that the view declares for the method or the action
(`write_permissions`; an empty one leaves it to the service). A POST that stores nothing takes any token. Services ask
again: this only spares the reading of a body that would be refused.
"""

from typing import Any

from rest_framework.exceptions import PermissionDenied
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request

from claims.models import ApiToken


class ReadFreelyWriteByRole(BasePermission):
    """Reads for all; writes by token scope and role."""

    def has_permission(self, request: Request, view: Any) -> bool:
        """False without a user (401 follows).

        Raises:
            PermissionDenied: the token or the role does not allow it.
        """
        if request.method in SAFE_METHODS or not _is_offered(view, str(request.method)):
            return True  # a method that the view does not have is 405, whoever asks
        if not request.user.is_authenticated:
            return False
        is_reader = isinstance(request.auth, ApiToken) and request.auth.scope != ApiToken.Scope.WRITE
        if is_reader and not getattr(view, "stores_nothing", False):
            raise PermissionDenied("This token may only read; make one with the scope “write”.")
        permissions = view.write_permissions
        needed = permissions.get(getattr(view, "action", ""), permissions.get(request.method, ""))
        if not needed:
            return True  # the view's services ask, since it depends on what is sent
        if not request.user.has_perm(needed):
            action = needed.partition(".")[2].replace("_", " ")
            raise PermissionDenied(f"Your role does not allow this: it needs the permission “{action}”.")
        return True


def _is_offered(view: Any, method: str) -> bool:
    name = method.lower()
    return getattr(view, "action", name) is not None and name in view.http_method_names and hasattr(view, name)
