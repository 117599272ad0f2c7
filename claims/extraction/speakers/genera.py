"""What kind of institution a general noun may mean: "the agency" a directorate, "the newspaper" a Gazette.

A noun covers names that carry one of its words; a company carries a word of business or no institution's word at all.
"""

from claims.extraction.lexicons import word_set
from claims.extraction.speakers.bearers import Bearer
from claims.extraction.speakers.vocabulary import ORGANISATION_HEADS

FIRMS = word_set(
    "company firm bank carmaker retailer airline insurer manufacturer startup start-up lender utility brewer "
    "broadcaster carrier giant conglomerate chain business"
)
OUTLET = word_set(
    "post times news journal herald tribune gazette express daily weekly magazine press guardian telegraph review "
    "chronicle globe standard observer inquirer sun mail mirror broadcasting tv radio network"
)
_BUSINESS = word_set(
    "airlines airways bank broadcasting companies company corp corporation enterprises group holdings hotel hotels inc "
    "industries insurance llc ltd media motors partners petroleum power publishing railway solutions steel studios "
    "systems technologies utilities works"
)
_OFFICES = word_set(
    "administration agency authority board bureau commission department directorate division inspectorate "
    "investigations ministry office patrol secretariat service services"
)
_GROUPS = word_set(
    "action alliance association centre center citizens club coalition committee council federation forum foundation "
    "fund guild initiative institute league network organisation organization pac partnership project society trust "
    "union watch"
)
_CLUBS = word_set(
    "club fc afc cf sc athletic united city rovers wanderers rangers albion county town villa dynamo sporting racing"
)
_PAPERS = OUTLET - word_set("broadcasting tv radio network news")
GENERA: dict[str, frozenset[str]] = {
    **dict.fromkeys(("agency", "regulator", "watchdog"), _OFFICES),
    **dict.fromkeys(("group", "organisation", "organization", "nonprofit", "charity", "ngo", "think-tank"), _GROUPS),
    **dict.fromkeys(("newspaper", "paper", "magazine", "daily", "weekly"), _PAPERS),
    **dict.fromkeys(("outlet", "publication", "website"), OUTLET),
    **dict.fromkeys(("broadcaster", "channel", "station"), word_set("news broadcasting tv television radio network")),
    "union": word_set("union federation guild brotherhood workers teachers"),
    "utility": word_set("electric electricity energy gas power utilities utility water"),
    "club": _CLUBS,
    "panel": word_set("committee commission panel tribunal"),
}
_OF_OPAQUE = word_set("party charity group movement organisation organization ngo nonprofit network alliance band")
ABROAD: dict[str, frozenset[str]] = {
    "institute": word_set("institut instituto istituto"),
    "university": word_set("universidad universidade universität université università"),
    "ministry": word_set("ministerio ministère ministério"),
    "bank": word_set("banco banque banca"),
    "federation": word_set("federación fédération federação"),
    "association": word_set("asociación associação associazione"),
    "foundation": word_set("fundación fondation fundação fondazione"),
    "party": word_set("partido partei"),
}
"""An English noun for an institution whose name has it in its own language: the Institut Marelle is "the institute"."""
BROAD = word_set("group organisation organization nonprofit charity ngo think-tank outlet publication website")
"""Nouns that fit so many names that nearness alone does not tell one."""


def may_be(bearer: Bearer, noun: str) -> bool:
    """Whether an institution could be called by a noun: its own name must not say that it is something else."""
    if bearer.place or bearer.type == "person" or bearer.votes.get("person") or bearer.key[0][0] in "@#":
        return False
    if noun in bearer.key or noun in bearer.heads:
        return True
    if noun == "utility" and bearer.key[-1] in _OFFICES:
        return False  # "the Energy Authority"
    covered = GENERA.get(noun)
    if covered is not None and not (noun in FIRMS and covered.isdisjoint(bearer.key)):
        typed = bearer.type == "organisation" or noun == "club"
        return typed and not covered.isdisjoint({*bearer.key, *bearer.heads})
    if noun not in FIRMS or bearer.gender or (bearer.type == "unknown" and len(bearer.key) < 2):
        return False
    return not _BUSINESS.isdisjoint(bearer.key) or (ORGANISATION_HEADS | _OFFICES).isdisjoint(bearer.key)


def may_be_opaque(bearer: Bearer, noun: str) -> bool:
    """Whether a name that tells nothing of its kind ("Green Path") may be "the party" that goes on."""
    if noun not in _OF_OPAQUE or bearer.place or bearer.gender or bearer.type == "person" or len(bearer.key) < 2:
        return False
    return (ORGANISATION_HEADS | _OFFICES | _BUSINESS).isdisjoint(bearer.key)


def may_be_firm(bearer: Bearer, noun: str) -> bool:
    """Whether a single word that just spoke ("Kestrel") is a company, since "the company" goes on."""
    unknown = bearer.type == "unknown" and len(bearer.key) == 1 and not bearer.gender
    return noun in FIRMS and unknown and not bearer.place and bearer.key[0][0] not in "@#"
