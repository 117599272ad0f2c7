"""The buttons of a claim's page that do one thing to one row, beside "Save": publish, agree, take off, mark, reuse.

A button's name says what, its value which row; a text beside it, named after both, says why. They take effect together
with whatever else was typed, in one transaction.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from django.http import QueryDict

from claims.errors import Conflict, InvalidValue
from claims.models import Claim, EvidenceLink, SecondOpinion, Verdict
from claims.services import duplicates, evidence, second_checks, verification


class Buttons:
    """What the pressed button asks for."""

    def __init__(self, claim: Claim, user: Any, data: QueryDict | None, verdicts: Mapping[int, Verdict]) -> None:
        self.claim, self.user, self.data, self.verdicts = claim, user, data, verdicts
        self.actions: dict[str, Callable[[int], str]] = {
            "publish": self._publish,
            "withdraw": self._withdraw,
            "agree": self._agree,
            "disagree": self._disagree,
            "unlink": self._unlink,
            "duplicate": self._duplicate,
            "unduplicate": self._unduplicate,
            "reuse": self._reuse,
        }

    def store(self) -> Iterator[str]:
        """Does it; yields what was done, in words.

        Raises:
            ClaimError: a service refused, or the row is not there.
        """
        for name, action in self.actions.items():
            value = self.data.get(f"_{name}", "") if self.data else ""
            if value:
                yield action(_number(value, default=-1))

    def _text(self, name: str, pk: int) -> str:
        return self.data.get(f"{name}-{pk}", "") if self.data else ""

    def _verdict(self, pk: int) -> Verdict:
        if pk not in self.verdicts:
            raise Conflict("That verdict is no longer here: reload the page.")
        return self.verdicts[pk]

    def _publish(self, pk: int) -> str:
        verification.publish_verdict(self._verdict(pk), reviewer=self.user, reason=self._text("reason", pk))
        return "verdict published"

    def _withdraw(self, pk: int) -> str:
        verification.withdraw_verdict(self._verdict(pk), actor=self.user, reason=self._text("reason", pk))
        return "verdict withdrawn"

    def _agree(self, pk: int) -> str:
        return self._decide(pk, SecondOpinion.Decision.AGREES)

    def _disagree(self, pk: int) -> str:
        return self._decide(pk, SecondOpinion.Decision.DISAGREES)

    def _decide(self, pk: int, decision: str) -> str:
        opinion = SecondOpinion.objects.filter(pk=pk, verdict__claim=self.claim).first()
        if opinion is None:
            raise Conflict("That opinion is no longer here: reload the page.")
        comment = self._text("comment", pk).strip() or None
        second_checks.decide_opinion(opinion, actor=self.user, decision=decision, comment=comment)
        return "you agree" if decision == SecondOpinion.Decision.AGREES else "you disagree"

    def _unlink(self, pk: int) -> str:
        link = EvidenceLink.objects.filter(pk=pk, claim=self.claim).first()
        if link is None:
            raise Conflict("That evidence is no longer used here: reload the page.")
        evidence.unlink_evidence(link, actor=self.user, reason=self._text("unlink-reason", pk))
        return "evidence taken off"

    def _duplicate(self, pk: int) -> str:
        if pk == 0:  # the button beside the field for a number
            pk = _number(self.data.get("duplicate-of", "") if self.data else "", default=0)
        original = Claim.objects.filter(pk=pk).first()
        if original is None:
            raise InvalidValue("There is no such claim: give the number of the claim that this one repeats.")
        duplicates.mark_duplicate([self.claim], of=original, actor=self.user)
        return f"marked as a duplicate of claim {pk}"

    def _unduplicate(self, pk: int) -> str:
        duplicates.unmark_duplicate(self.claim, actor=self.user)
        return "no duplicate any more"

    def _reuse(self, pk: int) -> str:
        verdict = Verdict.objects.select_related("rating").filter(pk=pk).first()
        if verdict is None:
            raise Conflict("That verdict is no longer there: reload the page.")
        duplicates.reuse_verdict(verdict, claim=self.claim, author=self.user)
        return "verdict drafted, with its evidence"


def _number(value: str, *, default: int) -> int:
    value = value.strip()
    return int(value) if value.isascii() and value.isdecimal() and len(value) < 19 else default
