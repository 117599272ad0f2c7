"""All that an article says of those whom it names: roles, ages, deeds, counterparts, and whose they are."""

from claims.extraction.lexicons import word_set
from claims.extraction.speakers.appositions import read_after, read_bracket, read_preposed
from claims.extraction.speakers.bearers import Bearer, Directory
from claims.extraction.speakers.callings import read_age, read_called, read_counterpart, read_deed, read_loss
from claims.extraction.speakers.hints import read_company, read_genders, read_possessive
from claims.extraction.speakers.roles import Relation, read_before
from claims.extraction.speakers.vocabulary import CABINETS, REGNAL

_EMPLOYED = word_set(
    "executive director chief spokesman spokeswoman spokesperson chairman chairwoman chair manager founder co-founder "
    "ceo president head editor owner employee shareholder accountant engineer boss treasurer secretary"
)


def read_roles(directory: Directory) -> list[Relation]:
    """Notes roles on the bearers of a directory and returns the relations between them, in text order."""
    relations: list[Relation] = []
    words = directory.words
    before: Bearer | None = None
    for name, meant in zip(directory.names, directory.meant, strict=True):
        if len(meant) != 1 or meant[0].place:
            continue
        bearer = meant[0]
        read_before(words, name, bearer, relations)
        if name.key[0] in REGNAL:
            bearer.heads.add(name.key[0])
        end = read_bracket(words, name, bearer)
        read_after(words, name, end, bearer, relations)
        read_preposed(words, name, bearer, relations)
        read_age(words, name, bearer)
        if words.low[name.last + 1 : name.last + 2] in CABINETS and bearer.type != "organisation" and len(name.key) > 1:
            bearer.heads.add("head-of-government")
            bearer.votes["person"] = bearer.votes.get("person", 0) + 1
        read_deed(words, name, bearer)
        read_loss(words, name, bearer)
        read_called(words, name, bearer)
        read_counterpart(words, name, bearer, before)
        before = bearer if bearer.type == "person" else before
        if bearer.type == "unknown":
            read_possessive(words, name, bearer)
            read_company(words, name, bearer)
    _credit_employers(directory, relations)
    read_genders(directory)
    return relations


def _credit_employers(directory: Directory, relations: list[Relation]) -> None:
    """Counts who has a chief executive or a spokesman as an institution."""
    owners = {relation.owner for relation in relations if relation.noun in _EMPLOYED}
    if not owners:
        return
    for name, meant in zip(directory.names, directory.meant, strict=True):
        owns = len(meant) == 1 and any(at in owners for at in range(name.first, name.last + 1))
        if owns and not meant[0].votes.get("person"):
            meant[0].votes["organisation"] = meant[0].votes.get("organisation", 0) + 1
