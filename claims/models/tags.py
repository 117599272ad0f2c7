"""Tags: words of the desk's own by which it groups claims. Data, coloured, one per name."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from claims.models.claims import Claim


class Tag(models.Model):
    """A word that may stand on many claims."""

    name = models.CharField(max_length=60)
    key = models.CharField(max_length=60, unique=True, editable=False, help_text="The name, case and blanks aside.")
    colour = models.CharField(max_length=7, default="#57606a", help_text="#rrggbb")
    created_at = models.DateTimeField(auto_now_add=True)
    claims = models.ManyToManyField(Claim, through="ClaimTag", related_name="tags")

    class Meta:
        ordering = ["key"]
        constraints = [models.CheckConstraint(condition=~Q(key=""), name="tag_has_a_key")]

    def __str__(self) -> str:
        return self.name


class ClaimTag(models.Model):
    """One tag on one claim."""

    claim = models.ForeignKey(Claim, on_delete=models.CASCADE, related_name="tag_links")
    tag = models.ForeignKey(Tag, on_delete=models.PROTECT, related_name="links")
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["claim", "tag"], name="tag_once_per_claim")]
        indexes = [models.Index(fields=["tag", "claim"], name="claim_by_tag")]

    def __str__(self) -> str:
        return str(self.tag)
