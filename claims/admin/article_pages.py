"""An article's further pages: two versions side by side, what a newer engine would do, taking the text down.

Each page is one request. What writes goes through a service, which asks for the permission itself; a page asks for it
as well, so that nobody fills in a form in vain.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse

from claims.admin.differences import compare
from claims.admin.highlight import Span, cut_segments
from claims.admin.version_claims import ClaimPair, pair_claims, speakers_of
from claims.errors import ClaimError, Conflict
from claims.models import Claim, ClaimSpeaker
from claims.services.masking import LONGEST_QUOTE
from claims.services.reextraction_preview import Change, apply_preview, preview_reextraction
from claims.services.takedown import PERMISSION, plan_takedown, take_down_text
from sources.models import Article
from sources.services import versions_of

if TYPE_CHECKING:
    from claims.admin.articles import ArticleAdmin

AROUND = 120  # characters shown before and behind a claim
MOST_SHOWN = 100  # claims of one outcome on a page; the rest is counted
OUTCOMES = {
    "re_attributed": "Re-attributed: somebody else is said to have said it",
    "moved": "Moved: other words of the text",
    "vanished": "Vanished: no longer found",
    "new": "New",
    "added": "Added by an editor and not found by the engine",
    "kept": "Kept as they are",
}
PAIRS = {
    "re-attributed": "Re-attributed",
    "changed": "Changed",
    "appeared": "New in the newer version",
    "vanished": "Gone from the newer version",
}


def claims_of(article: Article) -> QuerySet[Claim]:
    """The claims of an article in text order, with their speakers."""
    links = ClaimSpeaker.objects.select_related("speaker").only("claim_id", "words", "speaker__name", "position")
    rows = article.claims.current().order_by("start", "depth", "pk")
    return rows.defer("context").prefetch_related(Prefetch("links", links))


class _Page:
    """One request about one article."""

    template = ""

    def __init__(self, model_admin: "ArticleAdmin", request: HttpRequest, article_id: int) -> None:
        self.model_admin, self.request = model_admin, request
        article = Article.objects.select_related("source").filter(pk=article_id).first()
        if article is None:
            raise Http404(f"There is no article {article_id} here.")
        self.article = article

    def page(self, title: str, status: int = 200, **context: Any) -> HttpResponse:
        """The page itself."""
        given = {
            **self.model_admin.admin_site.each_context(self.request),
            "title": title,
            "opts": self.model_admin.opts,
            "media": self.model_admin.media,
            "article": self.article,
            **context,
        }
        return TemplateResponse(self.request, self.template, given, status=status)

    def back(self) -> HttpResponse:
        """To the article."""
        return HttpResponseRedirect(reverse("admin:sources_article_change", args=[self.article.pk]))


class ComparePage(_Page):
    """Two versions of a story, word by word, and what became of the claims."""

    template = "claims/admin/article_compare.html"

    def response(self) -> HttpResponse:
        """The page; without parameters the version before this one and this one."""
        versions = {version.pk: version for version in versions_of(self.article)}
        newer = self._chosen("new", versions) or self.article
        before = [version for version in versions.values() if version.pk < newer.pk]
        older = self._chosen("old", versions) or next(iter(before), None)
        if older is None or older.pk == newer.pk:
            messages.info(self.request, "This story has no other version to compare with.")
            return self.back()
        pairs = pair_claims(list(claims_of(older)), list(claims_of(newer)))
        withheld = [version for version in (older, newer) if version.text_withheld]
        return self.page(
            "Two versions of a story",
            versions=list(versions.values()),
            older=older,
            newer=newer,
            withheld=withheld,
            pieces=[] if withheld else compare(older.text, newer.text),
            groups=[(label, _of_outcome(pairs, outcome)) for outcome, label in PAIRS.items()],
            same=sum(pair.outcome == "same" for pair in pairs),
        )

    def _chosen(self, name: str, versions: dict[int, Article]) -> Article | None:
        value = self.request.GET.get(name, "")
        return versions.get(int(value)) if value.isascii() and value.isdecimal() and len(value) < 19 else None


def _of_outcome(pairs: list[ClaimPair], outcome: str) -> list[dict[str, Any]]:
    return [
        {
            "claim": pair.new or pair.old,
            "pieces": pair.pieces,
            "before": speakers_of(pair.old) if pair.old else (),
            "after": speakers_of(pair.new) if pair.new else (),
        }
        for pair in pairs
        if pair.outcome == outcome
    ]


class PreviewPage(_Page):
    """What the installed engine would make of the article; applied by the same page's button."""

    template = "claims/admin/article_preview.html"

    def response(self) -> HttpResponse:
        """Shows what would happen, or does what was shown."""
        if not self.model_admin.has_reextract_permission(self.request):
            raise PermissionDenied
        status = 200
        if self.request.method == "POST":
            try:
                return self._apply()
            except Conflict as error:
                messages.error(self.request, error.message)
                status = 409
            except ClaimError as error:
                messages.error(self.request, error.message)
                return self.back()
        try:
            preview = preview_reextraction(self.article)
        except ClaimError as error:
            messages.error(self.request, error.message)
            return self.back()
        if preview.is_known:
            messages.info(self.request, f"The engine {preview.engine} has read this text already: nothing to do.")
            return self.back()
        groups = [self._group(name, label, preview.changes) for name, label in OUTCOMES.items()]
        return self.page("Extract again", status, preview=preview, groups=[group for group in groups if group["total"]])

    def _group(self, outcome: str, label: str, changes: Sequence[Change]) -> dict[str, Any]:
        found = [change for change in changes if change.outcome == outcome]
        shown = [{"change": change, "segments": _in_text(self.article.text, change)} for change in found[:MOST_SHOWN]]
        return {
            "name": outcome,
            "label": label,
            "total": len(found),
            "shown": shown,
            "further": len(found) - len(shown),
            "orphans": sum(change.is_touched for change in found) if outcome == "vanished" else 0,
        }

    def _apply(self) -> HttpResponse:
        fingerprint = self.request.POST.get("seen", "")
        run = apply_preview(self.article, actor=self.request.user, fingerprint=fingerprint)
        messages.success(
            self.request,
            f"Read again by {run.engine_version}: {run.created} new, {run.kept} kept, {run.moved} moved, "
            f"{run.re_attributed} re-attributed, {run.vanished} vanished.",
        )
        return self.back()


