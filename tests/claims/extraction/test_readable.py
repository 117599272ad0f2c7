import pytest

from claims.extraction.readable import language_of

TABLE = [
    (
        "English news",
        "The harbour master said on Monday that the ferry would not sail because of the storm. " * 3,
        "en",
    ),
    ("capitals", "THE HARBOUR MASTER SAID THAT THE FERRY WOULD NOT SAIL BECAUSE OF THE STORM AND THE WIND. " * 3, "en"),
    (
        "German",
        "Der Hafenmeister sagte am Montag, dass die Fähre wegen des Sturms nicht auslaufen werde und die Leute warten. "
        * 3,
        "other",
    ),
    (
        "Spanish",
        "El alcalde dijo que el puente no se puede usar hasta que lleguen los ingenieros de la capital el lunes. " * 3,
        "other",
    ),
    ("Hindi", "उन्होंने कहा कि पुल सुरक्षित है और लोग वापस आ सकते हैं। " * 3, "other"),
    ("Russian", "Он сказал, что мост безопасен и люди могут вернуться. " * 3, "other"),
    ("too short to tell", "Bridge closed", "en"),
    ("empty", "", "en"),
    ("digits only", "1 2 3 " * 100, "en"),
    (
        "English with foreign names",
        "The mayor, Łukasz Żółć, said that the people of Kraków would be told on Friday if it is safe. " * 3,
        "en",
    ),
]


@pytest.mark.parametrize(("text", "language"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE])
def test_language(text: str, language: str) -> None:
    assert language_of(text) == language
