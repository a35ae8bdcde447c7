"""Phrases that say there is no answer, by language, and look-alikes that say something."""

import pytest

from ragkit.evidence import is_abstention
from ragkit.evidence.abstention import PHRASES
from ragkit.prompting import ABSTENTION_PHRASE

ABSTENTIONS = {
    "en": (
        ABSTENTION_PHRASE,
        "The documents do not say.",
        "The document does not mention the room.",
        "The provided context doesn't contain this information.",
        "The sources do not hold the answer.",
        "The documents do not give when the lecture begins.",
        "I don't know.",
        "I cannot answer this from the passages.",
        "I'm sorry, but I am not sure.",
        "There is no information about parking in the documents.",
        "None of the sources mentions a deadline.",
        "The passages contain no information on fees.",
        "This is not mentioned in the text.",
        "The price is not given by the provided context.",
        "This cannot be determined from the documents.",
        "There is not enough information to answer.",
        "Not mentioned.",
    ),
    "de": (
        "Die Unterlagen sagen dazu nichts.",
        "Die Dokumente enthalten keine Angaben zum Gewicht.",
        "Das wird in den Folien nicht erwähnt.",
        "Das lässt sich den Quellen nicht entnehmen.",
        "Aus dem Text geht das nicht hervor.",
        "Ich weiß es nicht.",
    ),
    "fr": (
        "Les documents ne le disent pas.",
        "Le texte ne mentionne pas la salle.",
        "Cela n'est pas précisé.",
        "Il n'y a pas d'information à ce sujet.",
        "Je ne sais pas.",
    ),
    "es": (
        "Los documentos no lo dicen.",
        "El texto no menciona el aula.",
        "No hay información sobre ello.",
        "No lo sé.",
    ),
    "it": (
        "I documenti non lo dicono.",
        "Il testo non menziona l'aula.",
        "Non ci sono informazioni al riguardo.",
        "Non lo so.",
    ),
    "pt": (
        "Os documentos não dizem.",
        "O texto não menciona a sala.",
        "Não há informações sobre isso.",
        "Não sei.",
    ),
    "nl": (
        "De documenten zeggen het niet.",
        "De tekst vermeldt dat niet.",
        "Er is geen informatie over.",
        "Ik weet het niet.",
    ),
    "pl": ("Dokumenty o tym nie mówią.", "Brak informacji na ten temat.", "Nie wiem."),
    "ru": ("Документы об этом не говорят.", "В тексте это не указано.", "Я не знаю."),
    "tr": ("Belgelerde bu belirtilmemiş.", "Bu konuda bilgi yok.", "Bilmiyorum."),
    "zh": (
        "文档中没有提到。",
        "资料未说明，文中没有给出答案。",
        "没有找到相关信息。",
        "我不知道。",
    ),
    "ja": ("資料には記載がありません。", "文書には書かれていません。", "わかりません。"),
    "ko": ("문서에 언급되어 있지 않습니다.", "알 수 없습니다."),
    "ar": ("الوثائق لا تذكر ذلك.", "لا توجد معلومات عن ذلك.", "لا أعرف."),
}

ANSWERS = {
    "en": (
        "Dropout is not used at test time [1].",
        "The mask says which positions are padding.",
        "Beam search does not give diverse text.",
        "No, the exam is closed book [2].",
        "The documents do not overlap.",
        "The documents do not contain duplicates.",
        "It keeps what the notes do not say.",
        "The slides give a formula that the notes do not mention.",
        "Rare words are not found in the source language.",
        "No evidence of overfitting was seen on the test set.",
        "We cannot tell a cat from a dog by its weight.",
        "The model does not know the label.",
        "An unknown word is split into pieces.",
        "",
    ),
    "de": ("Die Dokumente enthalten nicht nur Text.", "Die Quelle ist nicht weit vom Dorf."),
    "fr": ("Les textes ne se recouvrent pas.", "Le cours n'a pas lieu le lundi."),
    "es": ("Los documentos no se repiten.", "No hay clase el lunes."),
    "it": ("I testi non si sovrappongono.", "Non è obbligatorio."),
    "pt": ("Os documentos não se repetem.", "Não há aula na segunda."),
    "nl": ("De teksten overlappen niet.", "Er is geen college op maandag."),
    "pl": ("Dokumenty nie powtarzają się.", "Nie ma zajęć w poniedziałek."),
    "ru": ("Документы не повторяются.", "Он не знает метки."),
    "tr": ("Belgeler tekrar etmez.", "Pazartesi ders yok."),
    "zh": ("文档不重复。", "他不知道答案在第三页。", "星期一没有课。"),
    "ja": ("資料は三冊あります。", "月曜日に授業はありません。"),
    "ko": ("문서는 서로 겹치지 않습니다.", "월요일에는 수업이 없습니다."),
    "ar": ("الوثائق لا تتكرر.", "لا يوجد درس يوم الاثنين."),
}


def cases(table):
    return [
        pytest.param(text, id=f"{key}-{n}") for key in table for n, text in enumerate(table[key])
    ]


@pytest.mark.parametrize("completion", cases(ABSTENTIONS))
def test_abstentions(completion):
    assert is_abstention(completion)


@pytest.mark.parametrize("completion", cases(ANSWERS))
def test_answers(completion):
    assert not is_abstention(completion)


def test_each_language_has_both():
    assert set(PHRASES) == set(ABSTENTIONS) == set(ANSWERS)
