"""What an editor keeps of the triage list: filters by name, and when they last looked at a claim.

A saved filter holds the list's query string, not rows: it finds tomorrow what matches tomorrow. "mine" in a shared one
means whoever opens it. A look is one row per editor and claim, written when the claim's page is shown or saved and by
the list's "mark as seen"; a claim that an editor never looked at has not changed "since they looked". Looks are nobody
else's business: they are in no ledger, and no page shows another's.
"""

from django.conf import settings
from django.db import models
from django.db.models import Q

from claims.models.claims import Claim


class SavedFilter(models.Model):
    """A named selection of the triage list."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_filters")
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=1000, help_text="The list's query string, parameters in order of name.")
    is_shared = models.BooleanField("shared", default=False, help_text="Everybody at the desk sees it.")
    created_at = models.DateTimeField(auto_now_add=True)
    modified_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["name", "id"]
        default_permissions = ("add", "delete")
        permissions = [("share_savedfilter", "Can share saved filters with the desk")]
        constraints = [
            models.UniqueConstraint(fields=["owner", "name"], name="saved_filter_name_once_per_owner"),
            models.CheckConstraint(condition=~Q(name=""), name="saved_filter_has_a_name"),
        ]

    def __str__(self) -> str:
        return self.name


class Look(models.Model):
    """When an editor last saw a claim as it stood."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="looks")
    claim = models.ForeignKey(Claim, on_delete=models.CASCADE, related_name="looks")
    seen_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["user", "claim"], name="one_look_per_user_and_claim")]

    def __str__(self) -> str:
        return f"{self.user_id} saw claim {self.claim_id}"
