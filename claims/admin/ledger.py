"""The change ledger in words: who did what when, from what to what, and why."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from claims.models import Change

_VERBS = {
    "add_note": "added a note",
    "edit_note": "changed a note",
    "record_verdict": "wrote a verdict",
    "edit_verdict": "changed a verdict",
    "publish_verdict": "published a verdict",
    "withdraw_verdict": "withdrew a verdict",
    "supersede_verdict": "superseded a verdict",
    "set_review_status": "set the review status",
    "assign": "assigned the claim",
    "add_evidence": "stored evidence",
    "link_evidence": "used evidence",
    "edit_evidence": "changed evidence",
    "set_stance": "set the stance of evidence",
    "unlink_evidence": "took evidence off",
    "give_opinion": "rated the proposed verdict",
    "decide_opinion": "decided on the proposed verdict",
    "reopen_opinion": "asked for a second opinion again",
    "tag": "tagged the claim",
    "untag": "took tags off",
    "make_tag": "made a tag",
    "edit_tag": "changed a tag",
    "delete_tag": "deleted a tag",
    "tick": "ticked",
    "untick": "unticked",
    "add_item": "added to the checklist",
    "edit_item": "changed the checklist",
    "mark_duplicate": "marked a duplicate",
    "unmark_duplicate": "unmarked a duplicate",
    "correct_span": "corrected what was said",
    "correct_cue": "corrected the cue",
    "correct_mention": "corrected who said it, in words",
    "correct_speaker": "corrected the speaker",
    "correct_kind": "corrected the kind",
    "correct_act": "corrected the act",
    "accept_claim": "accepted the claim as it stands",
    "reject_claim": "rejected it: no claim",
    "add_claim": "added this claim, which the engine missed",
    "undo_correction": "undid the last correction",
    "finish_article": "reviewed the article to the end",
    "reopen_article": "opened the article again",
    "reextract": "read the article again",
    "merge_speakers": "merged this speaker into another",
    "undo_merge": "undid a merge",
    "edit_speaker": "changed the speaker",
    "split_speaker": "split names off to another speaker",
    "receive_split": "gave names that were another speaker’s",
    "undo_split": "undid a split",
    "add_external_id": "noted an external id",
    "remove_external_id": "took an external id off",
    "save_filter": "saved a filter",
    "edit_filter": "changed a saved filter",
    "delete_filter": "deleted a saved filter",
    "add_alias": "added a name",
    "remove_alias": "took a name off",
    "take_down_text": "took the text down",
    "erase_person": "erased the person’s data",
}
_NAMES = {
    "assignee_id": "assignee",
    "rating_id": "rating",
    "is_public": "public",
    "review_status": "status",
    "span": "what was said",
}
_HIDDEN = {"supersedes_id", "reason", "evidence"}  # said by the line itself, or by a title beside it
_NOTHING: tuple[Any, ...] = (None, "", [])


@dataclass(frozen=True, slots=True)
class Difference:
    """One value that changed; None where there was, or is, nothing."""

    name: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the history, for people."""

    at: datetime
    actor: str
    verb: str
    differences: tuple[Difference, ...]
    reason: str


def entries(
    changes: Iterable[Change], *, people: Mapping[int, Any] | None = None, ratings: Mapping[int, Any] | None = None
) -> list[Entry]:
    """The changes in their order.

    Args:
        changes: Rows of the ledger, with their actors.
        people: Users by id, to name assignees.
        ratings: Ratings by id, to name them.
    """
    names = {"assignee_id": people or {}, "rating_id": ratings or {}}
    return [
        Entry(
            at=change.at,
            actor=str(change.actor) if change.actor else "the engine",
            verb=verb(change),
            differences=tuple(_differences(change, names)),
            reason=change.reason,
        )
        for change in changes
    ]


def verb(change: Change) -> str:
    """What was done, as a person says it."""
    return _VERBS.get(change.action, change.action.replace("_", " "))


def _differences(change: Change, names: Mapping[str, Mapping[int, Any]]) -> Iterator[Difference]:
    for key in dict.fromkeys([*change.before, *change.after]):
        before, after = change.before.get(key), change.after.get(key)
        if key in _HIDDEN or before == after or (key not in change.before and after in _NOTHING):
            continue
        label = _NAMES.get(key, key.replace("_", " "))
        yield Difference(label, _word(before, names.get(key)), _word(after, names.get(key)))


def _word(value: Any, names: Mapping[int, Any] | None) -> str | None:
    if value is None or value == "":
        return None
    if isinstance(value, list):
        return ", ".join(map(str, value)) or None
    if isinstance(value, bool):
        return "yes" if value else "no"
    if names is not None:
        return str(names.get(value, f"no. {value}"))
    return str(value).replace("_", " ") if isinstance(value, str) and len(value) < 20 else str(value)
