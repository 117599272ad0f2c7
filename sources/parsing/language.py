"""Which language a text is in: script first, then the share of its commonest words.

Enough for the one decision that hangs on it (English is extracted, the rest is stored as it is) and honest where it
cannot tell: two words, a table of numbers or an even mixture are "und". The work is bounded: three pieces of the
text, 6,000 characters in all, however long it is.

Do NOT put a statistical model here: the usual ones cost 100 to 900 MB of memory for a question that a hundred
function words answer, and take a two-word greeting for whatever is nearest.
"""

import re
from collections import Counter
from typing import Final

_PIECE: Final = 2_000
# Not by \w: the vowel signs of Indian scripts are no word characters to Python.
_WORD: Final = re.compile(r"[^\s\d!-&(-/:-@\[-`{-~¡-¿“”„‘«»‹›–—…।॥،؛؟]+")

# First and last code point of a script's main blocks, and the language it stands for if it has one reader by far.
_SCRIPTS: Final = (
    ((0x0041, 0x024F), "Latin"),
    ((0x0370, 0x03FF), "el"),
    ((0x0400, 0x052F), "Cyrillic"),
    ((0x0530, 0x058F), "hy"),
    ((0x0590, 0x05FF), "he"),
    ((0x0600, 0x077F), "Arabic"),
    ((0x0900, 0x097F), "Devanagari"),
    ((0x0980, 0x09FF), "bn"),
    ((0x0A00, 0x0A7F), "pa"),
    ((0x0A80, 0x0AFF), "gu"),
    ((0x0B00, 0x0B7F), "or"),
    ((0x0B80, 0x0BFF), "ta"),
    ((0x0C00, 0x0C7F), "te"),
    ((0x0C80, 0x0CFF), "kn"),
    ((0x0D00, 0x0D7F), "ml"),
    ((0x0D80, 0x0DFF), "si"),
    ((0x0E00, 0x0E7F), "th"),
    ((0x0E80, 0x0EFF), "lo"),
    ((0x1000, 0x109F), "my"),
    ((0x10A0, 0x10FF), "ka"),
    ((0x1200, 0x137F), "am"),
    ((0x1780, 0x17FF), "km"),
    ((0x1E00, 0x1EFF), "Latin"),
    ((0x3040, 0x30FF), "ja"),
    ((0x3400, 0x9FFF), "zh"),
    ((0xAC00, 0xD7AF), "ko"),
)

