"""Who may do what: one table, from which a migration makes the groups, and its actions in words.

Services ask for these permissions by name, so API and admin agree. A changed table needs a migration that calls
`claims.migrations.0002_roles_and_ratings.make_groups` again. `docs/roles.md` is `python -m claims.roles`; tests hold it
to the table, each action to the permission that its service asks for, and each permission of the table to an action.
"""

import sys
from typing import NamedTuple

READER = ("view_claim", "view_speaker", "view_source", "view_article", "view_verdict", "view_rating", "view_tag")
CONTRIBUTOR = (*READER, "add_article")
FACT_CHECKER = (
    *CONTRIBUTOR,
    "view_note",  # internal ones: whoever lacks this sees what was made public
    "add_note",
    "change_note",
    "add_verdict",
    "change_verdict",
    "check_verdict",
    "view_evidence",
    "add_evidence",
    "change_evidence",
    "add_tag",
    "view_checklistitem",
    "review_claim",
    "correct_claim",
    "view_correction",
    "view_articlereview",
    "view_change",
    "view_extractionrun",
    "view_scale",
    "view_speakeralias",
    "view_speakermerge",
    "view_sourcealias",
    "add_savedfilter",
)
REVIEWER = (*FACT_CHECKER, "publish_verdict", "share_savedfilter")
DESK_ADMIN = (
    *REVIEWER,
    "add_source",
    "change_source",
    "add_sourcealias",
    "change_sourcealias",
    "delete_sourcealias",
    "change_speaker",
    "add_speakeralias",
    "delete_speakeralias",
    "merge_speaker",
    "delete_savedfilter",
    "add_extractionrun",
    "add_scale",
    "change_scale",
    "add_rating",
    "change_rating",
    "delete_rating",
    "change_tag",
    "delete_tag",
    "add_checklistitem",
    "change_checklistitem",
    "view_apitoken",
    "add_apitoken",
    "change_apitoken",
    "take_down_article",
    "erase_speaker",
    "view_erasure",
    "view_webhook",
    "add_webhook",
    "change_webhook",
    "delete_webhook",
    "view_webhookdelivery",
)

GROUPS: dict[str, tuple[str, ...]] = {
    "API reader": READER,
    "contributor": CONTRIBUTOR,
    "fact-checker": FACT_CHECKER,
    "reviewer": REVIEWER,
    "desk admin": DESK_ADMIN,
}


class Action(NamedTuple):
    """Something that a role may do: in words, the permission it needs, and the limits that a role does not lift."""

    words: str
    permission: str
    limits: str = ""


