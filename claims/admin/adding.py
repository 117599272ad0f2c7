"""The page that adds articles: a pasted text or a file, with what the editor knows of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone

from claims.errors import ClaimError
from claims.services.articles import process_article
from sources.errors import SourceError
from sources.models import Source
from sources.parsing import Given, ParsedArticle, detect_format, parse_bytes, parse_rows, parse_text

if TYPE_CHECKING:
    from claims.admin.articles import ArticleAdmin

MOST_SUGGESTIONS = 300
MOST_ROWS = 200  # articles of one uploaded file; a larger one is the command line's work
_WIDE = {"class": "vTextField"}


class AddArticleForm(forms.Form):
    """A text or a file, and what the editor knows of it."""

    text = forms.CharField(
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 16, "class": "vLargeTextField"}),
        help_text="Paste the article as it was published.",
    )
    file = forms.FileField(required=False, help_text="Or a file: .txt, .html, or .jsonl with many articles.")
    source = forms.CharField(
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={**_WIDE, "list": "known-sources"}),
        help_text="The outlet; a new name makes a new one. Empty: what the text says of itself.",
    )
    headline = forms.CharField(required=False, max_length=500, widget=forms.TextInput(attrs=_WIDE))
    byline = forms.CharField(required=False, max_length=300, widget=forms.TextInput(attrs=_WIDE))
    published_on = forms.DateField(
        required=False, label="Published on", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    url = forms.CharField(required=False, max_length=2000, label="Address", widget=forms.TextInput(attrs=_WIDE))

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        text, file = values.get("text", "").strip(), values.get("file")
        if bool(text) == bool(file) and not self.errors.get("file"):
            raise forms.ValidationError(
                "Give one of the two: a text or a file." if file else "Paste a text or choose a file."
            )
        if file and file.size > 10 * settings.MAX_ARTICLE_BYTES:
            self.add_error("file", f"Larger than {10 * settings.MAX_ARTICLE_BYTES:,} bytes: use the command line.")
        return values

    def given(self) -> Given:
        """What the editor filled in; it wins over what the text says of itself."""
        values = self.cleaned_data
        return Given(
            headline=values["headline"].strip(),
            byline=values["byline"].strip(),
            published_on=values["published_on"],
            source_name=values["source"].strip(),
            url=values["url"].strip(),
        )


@dataclass(frozen=True, slots=True)
class _Parsed:
    """One article of the input, or what is wrong with it; `line` where it is a row of many."""

    article: ParsedArticle | None
    error: str = ""
    field: str = ""
    line: int = 0


class AddArticlePage:
    """One request for the page."""

    def __init__(self, model_admin: "ArticleAdmin", request: HttpRequest) -> None:
        self.model_admin, self.request = model_admin, request
        self.form = AddArticleForm(request.POST or None, request.FILES or None)

    def response(self) -> HttpResponse:
        """Stores what was sent and goes to it, or shows the page."""
        if self.request.method == "POST" and self.form.is_valid():
            address = self._store()
            if address:
                return HttpResponseRedirect(address)
        context = {
            **self.model_admin.admin_site.each_context(self.request),
            "title": "Add article",
            "opts": self.model_admin.opts,
            "media": self.model_admin.media,
            "form": self.form,
            "known_sources": Source.objects.order_by("name").values_list("name", flat=True)[:MOST_SUGGESTIONS],
        }
        return TemplateResponse(self.request, "claims/admin/add_article.html", context)

    def _store(self) -> str:
        """The address to go to; empty where something is to be corrected first."""
        stored = []
        failed: list[str] = []
        for parsed in self._parsed():
            if parsed.article is None:
                where = f"Line {parsed.line}: " if parsed.line else ""
                failed.append(f"{where}{parsed.error}")
                self._mark(parsed)
                continue
            try:
                stored.append(process_article(parsed.article))
            except (ClaimError, SourceError) as error:
                failed.append(error.message)
                self.form.add_error(None, error.message)
        if not stored:
            return ""
        for line in failed[:20]:
            messages.warning(self.request, f"Not stored. {line}")
        new = [one.article for one in stored if one.created]
        for article in new:
            self.model_admin.log_addition(self.request, article, "Added in the admin.")
        if len(stored) > 1:
            messages.success(self.request, f"{len(new)} stored, {len(stored) - len(new)} known already.")
            return reverse("admin:sources_article_changelist")
        claims = stored[0].article.claims.count()
        said = f"Stored, with {claims} claims." if new else f"This text was known already; it has {claims} claims."
        messages.success(self.request, said)
        return reverse("admin:sources_article_change", args=[stored[0].article.pk])

    def _parsed(self) -> Iterator[_Parsed]:
        given, today, limit = self.form.given(), timezone.now().date(), settings.MAX_ARTICLE_BYTES
        file = self.form.cleaned_data["file"]
        try:
            if not file:
                yield _Parsed(parse_text(self.form.cleaned_data["text"], today=today, given=given, limit=limit))
                return
            data = file.read()
            if detect_format(filename=file.name, head=data[:1024]) != "jsonl":
                yield _Parsed(parse_bytes(data, today=today, filename=file.name, given=given, limit=limit))
                return
        except SourceError as error:
            yield _Parsed(None, error.message, error.field)
            return
        file.seek(0)
        for count, row in enumerate(parse_rows(file, today=today, given=given, limit=limit)):
            if count == MOST_ROWS:
                yield _Parsed(
                    None, f"only the first {MOST_ROWS} rows were read; use the command line", "", row.line_number
                )
                return
            yield _Parsed(row.article, row.error.message if row.error else "", "", row.line_number)

    def _mark(self, parsed: _Parsed) -> None:
        field = {"source_name": "source", "filename": "file", "html": "file"}.get(parsed.field, parsed.field)
        if field == "text" and self.form.cleaned_data.get("file"):
            field = "file"
        where = f"Line {parsed.line}: " if parsed.line else ""
        self.form.add_error(field if field in self.form.fields else None, f"{where}{parsed.error}")
