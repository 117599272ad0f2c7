"""Speakers in the admin: names, visibility, merging and its undoing."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from claims.models import Change, Speaker, SpeakerAlias, SpeakerMerge
from claims.services.merging import merge_speakers
from tests.claims.factories import make_claim, make_speaker

LIST = "admin:claims_speaker_changelist"


def address(speaker: Speaker) -> str:
    return reverse("admin:claims_speaker_change", args=[speaker.pk])


def save(client: Client, speaker: Speaker, *, delete: SpeakerAlias | None = None, **values: Any) -> Any:
    """Sends the speaker's form as the page shows it, with a new alias or other values."""
    aliases = list(speaker.aliases.all())
    data: dict[str, Any] = {"name": speaker.name, "kind": speaker.kind}
    data |= {"aliases-TOTAL_FORMS": len(aliases) + 1, "aliases-INITIAL_FORMS": len(aliases)}
    for number, alias in enumerate(aliases):
        data |= {f"aliases-{number}-id": alias.pk, f"aliases-{number}-speaker": speaker.pk}
        if alias == delete:
            data[f"aliases-{number}-DELETE"] = "on"
    data[f"aliases-{len(aliases)}-speaker"] = speaker.pk
    for name, value in values.items():
        data[f"aliases-{len(aliases)}-{name.removeprefix('alias_')}" if name.startswith("alias_") else name] = value
    return client.post(address(speaker), data)


def merge(client: Client, speakers: list[Speaker], **values: Any) -> Any:
    data = {"action": "merge", "index": "0", "_selected_action": [one.pk for one in speakers]}
    if values:
        data.pop("index")
        data |= {"_merge": "Merge", **values}
    return client.post(reverse(LIST), data)


def test_an_alias_of_an_editor_gets_its_key_and_origin(editor: Callable) -> None:
    client, speaker = editor("desk admin"), make_speaker("Ilse Marrow")
    assert save(client, speaker, alias_name="  Dr  Ilsé O’Marrow ", alias_is_identifying="on").status_code == 302
    alias = SpeakerAlias.objects.get(origin="editor")
    assert (alias.name, alias.key, alias.is_identifying) == ("Dr Ilsé O’Marrow", "ilse omarrow", True)
    change = Change.objects.get(action="add_alias")
    assert (change.actor, change.object_id, change.after["alias"]) == (client.user, speaker.pk, "Dr Ilsé O’Marrow")


@pytest.mark.parametrize(
    ("values", "message"),
    [
        pytest.param({"alias_name": "ILSE MARROW"}, "has that alias already", id="its own alias"),
        pytest.param({"alias_name": "…"}, "needs letters or digits", id="no name at all"),
        pytest.param(
            {"alias_name": "Tomas Vell", "alias_is_identifying": "on"},
            "already identifies Tomas Vell",
            id="another's name",
        ),
        pytest.param({"name": " "}, "This field is required", id="an empty name"),
        pytest.param({"kind": "ghost"}, "Select a valid choice", id="an unknown kind"),
    ],
)
def test_what_is_wrong_with_a_speaker_is_named(values: dict, message: str, editor: Callable) -> None:
    client, speaker = editor("desk admin"), make_speaker("Ilse Marrow")
    make_speaker("Tomas Vell").aliases.update(is_identifying=True)
    response = save(client, speaker, **values)
    assert response.status_code == 200
    assert message in response.content.decode()
    assert not Change.objects.exists()


def test_two_speakers_may_share_a_name_that_identifies_neither(editor: Callable) -> None:
    client, speaker = editor("desk admin"), make_speaker("Ilse Marrow")
    make_speaker("Tomas Vell").aliases.update(is_identifying=True)
    assert save(client, speaker, alias_name="Tomas Vell").status_code == 302
    assert SpeakerAlias.objects.filter(key="tomas vell").count() == 2


