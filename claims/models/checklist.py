"""The desk's checklist: the same questions for every claim, each ticked by somebody at some time.

Items are data. One that is no longer asked is retired, not deleted, since ticks on old claims say what was checked.
"""

from django.conf import settings
from django.db import models
from django.db.models import Q

from claims.models.claims import Claim


class ChecklistItem(models.Model):
    """One thing to do before a claim is done."""

    text = models.CharField(max_length=200, unique=True)
    order = models.PositiveSmallIntegerField(default=0)
    is_active = models.BooleanField(default=True, help_text="Take this off instead of deleting an item.")

    class Meta:
        ordering = ["order", "id"]
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="checklist_item_has_a_text")]

    def __str__(self) -> str:
        return self.text


class ChecklistTick(models.Model):
    """One item, done for one claim."""

    claim = models.ForeignKey(Claim, on_delete=models.CASCADE, related_name="ticks")
    item = models.ForeignKey(ChecklistItem, on_delete=models.PROTECT, related_name="ticks")
    done_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    done_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["claim", "item"], name="item_ticked_once_per_claim")]

    def __str__(self) -> str:
        return str(self.item)
