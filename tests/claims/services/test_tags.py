"""Tags and the checklist: one per name, on many claims at once, and never deleted while used."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User

from claims.errors import Conflict, InvalidValue, NotAllowed
from claims.models import Change, ChecklistItem, ChecklistTick, Claim, Tag
from claims.services import checklists, tags
from tests.claims.factories import make_claim


@pytest.mark.parametrize(
    ("name", "is_taken"),
    [
        pytest.param("budget", True, id="other letters"),
        pytest.param("  BUDGET \n2026 ".replace("2026", ""), True, id="blanks"),
        pytest.param("Ｂudget", True, id="wide letters"),
        pytest.param("Budgets", False, id="but not another word"),
    ],
)
def test_one_tag_a_name(name: str, is_taken: bool, checker: User) -> None:
    tags.make_tag("Budget", actor=checker)
    if is_taken:
        with pytest.raises(Conflict, match="“Budget”"):
            tags.make_tag(name, actor=checker)
    else:
        assert tags.make_tag(name, actor=checker).key == "budgets"


@pytest.mark.parametrize(
    ("values", "says"),
    [
        pytest.param({"name": " "}, "needs a name", id="no name"),
        pytest.param({"name": "x" * 61}, "at most 60", id="long name"),
        pytest.param({"name": "x", "colour": "red"}, "#rrggbb", id="colour"),
    ],
)
def test_wrong_tags_are_refused(values: dict[str, str], says: str, checker: User) -> None:
    with pytest.raises(InvalidValue, match=says):
        tags.make_tag(actor=checker, **values)
    assert not Tag.objects.exists()


def test_tags_go_on_many_claims_and_off_again(checker: User) -> None:
    claims = [make_claim(), make_claim(), make_claim()]
    budget, health = tags.make_tag("Budget", actor=checker), tags.make_tag("Health", actor=checker)

    assert tags.tag_claims(claims[:1], actor=checker, tags=[health]) == 1
    assert tags.tag_claims(claims, actor=checker, tags=[budget, health]) == 3
    assert tags.tag_claims(claims, actor=checker, tags=[budget]) == 0
    assert tags.untag_claims(claims[:2], actor=checker, tags=[budget]) == 2
    assert tags.untag_claims(claims[:2], actor=checker, tags=[budget]) == 0

    assert [sorted(tag.name for tag in claim.tags.all()) for claim in claims] == [
        ["Health"],
        ["Health"],
        ["Budget", "Health"],
    ]
    changes = Change.objects.filter(claim=claims[0]).order_by("id")
    assert [(one.action, one.before["tags"], one.after["tags"]) for one in changes] == [
        ("tag", [], ["Health"]),
        ("tag", ["Health"], ["Budget", "Health"]),
        ("untag", ["Budget", "Health"], ["Health"]),
    ]
    assert set(Claim.objects.touched()) == set(claims)


def test_a_used_tag_is_not_deleted(checker: User, desk_admin: User) -> None:
    tag, claim = tags.make_tag("Budget", actor=checker), make_claim()
    tags.tag_claims([claim], actor=checker, tags=[tag])
    with pytest.raises(Conflict, match="1 claims"):
        tags.delete_tag(tag, actor=desk_admin)
    tags.untag_claims([claim], actor=checker, tags=[tag])
    tags.delete_tag(tag, actor=desk_admin)
    assert not Tag.objects.exists()


def test_a_tag_is_renamed_everywhere(checker: User, desk_admin: User) -> None:
    tag = tags.make_tag("Budget", actor=checker)
    tags.make_tag("Health", actor=checker)
    assert tags.edit_tag(tag, actor=desk_admin, name="BUDGET", colour="#ABCDEF").colour == "#abcdef"
    with pytest.raises(Conflict):
        tags.edit_tag(tag, actor=desk_admin, name="health")
    assert Change.objects.filter(action="edit_tag").count() == 1


def test_an_item_is_ticked_once_by_the_first(checker: User, reviewer: User) -> None:
    claim, item = make_claim(), ChecklistItem.objects.all()[0]
    checklists.tick(claim, actor=checker, item=item)
    checklists.tick(claim, actor=reviewer, item=item)
    assert ChecklistTick.objects.get().done_by == checker
    checklists.untick(claim, actor=reviewer, item=item)
    checklists.untick(claim, actor=reviewer, item=item)
    assert list(Change.objects.order_by("id").values_list("action", "actor__username")) == [
        ("tick", "checker"),
        ("untick", "reviewer"),
    ]


def test_a_ticked_item_is_retired_not_reworded(checker: User, desk_admin: User) -> None:
    claim, item = make_claim(), checklists.add_item("Called the mill", actor=desk_admin, order=9)
    item = checklists.edit_item(item, actor=desk_admin, text="Called the miller")
    checklists.tick(claim, actor=checker, item=item)
    with pytest.raises(Conflict, match="retire it"):
        checklists.edit_item(item, actor=desk_admin, text="Called nobody")
    item = checklists.edit_item(item, actor=desk_admin, is_active=False)
    with pytest.raises(Conflict, match="no longer on the checklist"):
        checklists.tick(make_claim(), actor=checker, item=item)
    with pytest.raises(Conflict, match="already"):
        checklists.add_item("Called the miller", actor=desk_admin)
    with pytest.raises(InvalidValue, match="needs a text"):
        checklists.add_item(" ", actor=desk_admin)
    assert [tick.item.text for tick in claim.ticks.all()] == ["Called the miller"]


BY_READERS: dict[str, Callable[[Claim, Tag, ChecklistItem, User], object]] = {
    "make a tag": lambda claim, tag, item, who: tags.make_tag("New", actor=who),
    "tag": lambda claim, tag, item, who: tags.tag_claims([claim], actor=who, tags=[tag]),
    "untag": lambda claim, tag, item, who: tags.untag_claims([claim], actor=who, tags=[tag]),
    "tick": lambda claim, tag, item, who: checklists.tick(claim, actor=who, item=item),
    "untick": lambda claim, tag, item, who: checklists.untick(claim, actor=who, item=item),
}
BY_CHECKERS: dict[str, Callable[[Claim, Tag, ChecklistItem, User], object]] = {
    "edit a tag": lambda claim, tag, item, who: tags.edit_tag(tag, actor=who, name="New"),
    "delete a tag": lambda claim, tag, item, who: tags.delete_tag(tag, actor=who),
    "add an item": lambda claim, tag, item, who: checklists.add_item("New", actor=who),
    "edit an item": lambda claim, tag, item, who: checklists.edit_item(item, actor=who, order=3),
}


@pytest.mark.parametrize("action", [*BY_READERS, *BY_CHECKERS])
def test_who_may(action: str, reader: User, checker: User, desk_admin: User) -> None:
    refused, allowed = (reader, checker) if action in BY_READERS else (checker, desk_admin)
    rows = make_claim(), tags.make_tag("Budget", actor=checker), ChecklistItem.objects.all()[0]
    call = (BY_READERS | BY_CHECKERS)[action]
    with pytest.raises(NotAllowed):
        call(*rows, refused)
    call(*rows, allowed)
