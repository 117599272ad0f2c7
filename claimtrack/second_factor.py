"""The second factor: a code from a telephone besides the password, for whoever turned it on or has to.

Until the code is given, a session that could give one is nobody's: the admin leads to the page that asks for it, and
elsewhere (the API takes sessions too) the request goes on as an anonymous one. Guessing is slowed by the devices
themselves, each wrong code doubling the wait. API tokens are not asked: they are made by somebody who was, and can be
revoked at once. Do not exempt a page here because it is "only reading"; what it reads may be an internal note.
"""

from collections.abc import Callable
from typing import Any

import segno
from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth import get_user_model
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.safestring import mark_safe
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST
from django_otp import devices_for_user, login
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

BACKUP_CODES = 10
_OPEN = ("admin:login", "admin:logout", "admin:jsi18n", "second-factor", "second-factor-enrol")


class DeskBackend(ModelBackend):
    """Users by password; brings with each whether they turned the second factor on, in the same query."""

    def get_user(self, user_id: Any) -> Any:
        """The session's user, if they may still log in."""
        devices = TOTPDevice.objects.filter(user=OuterRef("pk"), confirmed=True)
        user = get_user_model()._default_manager.annotate(has_second_factor=Exists(devices)).filter(pk=user_id).first()
        return user if user is not None and self.user_can_authenticate(user) else None


class SecondFactorMiddleware:
    """Treats a session that still owes its second factor as nobody's; stands behind `OTPMiddleware`."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Leads to the page that asks for a code, or goes on."""
        # Looking at the user would read the session; requests without one stay without.
        if settings.SESSION_COOKIE_NAME in request.COOKIES and owes_second_factor(request.user):
            if not request.path.startswith(reverse("admin:index")):
                request.user = AnonymousUser()
            elif request.path not in map(reverse, _OPEN):
                asked = urlencode({"next": request.get_full_path()}) if request.method == "GET" else ""
                return HttpResponseRedirect(f"{reverse('second-factor')}?{asked}".rstrip("?"))
        return self.get_response(request)


def owes_second_factor(user: Any) -> bool:
    """Whether this session's user has to give a code first."""
    if not user.is_authenticated or user.is_verified():
        return False
    return (settings.REQUIRE_SECOND_FACTOR and user.is_staff) or has_second_factor(user)


def has_second_factor(user: Any) -> bool:
    """Whether the user has turned it on."""
    known: bool | None = getattr(user, "has_second_factor", None)
    if known is not None:
        return known
    return TOTPDevice.objects.filter(user=user, confirmed=True).exists()


@transaction.atomic
def reset_second_factor(user: Any) -> int:
    """Takes every device and backup code off a user; how many devices there were."""
    devices = [*devices_for_user(user, confirmed=None)]
    for device in devices:
        device.delete()
    return len(devices)


class CodeForm(forms.Form):
    """A code."""

    code = forms.CharField(
        max_length=20,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "autofocus": True, "spellcheck": "false", "class": "vTextField"}
        ),
    )

    def clean_code(self) -> str:
        """The code without the blanks that telephones show and people type."""
        return "".join(self.cleaned_data["code"].split()).lower()


@never_cache
@login_required(login_url="admin:login")
@require_http_methods(["GET", "POST"])
def verify_view(request: HttpRequest) -> HttpResponse:
    """Asks for a code of the telephone, or a backup code."""
    user: Any = request.user
    if user.is_verified():
        return HttpResponseRedirect(_next(request))
    if not has_second_factor(user):
        return HttpResponseRedirect(reverse("second-factor-enrol"))
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        device = _device_for(user, form.cleaned_data["code"])
        if device is not None:
            request.session.cycle_key()
            login(request, device)
            _warn_of_few_codes(request, device)
            return HttpResponseRedirect(_next(request))
        form.add_error("code", "This code is not valid, or it was used already. Wait a little and give the next one.")
    return _page(request, "claimtrack/second_factor.html", "Second factor", form=form, next=_next(request))


