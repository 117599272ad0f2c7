"""Two speakers of one name, told apart by an editor, stay apart when a newer engine reads their articles again.

To the engine a name that two speakers bear is ambiguous, in every article. But of a claim that is stored somebody has
decided already whose it is, or it was decided before the other one was known: that answer stands as long as the article
still calls the speaker by that name. New articles stay ambiguous.
"""

from claims.models import Claim
from claims.services.claim_rows import ClaimRow


def keep_told_apart(claim: Claim, row: ClaimRow) -> None:
    """Gives the new row of a stored claim its speakers back where the engine only could not choose between namesakes.

    Args:
        claim: As stored, its links at hand.
        row: What a newer engine makes of it; is changed.
    """
    stored = {link.key: link.speaker_id for link in claim.links.all() if link.key and link.speaker_id}
    taken = {link["speaker_id"] for link in row.links}
    settled = False
    for link in row.links:
        before = stored.get(link["key"])
        namesakes = {one["speaker"] for one in link["candidates"]} - {None}
        if link["speaker_id"] is None and before in namesakes and before not in taken:
            link["speaker_id"] = before
            taken.add(before)
            settled = True
    if settled and all(link["speaker_id"] is not None for link in row.links):
        row.values["speaker_status"] = Claim.SpeakerStatus.RESOLVED
