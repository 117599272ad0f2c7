"""Outlets and the names under which they are met. The article's page shows claims, so it lives with them."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest

from sources.models import UNKNOWN_SLUG, Source, SourceAlias
from sources.services import source_key


def _taken(name: str, source: Source) -> SourceAlias | None:
    """The alias of another outlet that this name would collide with."""
    return SourceAlias.objects.filter(key=source_key(name)).exclude(source=source.pk).select_related("source").first()


class SourceForm(forms.ModelForm):
    """An outlet, whose own name may not be another's alias."""

    class Meta:
        model = Source
        fields = ("name", "slug", "kind", "domain", "language")

    def clean_name(self) -> str:
        name = " ".join(self.cleaned_data["name"].split())
        if other := _taken(name, self.instance):
            raise forms.ValidationError(f"{other.source} is met under this name already.")
        return name


class AliasForm(forms.ModelForm):
    """One more name of an outlet."""

    class Meta:
        model = SourceAlias
        fields = ("name",)
        widgets = {"name": forms.TextInput(attrs={"aria-label": "Name", "class": "vTextField"})}

    def clean_name(self) -> str:
        name = " ".join(self.cleaned_data["name"].split())
        same = SourceAlias.objects.filter(key=source_key(name)).exclude(pk=self.instance.pk).select_related("source")
        if other := same.first():
            raise forms.ValidationError(f"{other.source} is met under this name already, case and accents aside.")
        return name


class AliasInline(admin.TabularInline):
    """All names of the outlet."""

    model = SourceAlias
    form = AliasForm
    fields = ("name",)
    extra = 1
    verbose_name_plural = "Names"


@admin.register(Source)
class SourceAdmin(admin.ModelAdmin):
    """Outlets."""

    form = SourceForm
    list_display = ("name", "kind", "domain", "language")
    list_filter = ("kind",)
    search_fields = ("name", "aliases__name", "domain")
    prepopulated_fields = {"slug": ("name",)}
    inlines = (AliasInline,)
    list_per_page = 50
    show_full_result_count = False

    def get_prepopulated_fields(self, request: HttpRequest, obj: Source | None = None) -> dict[str, Any]:
        return {} if obj else dict(self.prepopulated_fields)

    def get_readonly_fields(self, request: HttpRequest, obj: Source | None = None) -> tuple[str, ...]:
        return ("slug",) if obj else ()  # links and filters of others name the slug

    def has_delete_permission(self, request: HttpRequest, obj: Source | None = None) -> bool:
        # Articles without an outlet belong to `unknown`, which must stay.
        return super().has_delete_permission(request, obj) and not (obj and obj.slug == UNKNOWN_SLUG)

    def save_related(self, request: HttpRequest, form: forms.ModelForm, formsets: list[Any], change: bool) -> None:
        """Adds the outlet's own name to its aliases, so that articles under it arrive here."""
        super().save_related(request, form, formsets, change)
        source = form.instance
        SourceAlias.objects.get_or_create(key=source_key(source.name), defaults={"source": source, "name": source.name})

    def save_formset(self, request: HttpRequest, form: forms.ModelForm, formset: Any, change: bool) -> None:
        for alias in formset.save(commit=False):
            alias.key = source_key(alias.name)
            alias.save()
        for alias in formset.deleted_objects:
            alias.delete()
        formset.save_m2m()