def test_an_alias_can_be_taken_off_and_the_ledger_keeps_it(editor: Callable) -> None:
    client, speaker = editor("desk admin"), make_speaker("Ilse Marrow", "Marrow of the Mill")
    save(client, speaker, delete=speaker.aliases.get(name="Marrow of the Mill"))
    assert [alias.name for alias in speaker.aliases.all()] == ["Ilse Marrow"]
    assert Change.objects.get().before["alias"] == "Marrow of the Mill"


def test_renaming_and_hiding_keep_the_slug_and_write_the_ledger(editor: Callable) -> None:
    client, speaker = editor("desk admin"), make_speaker("Ilse Marrow", slug="ilse-marrow")
    save(client, speaker, name="Ilse Marrow-Finch", is_hidden="on")
    speaker.refresh_from_db()
    assert (speaker.name, speaker.slug, speaker.is_hidden) == ("Ilse Marrow-Finch", "ilse-marrow", True)
    change = Change.objects.get()
    assert change.before == {"name": "Ilse Marrow", "is_hidden": False}
    assert "hidden" in client.get(address(speaker)).content.decode()


@pytest.mark.parametrize(
    ("name", "values", "aliases"),
    [
        pytest.param("Ilse Finch", {}, [("Ilse Marrow", False), ("Ilse Finch", False)], id="new-name"),
        pytest.param("Ilse MARROW", {}, [("Ilse Marrow", False)], id="but-not-the-same-but-for-case"),
        pytest.param("—", {}, [("Ilse Marrow", False)], id="but-not-without-a-letter"),
        pytest.param(
            "Ilse Finch",
            {"alias": "Ilse Finch", "identifying": "on"},
            [("Ilse Marrow", False), ("Ilse Finch", True)],
            id="new-name-given-as-alias-too",
        ),
    ],
)
def test_who_is_renamed_is_found_by_the_new_name(
    name: str, values: dict[str, str], aliases: list[tuple[str, bool]], editor: Callable
) -> None:
    client, speaker = editor("desk admin"), make_speaker("Ilse Marrow")
    row = speaker.aliases.count()
    fields = {"alias": f"aliases-{row}-name", "identifying": f"aliases-{row}-is_identifying"}
    save(client, speaker, name=name, **{fields[key]: value for key, value in values.items()})
    assert [(one.name, one.is_identifying) for one in speaker.aliases.order_by("pk")] == aliases


@pytest.mark.parametrize(("action", "was", "becomes"), [("hide", False, True), ("unhide", True, False)])
def test_hiding_from_the_list(action: str, was: bool, becomes: bool, editor: Callable) -> None:
    client = editor("desk admin")
    speakers = [make_speaker(is_hidden=was), make_speaker(is_hidden=was)]
    client.post(reverse(LIST), {"action": action, "index": "0", "_selected_action": [one.pk for one in speakers]})
    assert set(Speaker.objects.values_list("is_hidden", flat=True)) == {becomes}
    assert Change.objects.filter(action="edit_speaker").count() == 2


def test_claims_of_a_speaker_are_paged_newest_first(editor: Callable) -> None:
    client, speaker = editor(), make_speaker("Ilse Marrow")
    for number in range(30):
        make_claim(speaker, text=f"claim-{number:02}", said_on=f"2026-03-{number + 1:02}")
    make_claim(speaker, text="claim that is gone", is_current=False)
    first, second = (client.get(f"{address(speaker)}?claims={page}").content.decode() for page in (1, 2))
    assert first.index("claim-29") < first.index("claim-05")
    assert "claim-04" not in first
    assert "claim-04" in second
    assert "claim that is gone" not in first + second
    assert client.get(f"{address(speaker)}?claims=99").status_code == 200
    assert client.get(f"{address(speaker)}?claims=x").status_code == 200


