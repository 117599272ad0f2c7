"""Tags and the checklist as data: made, renamed and retired here, through the services.

The stock forms are kept for their looks; what they would save themselves goes to a service instead, and a service's
refusal comes back as a message of the form.
"""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.utils.safestring import SafeString

from claims.admin.findings import tag_badge
from claims.errors import ClaimError
from claims.models import ChecklistItem, ClaimTag, Tag
from claims.services import checklists, tags


class _ServiceForm(forms.ModelForm):
    """A form whose saving is a service's; the admin hands it the actor."""

    actor: Any = None

    def _post_clean(self) -> None:
        """Leaves the checks, and the writing, to the service; `instance` is what it wrote."""
        if self.errors:
            return
        try:
            self.instance = self.done()
        except ClaimError as error:
            self.add_error(error.field if error.field in self.fields else None, error.message)

    def done(self) -> Any:
        """Calls the service with `cleaned_data`."""
        raise NotImplementedError

    def save(self, commit: bool = True) -> Any:
        self.save_m2m = lambda: None
        return self.instance


class TagForm(_ServiceForm):
    """A tag's name and colour."""

    class Meta:
        model = Tag
        fields = ("name", "colour")
        widgets = {"colour": forms.TextInput(attrs={"type": "color"})}

    def done(self) -> Tag:
        if self.instance.pk:
            return tags.edit_tag(self.instance, actor=self.actor, **self.cleaned_data)
        return tags.make_tag(**self.cleaned_data, actor=self.actor)


class ItemForm(_ServiceForm):
    """An item of the checklist."""

    class Meta:
        model = ChecklistItem
        fields = ("text", "order", "is_active")

    def done(self) -> ChecklistItem:
        values = dict(self.cleaned_data)
        if self.instance.pk:
            return checklists.edit_item(self.instance, actor=self.actor, **values)
        is_active = values.pop("is_active")
        item = checklists.add_item(**values, actor=self.actor)
        return item if is_active else checklists.edit_item(item, actor=self.actor, is_active=False)


class _ServiceAdmin(admin.ModelAdmin):
    """Saves through its form's service."""

    show_full_result_count = False
    actions = None

    class Media:
        css = {"all": ["claims/admin.css"]}

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change=change, **kwargs)
        return type(form.__name__, (form,), {"actor": request.user})

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Nothing: the service has."""


@admin.register(Tag)
class TagAdmin(_ServiceAdmin):
    """Tags, with how many claims bear them."""

    form = TagForm
    list_display = ("shown", "claims_bearing")
    search_fields = ("name",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Tag]:
        links = ClaimTag.objects.filter(tag=OuterRef("pk")).order_by().values("tag")
        total = Subquery(links.annotate(total=Count("pk")).values("total"))
        return super().get_queryset(request).annotate(total=Coalesce(total, 0))

    @admin.display(description="tag", ordering="key")
    def shown(self, tag: Tag) -> SafeString:
        return tag_badge(tag)

    @admin.display(description="claims", ordering="total")
    def claims_bearing(self, tag: Tag) -> int:
        return tag.total  # type: ignore[attr-defined]

    def delete_model(self, request: HttpRequest, obj: Tag) -> None:
        try:
            tags.delete_tag(obj, actor=request.user)
        except ClaimError as error:
            self.message_user(request, error.message, messages.ERROR)


@admin.register(ChecklistItem)
class ChecklistItemAdmin(_ServiceAdmin):
    """The checklist; an item is retired, never deleted."""

    form = ItemForm
    list_display = ("text", "order", "is_active")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
