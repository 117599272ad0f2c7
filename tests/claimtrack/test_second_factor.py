"""The second factor: turned on with a first code, asked for at every log-in, no way round it, reset by command."""

import re
from typing import Any

import pytest
from django.conf import LazySettings
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django_otp.oath import totp
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from tests.claims.factories import make_claim, make_token, make_user

pytestmark = pytest.mark.django_db
PASSWORD = "a-long-enough-phrase"
DESK, VERIFY, ENROL = "/admin/", "/admin/second-factor/", "/admin/second-factor/enrol/"


@pytest.fixture
def vera() -> User:
    return make_user("desk admin", username="vera", is_staff=True, password=PASSWORD)


@pytest.fixture
def device(vera: User) -> TOTPDevice:
    device = TOTPDevice.objects.create(user=vera, name="telephone", confirmed=True)
    backup = StaticDevice.objects.create(user=vera, name="backup codes")
    StaticToken.objects.create(device=backup, token="abcd2345")
    return device


def code_of(device: TOTPDevice, *, steps: int = 0) -> str:
    return f"{totp(device.bin_key, step=device.step, t0=device.t0, drift=steps):06d}"


def log_in(client: Client, **data: Any) -> Any:
    given = {"username": "vera", "password": PASSWORD, "next": DESK, **data}
    return client.post(reverse("admin:login"), given, follow=True)


def wrong_code(device: TOTPDevice) -> str:
    near = {code_of(device, steps=steps) for steps in range(-3, 4)}
    return next(f"{number:06d}" for number in range(20) if f"{number:06d}" not in near)


class TestEnrolling:
    def test_who_never_turned_it_on_is_not_asked(self, vera: User, client: Client) -> None:
        assert log_in(client).request["PATH_INFO"] == DESK

    def test_it_is_turned_on_with_a_first_code(self, vera: User, client: Client) -> None:
        log_in(client)
        page = client.get(ENROL).content.decode()
        (device,) = TOTPDevice.objects.all()
        key = re.search(r'class="second-factor-key">([A-Z2-7 ]+)<', page)
        assert key
        assert f"secret={key[1].replace(' ', '')}" in device.config_url
        assert "<svg" in page
        assert "style=" not in page.split("<svg")[1].split("</svg>")[0]
        assert (
            client.get(ENROL).content.decode().split("second-factor-key")[1][:60]
            == page.split("second-factor-key")[1][:60]
        )

        page = client.post(ENROL, {"code": code_of(device)}).content.decode()

        codes = re.findall(r"<li><code>(\w+)</code>", page)
        assert len(set(codes)) == 10
        device.refresh_from_db()
        assert device.confirmed
        assert client.get(DESK).status_code == 200  # this session has given its code
        other = Client()
        assert log_in(other).request["PATH_INFO"] == VERIFY
        answer = other.post(VERIFY, {"code": codes[0].upper()}, follow=True)
        assert answer.request["PATH_INFO"] == DESK
        assert "9 left" in answer.content.decode()

    def test_a_wrong_first_code_turns_nothing_on(self, vera: User, client: Client) -> None:
        log_in(client)
        client.get(ENROL)
        answer = client.post(ENROL, {"code": wrong_code(TOTPDevice.objects.get())})
        assert "not valid" in answer.content.decode()
        assert not TOTPDevice.objects.get().confirmed
        assert log_in(Client()).request["PATH_INFO"] == DESK

    def test_the_password_alone_enrols_no_new_telephone(self, device: TOTPDevice, client: Client) -> None:
        log_in(client)
        assert client.get(ENROL, follow=True).request["PATH_INFO"] == VERIFY
        client.post(ENROL, {"code": "000000"})
        assert TOTPDevice.objects.get() == device

    def test_a_new_telephone_ends_the_old_one(self, device: TOTPDevice, client: Client) -> None:
        log_in(client)
        client.post(VERIFY, {"code": code_of(device)})
        client.get(ENROL)
        new = TOTPDevice.objects.get(confirmed=False)
        client.post(ENROL, {"code": code_of(new)})
        assert TOTPDevice.objects.get() == new
        assert StaticToken.objects.count() == 10
        assert not StaticToken.objects.filter(token="abcd2345").exists()


class TestLoggingIn:
    def test_the_page_that_was_asked_for_comes_after_the_code(self, device: TOTPDevice, client: Client) -> None:
        claim = make_claim()
        wanted = reverse("admin:claims_claim_change", args=[claim.pk]) + "?act=statement"
        log_in(client)
        page = client.get(wanted, follow=True)
        assert page.request["PATH_INFO"] == VERIFY
        hidden = re.search(r'name="next" value="([^"]+)"', page.content.decode())
        assert hidden
        answer = client.post(VERIFY, {"code": code_of(device), "next": hidden[1]})
        assert answer.headers["Location"] == wanted

    @pytest.mark.parametrize("wanted", ["//elsewhere.example/", "https://elsewhere.example/x", ""])
    def test_it_leads_nowhere_else(self, wanted: str, device: TOTPDevice, client: Client) -> None:
        log_in(client)
        answer = client.post(VERIFY, {"code": code_of(device), "next": wanted})
        assert answer.headers["Location"] == DESK

    def test_a_code_works_once(self, device: TOTPDevice) -> None:
        code = code_of(device)
        for expected in (DESK, VERIFY):
            client = Client()
            log_in(client)
            assert client.post(VERIFY, {"code": code}, follow=True).request["PATH_INFO"] == expected

    def test_a_backup_code_works_once(self, device: TOTPDevice) -> None:
        for expected in (DESK, VERIFY):
            client = Client()
            log_in(client)
            answer = client.post(VERIFY, {"code": " ABCD 2345 "}, follow=True)
            assert answer.request["PATH_INFO"] == expected

    def test_guessing_is_slowed_until_even_the_right_code_waits(self, device: TOTPDevice, client: Client) -> None:
        log_in(client)
        for _ in range(3):
            client.post(VERIFY, {"code": wrong_code(device)})
        assert client.post(VERIFY, {"code": code_of(device)}, follow=True).request["PATH_INFO"] == VERIFY
        device.refresh_from_db()
        assert device.throttling_failure_count > 0
        device.throttle_reset()
        assert client.post(VERIFY, {"code": code_of(device)}, follow=True).request["PATH_INFO"] == DESK

    @pytest.mark.parametrize("code", ["", "abc", "12345", "１２３４５６", "9" * 21, "\x00" * 6, "-12345"])
    def test_what_is_no_code_is_refused(self, code: str, device: TOTPDevice, client: Client) -> None:
        log_in(client)
        assert client.post(VERIFY, {"code": code}).status_code == 200

    def test_a_session_is_renewed_with_the_code(self, device: TOTPDevice, client: Client) -> None:
        log_in(client)
        before = client.session.session_key
        client.post(VERIFY, {"code": code_of(device)})
        assert client.session.session_key != before