@never_cache
@login_required(login_url="admin:login")
@require_http_methods(["GET", "POST"])
def enrol_view(request: HttpRequest) -> HttpResponse:
    """Shows the code to scan, and turns the second factor on once a first code is right."""
    user: Any = request.user
    if not user.is_staff:
        return HttpResponseRedirect(reverse("admin:login"))
    if has_second_factor(user) and not user.is_verified():
        return HttpResponseRedirect(reverse("second-factor"))  # whoever knows the password only may not enrol anew
    device = _waiting_device(user)
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if device.verify_token(form.cleaned_data["code"]):
            codes = _confirm(device)
            request.session.cycle_key()
            login(request, device)
            return _page(request, "claimtrack/backup_codes.html", "Second factor turned on", codes=codes)
        form.add_error("code", "This code is not valid: scan again, and mind that the telephone's clock is right.")
    picture = segno.make(device.config_url, error="m").svg_inline(scale=5, dark="#000", light="#fff", border=4)
    secret = device.config_url.partition("secret=")[2].partition("&")[0]
    return _page(
        request,
        "claimtrack/enrol.html",
        "Turn the second factor on",
        form=form,
        # The library's own SVG: numbers and colours, and nothing of the address that they stand for.
        picture=mark_safe(picture),  # noqa: S308
        secret=" ".join(secret[at : at + 4] for at in range(0, len(secret), 4)),
        is_on=has_second_factor(user),
        is_required=settings.REQUIRE_SECOND_FACTOR,
    )


@never_cache
@login_required(login_url="admin:login")
@require_POST
def turn_off_view(request: HttpRequest) -> HttpResponse:
    """Turns the second factor off, where the desk does not require it."""
    user: Any = request.user
    if settings.REQUIRE_SECOND_FACTOR:
        messages.error(request, "This desk requires a second factor: it can be renewed, but not turned off.")
    elif reset_second_factor(user):
        messages.success(request, "The second factor is off.")
    return HttpResponseRedirect(reverse("admin:index"))


def _device_for(user: Any, code: str) -> Any | None:
    """The device that takes this code; a backup code is used up by it."""
    if code.isascii() and code.isdecimal():
        devices: Any = TOTPDevice.objects.devices_for_user(user, confirmed=True).select_for_update()
    else:
        devices = StaticDevice.objects.devices_for_user(user, confirmed=True).select_for_update()
    with transaction.atomic():
        # The device counts wrong codes and refuses while it waits; both need the row to itself.
        for device in devices:
            if device.verify_is_allowed()[0] and device.verify_token(code):
                return device
    return None


def _waiting_device(user: Any) -> TOTPDevice:
    """The device that waits for its first code; the same until then, so that a reload shows the same picture."""
    device = TOTPDevice.objects.filter(user=user, confirmed=False).order_by("-pk").first()
    return device or TOTPDevice.objects.create(user=user, name="telephone", confirmed=False)


@transaction.atomic
def _confirm(device: TOTPDevice) -> list[str]:
    """Makes the device the user's only one, with fresh backup codes, which are given here and never again."""
    for other in devices_for_user(device.user, confirmed=None):
        if other.persistent_id != device.persistent_id:
            other.delete()
    device.confirmed = True
    device.save(update_fields=["confirmed"])
    backup = StaticDevice.objects.create(user=device.user, name="backup codes")
    codes = [StaticToken.random_token() for _ in range(BACKUP_CODES)]
    StaticToken.objects.bulk_create(StaticToken(device=backup, token=code) for code in codes)
    return codes


def _warn_of_few_codes(request: HttpRequest, device: Any) -> None:
    if isinstance(device, StaticDevice):
        left = device.token_set.count()
        messages.warning(request, f"That backup code is used up; {left} left. Renew the second factor soon.")


def _next(request: HttpRequest) -> str:
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    is_ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if wanted and is_ours else reverse("admin:index")


def _page(request: HttpRequest, template: str, title: str, **context: Any) -> HttpResponse:
    given = {**admin.site.each_context(request), "title": title, "media": _MEDIA, **context}
    owes = owes_second_factor(request.user)
    # Somebody who still owes a code sees no menu: its links would only lead back here.
    return TemplateResponse(request, template, given | ({"is_nav_sidebar_enabled": False} if owes else {}))


_MEDIA = forms.Media(css={"all": ["admin/css/forms.css", "claimtrack/second_factor.css"]})