ACTIONS = (
    # What is read inside the desk; everybody reads what is public.
    Action("read claims, speakers that are hidden too", "claims.view_claim"),
    Action("read hidden speakers", "claims.view_speaker"),
    Action("read outlets", "sources.view_source"),
    Action("read articles", "sources.view_article"),
    Action("read withdrawn and superseded verdicts", "claims.view_verdict", "open ones of one's own"),
    Action("read ratings", "claims.view_rating"),
    Action("read tags", "claims.view_tag"),
    Action("read internal notes", "claims.view_note"),
    Action("read evidence", "claims.view_evidence", "with a second check: its stances not before one's own rating"),
    Action("read the history", "claims.view_change", "with a second check: nothing of a proposal before it"),
    Action("read corrections", "claims.view_correction"),
    Action("read which articles are reviewed to the end", "claims.view_articlereview"),
    Action("read extraction runs", "claims.view_extractionrun"),
    Action("read the checklist's items", "claims.view_checklistitem"),
    Action("read scales", "claims.view_scale"),
    Action("read speakers' names", "claims.view_speakeralias"),
    Action("read merges of speakers", "claims.view_speakermerge"),
    Action("read outlets' names", "sources.view_sourcealias"),
    # Work on claims.
    Action("hand in an article", "sources.add_article"),
    Action("add a note", "claims.add_note"),
    Action("edit a note", "claims.change_note", "one's own"),
    Action("add evidence, and use stored evidence for a claim", "claims.add_evidence"),
    Action("change evidence or its stance, take it off a claim", "claims.change_evidence"),
    Action(
        "move a claim to any review status, assign it, tag it, tick its checklist, mark a duplicate and undo it",
        "claims.review_claim",
    ),
    Action("make a tag", "claims.add_tag"),
    Action("correct, add, accept or reject a claim, and undo that", "claims.correct_claim"),
    Action("draft or propose a verdict, and reuse a published one as a draft", "claims.add_verdict"),
    Action("edit a verdict", "claims.change_verdict", "one's own, while it is a draft or proposed"),
    Action("rate another's proposal blind, then agree or disagree", "claims.check_verdict", "never one's own"),
    Action(
        "publish, replace or withdraw a verdict",
        "claims.publish_verdict",
        "with a reason where a published one ends; on a scale with second check, only once another editor agreed",
    ),
    Action("save filters", "claims.add_savedfilter", "edit and delete one's own"),
    Action("share saved filters", "claims.share_savedfilter"),
    # The desk itself.
    Action("delete others' shared filters", "claims.delete_savedfilter"),
    Action("change, hide or link a speaker", "claims.change_speaker"),
    Action("add a name to a speaker", "claims.add_speakeralias"),
    Action("take a name off a speaker", "claims.delete_speakeralias"),
    Action("merge and split speakers, and undo that", "claims.merge_speaker"),
    Action("run a newer engine over an article", "claims.add_extractionrun"),
    Action("take an article's text down", "sources.take_down_article"),
    Action("erase a person's data", "claims.erase_speaker"),
    Action("read what was erased, when and why", "claims.view_erasure"),
    Action("add an outlet", "sources.add_source"),
    Action("change an outlet", "sources.change_source"),
    Action("add an outlet's name", "sources.add_sourcealias"),
    Action("change an outlet's name", "sources.change_sourcealias"),
    Action("delete an outlet's name", "sources.delete_sourcealias"),
    Action("rename or recolour a tag", "claims.change_tag"),
    Action("delete a tag", "claims.delete_tag", "that no claim bears"),
    Action("add to the checklist", "claims.add_checklistitem"),
    Action("change or retire an item of the checklist", "claims.change_checklistitem"),
    Action("add a scale", "claims.add_scale"),
    Action("change a scale", "claims.change_scale"),
    Action("add a rating", "claims.add_rating"),
    Action("change a rating", "claims.change_rating"),
    Action("delete a rating", "claims.delete_rating", "that no verdict uses"),
    Action("read API tokens", "claims.view_apitoken", "their beginnings"),
    Action("make API tokens", "claims.add_apitoken"),
    Action("revoke API tokens", "claims.change_apitoken"),
    Action("read subscriptions", "claims.view_webhook"),
    Action("add a subscription", "claims.add_webhook"),
    Action("change a subscription, send again", "claims.change_webhook"),
    Action("delete a subscription", "claims.delete_webhook"),
    Action("read deliveries", "claims.view_webhookdelivery"),
)


def roles_with(permission: str) -> tuple[str, ...]:
    """The groups that have a permission ("claims.add_note")."""
    codename = permission.partition(".")[2]
    return tuple(name for name, codenames in GROUPS.items() if codename in codenames)


def as_markdown() -> str:
    """The table of actions and roles, as `docs/roles.md` prints it."""
    head = f"| action | {' | '.join(GROUPS)} | limits |\n|---|{':---:|' * len(GROUPS)}---|"
    rows = [
        f"| {action.words} | {' | '.join('yes' if name in roles_with(action.permission) else '' for name in GROUPS)} "
        f"| {action.limits} |".replace("  ", " ")
        for action in ACTIONS
    ]
    return "\n".join(["# Who may do what", "", INTRODUCTION, "", head, *rows]) + "\n"


INTRODUCTION = """Groups come with the database; a user may be in several. This page is printed from `claims/roles.py`
(`python -m claims.roles > docs/roles.md`), and the services ask that table, so the admin and the API refuse the same.
Without a token anybody reads claims, speakers that are not hidden, public notes and published verdicts. A token acts as
its user, within its scope. A superuser has every permission, but is an editor like any other where a second check is
asked for."""

if __name__ == "__main__":
    sys.stdout.write(as_markdown())