_WORDS: Final = {
    "en": """a about after against all also although am an and any are as at be because been before being between both
        but by can could did do does during each for from had has have he her here him his how i if in into is it its
        just may might more most much must my no not now of off on only or other our out over said she should since so
        some such than that the their them then there these they this those through to told under until up was we were
        what when where which while who whom whose why will with would you your""",
    "de": """aber als am an auch auf aus bei bis da dass das dem den der des die dies diese doch durch ein eine einem
        einen einer er es für gegen haben hat hatte ich ihr im in ist kann können mehr mit nach nicht noch nur oder
        sagte sei sein sich sie sind so über um und uns unter vom von vor war wegen wenn werden wie wird wir wurde zu
        zum zur zwischen""",
    "fr": """a à après au aux avec avait c'est ce cette ces comme contre d'un d'une dans de depuis des dit du elle elles
        en entre est et été être il ils je l'on la le les leur mais même ne nous on ont ou où par pas plus pour qu'il
        que qui s'est sa sans se selon ses son sont sous sur un une vous était""",
    "es": """a al ante aunque como con contra cuando de del desde dijo donde durante e el ella ellos en entre era es
        esta está este esto fue ha había han hasta la las le lo los más mientras muy ni no nos o para pero por porque
        que qué se según ser si sin sobre son su sus también un una uno y ya""",
    "pt": """a ao aos as até com como contra da das de depois disse do dos e é ela ele eles em entre era essa esse esta
        está este foi há isso já mais mas mesmo na não nas nem no nos o os ou para pela pelo por porque quando que se
        segundo sem ser seu seus são sobre sua também tem um uma""",
    "it": """a ai al alla anche che chi come con contro da dal dalla degli dei del della delle di dopo due e è era fra
        gli ha hanno ho i il in la le lo loro ma nel nella non o per perché più quando quello questo sarà se secondo
        senza si sia sono stato su sul sulla tra un una uno""",
    "nl": """aan al als bij dan dat de deze die dit door een en er geen had hebben heeft het hij hun ik in is kan
        maar meer met na naar niet nog nu of om omdat onder ook op over te tegen toch tot tussen uit van veel volgens
        voor was wat we werd wordt worden ze zei zich zij zijn zou""",
    "sv": """alla att av blev bli de den det efter eller en ett från för ha hade han har hon i inte jag kan man med men
        mot nu när och om på sade sedan sig sin ska skulle som till under upp var vi vid än är över""",
    "da": """af alle at blev bliver da de den der det efter eller en er et for fra få ham han har havde hun i ikke jeg
        kan kunne man med men mod nu når og også om op over på sagde sig sin skal som til under ud var ved vi vil""",
    "pl": """a ale bez był była było być co czy dla do go i ich jak jako jego jej jest już które który którzy lub
        ma może na nie o od oraz po pod powiedział przed przez przy roku są się tak także tego tej to tym w we więc z za
        ze że""",
    "tr": """ama bir bu çok da daha de değil dedi diye en gibi göre her hem için ile ise kadar ki mi ne o olan olarak
        olduğu olduğunu oldu sonra şu tarafından ve veya ya yeni""",
    "id": """ada adalah agar akan atau bahwa bagi banyak belum bisa dalam dan dari dengan di hari ia ini itu juga
        kami karena ke kepada kita mereka oleh pada para saat saja sebagai sudah telah tersebut tidak untuk yang""",
    "ru": """а без бы был была были было быть в во все для до его ее если есть еще и из или им их к как когда который
        которые кто мы на не него нет но о об он она они от по при с сказал со так также там то того только у уже
        что чтобы это этого я""",
    "uk": """а або але без був була були було в від він вони все для до є за з зі й його коли ми на не немає ні по
        при про сказав та так також те то тому у що щоб як який які якщо це цього я""",
    "bg": """а без беше бъде в във все до е за и из или има как каза като когато който които ли между ми на над не
        него но от по при с са се след според със това този той тя че ще я""",
    "ar": """إلى أن أو التي الذي الذين الى ان بعد بين حتى خلال ذلك على عن عند في قال قالت كان كانت كما لا لم ما مع من
        منذ هذا هذه هو هي و""",
    "fa": """آن از است اگر او این با باید بر برای به بود تا در را شد شده که کرد کرده گفت ما می نیز هم های و یا یک""",
    "ur": """اس ان اور انہوں ایک بھی تھا تھی تھے تک جو سے کا کر کو کہ کہا کی کے گا گی میں نہیں نے وہ پر ہو ہے ہیں یہ""",
    "hi": """इस उन उस उन्होंने एक और कर कहा का कि किया की के को गया जो तक था थे ने पर भी में यह वह से हो है हैं""",
    "mr": """असे आणि आहे आहेत एक का की केला केली केले च तर ते तो त्या त्यांनी नाही मध्ये म्हणाले या व होता होते ही हे""",
    "ne": """उनले एक को गर्न गरेको छ छन् तर थियो देखि पनि भए भएको भन्ने मा यो र रहेको ले लाई हुने""",
}
_STOP_WORDS: Final = {language: frozenset(words.split()) for language, words in _WORDS.items()}
_READERS: Final = {
    "Latin": ("en", "de", "fr", "es", "pt", "it", "nl", "sv", "da", "pl", "tr", "id"),
    "Cyrillic": ("ru", "uk", "bg"),
    "Arabic": ("ar", "fa", "ur"),
    "Devanagari": ("hi", "mr", "ne"),
}
_LEAST_SHARE: Final = 0.12
"""Share of the words that must be function words of the language;
in 924 English news articles (PolNeAR train and dev) the median is 0.42, the least 0.19."""
_LEAST_HITS: Final = 2


def language_of(text: str) -> str:
    """Return the ISO 639-1 code of the language of a text, or "und" where it cannot be told."""
    sample = _sample(text)
    script = _script_of(sample)
    if script not in _READERS:
        return script
    words = Counter(_WORD.findall(sample.lower().replace("’", "'")))
    hits = {code: sum(words[word] for word in _STOP_WORDS[code] & words.keys()) for code in _READERS[script]}
    ranked = sorted(hits.items(), key=lambda item: -item[1])
    (best, most), (_, second) = ranked[0], ranked[1]
    if most < max(_LEAST_HITS, _LEAST_SHARE * words.total()) or most == second:
        return "und"
    return best


def _sample(text: str) -> str:
    if len(text) <= 3 * _PIECE:
        return text
    middle = len(text) // 2
    return " ".join((text[:_PIECE], text[middle : middle + _PIECE], text[-_PIECE:]))


def _script_of(sample: str) -> str:
    """Return the script, or the language it stands for, of more than half of the letters; "und" if there is none."""
    counts: Counter[str] = Counter()
    for char, times in Counter(filter(str.isalpha, sample)).items():
        counts[_script_of_char(ord(char))] += times
    if counts["ja"] * 5 > counts["zh"]:  # Japanese is written in both, Chinese in one
        counts["ja"] += counts.pop("zh", 0)
    if not counts:
        return "und"
    script, most = counts.most_common(1)[0]
    return script if most * 2 > counts.total() else "und"


def _script_of_char(code: int) -> str:
    return next((script for (first, last), script in _SCRIPTS if first <= code <= last), "und")
