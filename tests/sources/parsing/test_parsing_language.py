import json
import time
from pathlib import Path

import pytest

from sources.parsing.language import _STOP_WORDS, _WORDS, language_of

DEV = Path(__file__).resolve().parents[4] / "shared" / "bench" / "attribution" / "polnear_dev.jsonl"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        pytest.param("“The bridge is safe,” Mayor Jane Roe said.", "en", id="one English sentence"),
        pytest.param("Roe said she wasn’t told that the bridge had closed.", "en", id="curly apostrophe"),
        pytest.param("THE BRIDGE IS SAFE, THE MAYOR SAID.", "en", id="capitals"),
        pytest.param(
            "Die Brücke ist sicher, sagte die Bürgermeisterin am Freitag, und sie wird bald geöffnet.",
            "de",
            id="German",
        ),
        pytest.param(
            "Le pont est sûr, a dit la maire vendredi, et il sera ouvert dans une semaine.", "fr", id="French"
        ),
        pytest.param(
            "El puente es seguro, dijo la alcaldesa el viernes, y se abrirá en una semana.", "es", id="Spanish"
        ),
        pytest.param(
            "A ponte é segura, disse a prefeita na sexta-feira, e não há mais risco para os moradores.",
            "pt",
            id="Portuguese",
        ),
        pytest.param(
            "Il ponte è sicuro, ha detto la sindaca, e sarà aperto tra una settimana per tutti.", "it", id="Italian"
        ),
        pytest.param(
            "De brug is veilig, zei de burgemeester, en hij wordt over een week weer geopend.", "nl", id="Dutch"
        ),
        pytest.param("Bron är säker, sade borgmästaren, och den ska öppnas om en vecka för alla.", "sv", id="Swedish"),
        pytest.param("Most jest bezpieczny, powiedział burmistrz, i nie ma już powodu do obaw.", "pl", id="Polish"),
        pytest.param("Köprü güvenli ve bir hafta sonra yeniden açılacak, dedi.", "tr", id="Turkish"),
        pytest.param(
            "Jembatan itu aman dan akan dibuka dalam seminggu, kata wali kota pada hari Jumat.", "id", id="Indonesian"
        ),
        pytest.param("Мост безопасен, сказал мэр, и он будет открыт через неделю.", "ru", id="Russian"),
        pytest.param(
            "Міст безпечний, сказав мер, і його відкриють через тиждень, що є доброю новиною.", "uk", id="Ukrainian"
        ),
        pytest.param("الجسر آمن، قال رئيس البلدية يوم الجمعة إن الجسر سيفتح في الربيع", "ar", id="Arabic"),
        pytest.param("महापौर ने कहा कि पुल सुरक्षित है और यह जल्द खुलेगा।", "hi", id="Hindi"),
        pytest.param("市长星期五表示，这座桥是安全的。", "zh", id="Chinese"),
        pytest.param("市長は金曜日に、橋は安全だと述べた。", "ja", id="Japanese"),
        pytest.param("시장은 다리가 안전하다고 말했다.", "ko", id="Korean"),
        pytest.param("Η γέφυρα είναι ασφαλής.", "el", id="Greek"),
        pytest.param("สะพานปลอดภัย นายกเทศมนตรีกล่าว", "th", id="Thai"),
        pytest.param("பாலம் பாதுகாப்பானது", "ta", id="Tamil"),
        pytest.param("Hello", "und", id="but not when: one word"),
        pytest.param("Northfield Bridge Opening Ceremony", "und", id="but not when: names only"),
        pytest.param("2026 10 20 30", "und", id="but not when: numbers"),
        pytest.param("", "und", id="but not when: nothing"),
        pytest.param("qwr zxv plk mnb vcx " * 50, "und", id="but not when: noise"),
    ],
)
def test_language_of(text: str, language: str) -> None:
    assert language_of(text) == language


def test_english_that_quotes_another_script_is_english() -> None:
    assert language_of("The mayor said “Мост безопасен” and that was all that she said about it.") == "en"


@pytest.mark.parametrize("language", sorted(_WORDS))
def test_lists_are_small_letters_unique_and_enough(language: str) -> None:
    words = _WORDS[language].split()
    assert len(words) == len(set(words)), sorted({word for word in words if words.count(word) > 1})
    assert all(word == word.lower() for word in words)
    assert len(_STOP_WORDS[language]) >= 20


def test_time_does_not_depend_on_length() -> None:
    text = "The mayor said that it is safe. " * 300_000
    started = time.perf_counter()
    assert language_of(text) == "en"
    assert time.perf_counter() - started < 0.5


@pytest.mark.skipif(not DEV.is_file(), reason="../shared/bench is not there")
def test_every_article_of_a_news_corpus_is_english() -> None:
    texts = [json.loads(line)["text"] for line in DEV.read_text(encoding="utf-8").splitlines()]
    assert {language_of(text) for text in texts} == {"en"}