class TestNoWayRound:
    @pytest.mark.parametrize(
        "path",
        [
            pytest.param(DESK, id="start page"),
            pytest.param("/admin/claims/claim/", id="list"),
            pytest.param("/admin/password_change/", id="password"),
            pytest.param("/admin/autocomplete/", id="autocomplete"),
            pytest.param("/admin/second-factor/off/", id="turning it off"),
        ],
    )
    def test_without_the_code_the_admin_leads_to_it(self, path: str, device: TOTPDevice, client: Client) -> None:
        log_in(client)
        for answer in (client.get(path), client.post(path, {})):
            assert (answer.status_code, answer.headers["Location"].partition("?")[0]) == (302, VERIFY)
        assert TOTPDevice.objects.exists()

    def test_without_the_code_the_api_takes_the_session_for_nobodys(self, device: TOTPDevice, client: Client) -> None:
        claim = make_claim()
        log_in(client)
        body = {"claim": claim.pk, "text": "Look."}
        post = {"path": "/api/v1/notes/", "data": body, "content_type": "application/json"}
        assert client.post(**post).status_code in (401, 403)
        client.post(VERIFY, {"code": code_of(device)})
        assert client.post(**post).status_code == 201

    def test_tokens_are_not_asked(self, device: TOTPDevice, vera: User, client: Client) -> None:
        claim = make_claim()
        headers = {"Authorization": f"Bearer {make_token(user=vera)}"}
        body = {"claim": claim.pk, "text": "Look."}
        answer = client.post("/api/v1/notes/", body, content_type="application/json", headers=headers)
        assert answer.status_code == 201

    def test_logging_out_is_always_possible(self, device: TOTPDevice, client: Client) -> None:
        log_in(client)
        assert client.post(reverse("admin:logout")).status_code in (200, 302)
        assert client.get(DESK).headers["Location"].startswith(reverse("admin:login"))

    def test_nobody_sees_anothers_key_in_the_admin(self, device: TOTPDevice, admin_client: Client) -> None:
        assert admin_client.get(f"/admin/otp_totp/totpdevice/{device.pk}/change/").status_code == 404


class TestRequired:
    @pytest.fixture(autouse=True)
    def _required(self, settings: LazySettings) -> None:
        settings.REQUIRE_SECOND_FACTOR = True

    def test_who_has_none_is_led_to_enrol(self, vera: User, client: Client) -> None:
        assert log_in(client).request["PATH_INFO"] == ENROL
        assert "requires a second factor" in client.get(ENROL).content.decode()
        client.post(ENROL, {"code": code_of(TOTPDevice.objects.get())})
        assert client.get(DESK).status_code == 200

    def test_it_cannot_be_turned_off(self, device: TOTPDevice, client: Client) -> None:
        log_in(client)
        client.post(VERIFY, {"code": code_of(device)})
        client.post("/admin/second-factor/off/")
        assert TOTPDevice.objects.exists()


def test_it_can_be_turned_off_where_the_desk_does_not_require_it(device: TOTPDevice, client: Client) -> None:
    log_in(client)
    client.post(VERIFY, {"code": code_of(device)})
    client.post("/admin/second-factor/off/")
    assert not TOTPDevice.objects.exists()
    assert not StaticDevice.objects.exists()
    assert log_in(Client()).request["PATH_INFO"] == DESK


def test_a_visitor_gets_to_the_log_in(client: Client, db: None) -> None:
    for path in (VERIFY, ENROL):
        assert client.get(path).headers["Location"].startswith(reverse("admin:login"))


class TestReset:
    def test_a_lost_telephone_is_reset_by_command(self, device: TOTPDevice, capsys: pytest.CaptureFixture[str]) -> None:
        call_command("reset_second_factor", "vera")
        assert capsys.readouterr().out == "vera: second factor reset.\n"
        assert log_in(Client()).request["PATH_INFO"] == DESK

    def test_a_session_that_gave_its_code_goes_on(self, device: TOTPDevice, client: Client) -> None:
        log_in(client)
        client.post(VERIFY, {"code": code_of(device)})
        call_command("reset_second_factor", "vera")
        assert client.get(DESK).status_code == 200

    def test_who_had_none_and_who_is_not_there(self, vera: User, capsys: pytest.CaptureFixture[str]) -> None:
        call_command("reset_second_factor", "vera")
        assert capsys.readouterr().out == "vera had no second factor.\n"
        with pytest.raises(CommandError, match="no user “nobody”"):
            call_command("reset_second_factor", "nobody")
