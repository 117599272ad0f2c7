"""What a finding rests on: documents with the passage that matters, each used by as many claims as need it.

The stance stands on the link between evidence and claim, not on the evidence: one passage may support what one speaker
said and refute what another said. Evidence of a claim is what its verdicts rest on; there is no third table between
verdict and evidence, since a desk gathers evidence before it has a verdict and keeps it when the verdict changes.
`url_key` is the address as two spellings of it agree on (`claims.services.evidence.address_key`), so that "which
verdicts rest on this address?" is one look-up in an index. Nothing here is ever fetched.
"""

from django.conf import settings
from django.db import models
from django.db.models import Q

from claims.models.claims import Claim
from claims.querysets.evidence import EvidenceQuerySet

KEY_LENGTH = 255


class Evidence(models.Model):
    """One passage of one document at one address."""

    url = models.URLField(max_length=2000)
    url_key = models.CharField(max_length=KEY_LENGTH, editable=False)
    title = models.CharField(max_length=300, blank=True)
    passage = models.TextField(blank=True, help_text="The words that matter, as they stand in the document.")
    archived_url = models.URLField(max_length=2000, blank=True, help_text="A copy that will stay.")
    accessed_on = models.DateField(null=True, blank=True, help_text="When the editor read it.")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="evidence")
    created_at = models.DateTimeField(auto_now_add=True)
    modified_at = models.DateTimeField(auto_now=True)
    claims = models.ManyToManyField(Claim, through="EvidenceLink", related_name="evidence")

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        verbose_name_plural = "evidence"
        constraints = [models.CheckConstraint(condition=~Q(url_key=""), name="evidence_has_an_address")]
        indexes = [models.Index(fields=["url_key", "id"], name="evidence_by_address")]

    def __str__(self) -> str:
        return self.title or self.url


class EvidenceLink(models.Model):
    """One piece of evidence used for one claim, and what it says about it."""

    class Stance(models.TextChoices):
        """What the evidence does to the claim."""

        SUPPORTS = "supports"
        REFUTES = "refutes"
        CONTEXT = "context"

    evidence = models.ForeignKey(Evidence, on_delete=models.PROTECT, related_name="links")
    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="evidence_links")
    stance = models.CharField(max_length=8, choices=Stance, default=Stance.CONTEXT)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    modified_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["id"]
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["claim", "evidence"], name="evidence_once_per_claim")]

    def __str__(self) -> str:
        return f"{self.evidence} {self.stance}"