def _in_text(text: str, change: Change) -> list[dict[str, Any]]:
    """The claim in its place: pieces of text, each with whether it is quoted now and would be."""
    places = [*change.before, *change.after]
    first = max(0, min(start for start, _ in places) - AROUND)
    last = min(len(text), max(end for _, end in places) + AROUND)
    spans = [Span(start - first, end - first, "was") for start, end in change.before]
    spans += [Span(start - first, end - first, "will") for start, end in change.after]
    pieces = [
        {"text": segment.text, "style": "-".join(sorted(segment.labels, key=["was", "will"].index))}
        for segment in cut_segments(text[first:last], spans)
    ]
    if not pieces[0]["style"]:
        pieces[0]["text"] = ("… " if first else "") + pieces[0]["text"].lstrip()
    if not pieces[-1]["style"]:
        pieces[-1]["text"] = pieces[-1]["text"].rstrip() + (" …" if last < len(text) else "")
    return pieces


class TakedownForm(forms.Form):
    """Why, and what becomes of the quotes."""

    code = forms.ChoiceField(
        label="Why, as readers are told",
        choices=[("", "choose"), *Article.Withheld.choices],
        help_text="The API gives this with the article.",
    )
    quotes = forms.ChoiceField(
        label="The claims’ quotes",
        choices=[
            ("keep", f"stay, shortened to {LONGEST_QUOTE} characters each"),
            ("remove", "go with the text; who said something on which day stays"),
        ],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label="Why, for the desk",
        widget=forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField"}),
        help_text="Who asked, when, and on what ground. It is kept with your name.",
    )
    understood = forms.BooleanField(label="I understand that the text cannot be brought back")


class TakedownPage(_Page):
    """Says what taking the text down will do, in numbers, and does it."""

    template = "claims/admin/article_takedown.html"

    def response(self) -> HttpResponse:
        """Shows the page, or takes the text down."""
        if not self.request.user.has_perm(PERMISSION):
            raise PermissionDenied
        form = TakedownForm(self.request.POST or None)
        if self.request.method == "POST" and form.is_valid():
            try:
                return self._take_down(form.cleaned_data)
            except ClaimError as error:
                form.add_error(None, error.message)
        if self.article.text_withheld:
            messages.info(self.request, "This text is taken down already.")
            return self.back()
        return self.page("Take the text down", form=form, plan=plan_takedown(self.article))

    def _take_down(self, values: dict[str, Any]) -> HttpResponse:
        gone = take_down_text(
            self.article,
            actor=self.request.user,
            code=values["code"],
            reason=values["reason"],
            keep_quotes=values["quotes"] == "keep",
        )
        messages.success(self.request, f"The text is gone from {len(gone)} article{'' if len(gone) == 1 else 's'}.")
        return self.back()