def test_merging_asks_who_stays_and_why_and_then_merges(editor: Callable) -> None:
    client = editor("desk admin")
    speakers = [make_speaker("Ilse Marrow"), make_speaker("I. <b>Marrow</b>"), make_speaker("Mrs Marrow")]
    claim = make_claim(speakers[1])
    asked = merge(client, speakers).content.decode()
    assert "Who stays?" in asked
    assert "I. &lt;b&gt;Marrow&lt;/b&gt;" in asked
    assert not SpeakerMerge.objects.exists()
    done = merge(client, speakers, survivor=speakers[0].pk, reason="One miller, three spellings.")
    assert done.headers["Location"] == address(speakers[0])
    assert {row.absorbed for row in SpeakerMerge.objects.all()} == set(speakers[1:])
    assert list(claim.speakers.all()) == [speakers[0]]
    assert Change.objects.filter(action="merge_speakers", actor=client.user).count() == 2


@pytest.mark.parametrize(
    ("values", "message"),
    [
        pytest.param({"survivor": "", "reason": "x"}, "Choose the one that stays", id="nobody stays"),
        pytest.param({"survivor": "first", "reason": " "}, "A reason is needed", id="no reason"),
        pytest.param({"survivor": "999999", "reason": "x"}, "Select a valid choice", id="somebody else stays"),
    ],
)
def test_a_merge_that_lacks_something_is_asked_again(values: dict, message: str, editor: Callable) -> None:
    client, speakers = editor("desk admin"), [make_speaker(), make_speaker()]
    values = {name: speakers[0].pk if value == "first" else value for name, value in values.items()}
    response = merge(client, speakers, **values)
    assert response.status_code == 200
    assert message in response.content.decode()
    assert not SpeakerMerge.objects.exists()


def test_one_speaker_alone_cannot_be_merged(editor: Callable) -> None:
    client = editor("desk admin")
    response = merge(client, [make_speaker()])
    assert response.status_code == 302
    assert "two or more" in client.get(reverse(LIST)).content.decode()


def test_a_merge_of_one_that_is_merged_meanwhile_changes_nothing(editor: Callable) -> None:
    client = editor("desk admin")
    first, second, third = make_speaker("A One"), make_speaker("B Two"), make_speaker("C Three")
    merge_speakers(second, into=third, actor=client.user, reason="the same")
    data = {
        "action": "merge",
        "_selected_action": [first.pk, second.pk],
        "survivor": first.pk,
        "reason": "x",
        "_merge": "Merge",
    }
    response = client.post(reverse(LIST) + "?standing=all", data)
    assert "is merged into" in response.content.decode()
    assert SpeakerMerge.objects.count() == 1


def test_undoing_a_merge_from_the_survivors_page(editor: Callable) -> None:
    client, survivor, absorbed = editor("desk admin"), make_speaker("Ilse Marrow"), make_speaker("Mrs Marrow")
    claim = make_claim(absorbed)
    row = merge_speakers(absorbed, into=survivor, actor=client.user, reason="the same")
    undo = reverse("admin:claims_speakermerge_undo", args=[row.pk])
    assert f'action="{undo}"' in client.get(address(survivor)).content.decode()
    client.post(undo, {"reason": " "})
    row.refresh_from_db()
    assert row.undone_at is None
    assert "A reason is needed" in client.get(address(survivor)).content.decode()
    client.post(undo, {"reason": "Two sisters."})
    row.refresh_from_db()
    assert (row.undone_by, row.undo_reason) == (client.user, "Two sisters.")
    assert list(claim.speakers.all()) == [absorbed]
    assert f'action="{undo}"' not in client.get(address(survivor)).content.decode()
    assert client.get(undo).status_code == 405


def test_a_merged_speaker_is_shown_but_not_edited(editor: Callable) -> None:
    client, survivor, absorbed = editor("desk admin"), make_speaker("Ilse Marrow"), make_speaker("Mrs Marrow")
    merge_speakers(absorbed, into=survivor, actor=client.user, reason="the same")
    absorbed.refresh_from_db()
    page = client.get(address(absorbed)).content.decode()
    assert "Merged into" in page
    assert 'name="_save"' not in page
    assert save(client, absorbed, name="Else").status_code == 403
