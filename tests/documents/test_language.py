"""The language of a document, on sentences as lectures have them."""

import pytest

from ragkit.documents.language import find_language

SENTENCES = {
    "ar": "تقام المحاضرة كل يوم اثنين في الساعة العاشرة في القاعة الكبرى.",
    "cs": "Přednáška se koná každé pondělí v deset hodin ve velkém sále.",
    "de": "Die Vorlesung findet jeden Montag um zehn Uhr im großen Hörsaal statt.",
    "el": "Η διάλεξη γίνεται κάθε Δευτέρα στις δέκα στη μεγάλη αίθουσα.",
    "en": "Convolutional layers share their parameters across the image.",
    "es": "La clase tiene lugar cada lunes a las diez en el aula magna.",
    "fa": "سخنرانی هر دوشنبه ساعت ده در تالار بزرگ برگزار می‌شود.",
    "fr": "Le cours a lieu chaque lundi à dix heures dans le grand amphithéâtre.",
    "he": "ההרצאה מתקיימת בכל יום שני בשעה עשר באולם הגדול.",
    "hi": "व्याख्यान हर सोमवार को दस बजे बड़े हॉल में होता है।",
    "it": "La lezione si tiene ogni lunedì alle dieci nell'aula magna.",
    "ja": "講義は毎週月曜日の十時に大講堂で行われます。",
    "ko": "강의는 매주 월요일 열 시에 대강당에서 열립니다.",
    "pl": "Wykład odbywa się w każdy poniedziałek o dziesiątej w dużej auli.",
    "pt": "A aula acontece toda segunda-feira às dez horas no auditório.",
    "ru": "Лекция проходит каждый понедельник в десять часов в большом зале.",
    "th": "การบรรยายมีทุกวันจันทร์เวลาสิบโมงในหอประชุมใหญ่",
    "tr": "Ders her pazartesi saat onda büyük salonda yapılır.",
    "uk": "Лекція відбувається щопонеділка о десятій годині у великій залі.",
    "vi": "Bài giảng diễn ra vào mười giờ mỗi thứ hai tại hội trường lớn.",
    "zh": "讲座每周一上午十点在大礼堂举行。",
}


@pytest.mark.parametrize(("language", "sentence"), SENTENCES.items())
def test_a_sentence_is_enough(language, sentence):
    assert find_language([sentence]) == language


@pytest.mark.parametrize(
    "text",
    ["", "Week 3", "hello", "12 34 x=3 7.5 %", "BERT GPT T5 LLaMA RoBERTa", "X" * 50, "∑ αᵢ ≤ β²"],
)
def test_too_little_or_no_language_is_unknown(text):
    assert find_language([text]) == ""


def test_a_title_page_in_another_language_does_not_decide():
    body = f"{SENTENCES['de']} " * 400
    assert find_language(["Lecture notes on the theory of computation. " * 20, body]) == "de"


def test_a_document_knows_its_language_and_place_in_the_course(read):
    document = read("Woche 3/2024-10-14 Vorlesung 5.md", f"# Optik\n\n{SENTENCES['de']}\n")
    assert document.language == "de"
    assert document.metadata == {
        "week": "3", "lecture": "5", "date": "2024-10-14", "kind": "lecture",
    }  # fmt: skip
    code = read("a.md", "```\nfor each of the words in the list do this\n```\n")
    assert code.language == ""
