"""Who may do what: one table, from which a migration makes the groups.

Services ask for these permissions by name, so API and admin agree. A changed table needs a migration that calls
`claims.migrations.0002_roles_and_ratings.make_groups` again.
"""

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
