"""The word lists of the speaker rules, loaded once, and the closed classes too small for a file."""

from claims.extraction.lexicons import load, word_set

CALENDAR = load("calendar")
COMPANIES = load("company_words")
DEMONYMS = load("demonyms")
EITHER = load("first_names_either")
FEMALE = load("first_names_female")
MALE = load("first_names_male")
FIRST_NAMES = MALE | FEMALE | EITHER
ORGANISATION_HEADS = load("organisation_heads")
PARTICLES = load("particles")
PLACES = load("places")
POLICY = load("policy_words")
SENTENCE_WORDS = load("sentence_words")
STATES = load("state_abbreviations")
THINGS = load("thing_heads")
TITLES = load("titles")
UNNAMED = load("unnamed_heads")

SUFFIXES = frozenset(("jr", "sr", "ii", "iii", "iv", "jnr", "snr"))
COMPANY_SUFFIXES = frozenset(("inc", "llc", "ltd", "plc", "corp", "llp"))
REGNAL = frozenset(("king", "queen", "prince", "princess", "pope", "emperor", "sultan", "emir", "sheikh"))
MEMBERS = frozenset(("republican", "democrat", "conservative", "liberal", "libertarian", "socialist", "independent"))
"""Members of parties, whom papers name by their state ("the Ohio Republican")."""
PARTIES = MEMBERS | frozenset(("democratic", "gop", "labor", "labour", "tory"))
MINISTERS = frozenset(("minister", "secretary", "commissioner", "undersecretary"))
"""Titles that follow what somebody is responsible for."""
NATIONALS = word_set(
    "dane swede finn pole turk scot briton spaniard frenchman frenchwoman dutchman dutchwoman irishman irishwoman "
    "englishman englishwoman welshman welshwoman scotsman scotswoman icelander croat kurd"
)
"""Nouns for people of a nation that are not its adjective; as names they are common too, so no list of demonyms."""
CABINETS = (["government"], ["administration"], ["cabinet"], ["regime"])
"""The word behind the name of who leads it ("the Ana Sol government"), as a list of one."""
OFFICES = word_set(
    "state defense defence education labor labour commerce energy treasury transportation transport agriculture "
    "interior health foreign public finance justice affairs security trade housing"
)
"""What a secretary or minister is "of", in lower case before a name ("secretary of state Ana Sol")."""

FUNCTION = word_set(
    "a an the this that these those of for to in on at by from with and or but nor so yet as than if when while where "
    "who whom whose which what how why because since after before until though although during about against between "
    "into over under is are was were be been being am has have had do does did will would shall should can could may "
    "might must not no he she it they we you i him her them us me his its their our your my said says told say tell "
    "according also then now there here both all each every any some most many more other"
)

_CLASSES = (
    "attorney lawyer counsel solicitor barrister defender",
    "spokesman spokeswoman spokesperson press-secretary",
    "chairman chairwoman chairperson chair",
    "judge justice magistrate recorder",
    "senator sen sens lawmaker legislator",
    "mp msp mla mlc mep lawmaker legislator parliamentarian",
    "representative rep reps congressman congresswoman lawmaker legislator del",
    "adviser advisor",
    "governor gov",
    "policeman policewoman officer constable",
    "captain capt",
    "lieutenant lt",
    "sergeant sgt",
    "colonel col",
    "general gen",
    "major maj",
    "commander cmdr cdr",
    "superintendent supt",
    "inspector insp",
    "corporal cpl",
    "private pte",
    "admiral adm",
    "brigadier brig",
    "sho officer",
    "sp superintendent",
    "dc commissioner",
    "vc chancellor",
    "md director",
    "actor actress",
    "reverend rev",
    "bowler paceman pacer seamer spinner speedster",
    "batsman batter batswoman opener",
    "striker forward attacker",
    "goalkeeper keeper shot-stopper",
    "director filmmaker film-maker",
    "businessman businesswoman businessperson entrepreneur tycoon mogul billionaire",
    "councilman councilwoman councilor councillor",
    "father dad",
    "mother mom mum",
    "doctor physician surgeon dr",
    "writer author novelist",
    "professor prof academic scholar",
    "fiancé fiance",
    "fiancée fiancee",
    "leader chief head boss",
    "candidate nominee contender hopeful front-runner frontrunner",
)
SYNONYMS: dict[str, frozenset[str]] = {}
for _line in _CLASSES:
    for _word in _line.split():
        SYNONYMS[_word] = SYNONYMS.get(_word, frozenset()) | frozenset(_line.split())


def same_role(noun: str) -> frozenset[str]:
    """Returns the nouns that name the same role ("lawyer", "attorney"), itself included; who is one no more is too."""
    former = noun.removeprefix("ex-")
    return SYNONYMS.get(noun, frozenset((noun,))) | (same_role(former) if former != noun else frozenset())
