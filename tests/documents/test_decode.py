"""Sentences about a course in the encodings that people's editors saved them in."""

import pytest

from ragkit.documents.decode import decode_text, is_binary

SENTENCES = {
    "de": "Die Prüfung findet im großen Hörsaal statt. Wer die Übungen nicht rechtzeitig abgibt, "
    "verliert fünf Punkte. Für Rückfragen öffnet das Büro täglich um zehn.",
    "fr": "L'épreuve aura lieu à l'amphithéâtre. Les élèves qui n'ont pas rendu leurs devoirs à "
    "temps perdent des points. Où étiez-vous l'été dernier ?",
    "es": "El examen será el miércoles por la mañana. Los niños que no entreguen los ejercicios "
    "perderán cinco puntos. ¿Dónde está la facultad?",
    "pl": "Egzamin odbędzie się w dużej sali wykładowej. Kto nie odda ćwiczeń na czas, straci "
    "pięć punktów. Biuro jest otwarte od dziesiątej. Proszę przynieść źródła.",
    "cs": "Zkouška se koná ve velké posluchárně. Kdo neodevzdá cvičení včas, ztratí pět bodů. "
    "Kancelář je otevřena každý den od desíti hodin. Příští týden výuka není.",
    "hu": "A vizsga a nagy előadóteremben lesz. Aki nem adja be időben a gyakorlatokat, öt pontot "
    "veszít. Az iroda minden nap tíz órakor nyit, őszi szünetben zárva.",
    "ru": "Экзамен состоится в большой аудитории. Кто не сдаст упражнения вовремя, потеряет пять "
    "баллов. Кабинет открыт каждый день с десяти часов.",
    "uk": "Іспит відбудеться у великій аудиторії. Хто не здасть вправи вчасно, втратить п'ять "
    "балів. Кабінет відчинено щодня з десятої години.",
    "el": "Η εξέταση θα γίνει στο μεγάλο αμφιθέατρο. Όποιος δεν παραδώσει τις ασκήσεις εγκαίρως, "
    "χάνει πέντε μονάδες. Το γραφείο ανοίγει κάθε μέρα στις δέκα.",
    "tr": "Sınav büyük amfide yapılacak. Ödevleri zamanında teslim etmeyenler beş puan kaybeder. "
    "Ofis her gün saat onda açılıyor. Öğrenciler şişe getirmemeli.",
    "ja": "試験は大講堂で行われます。課題を期限までに提出しない人は五点を失います。"
    "事務室は毎日十時に開きます。質問はメールで送ってください。",
    "zh": "考试将在大讲堂举行。不按时交作业的学生将失去五分。办公室每天十点开门。"
    "请把问题发到老师的邮箱，我们会尽快回复。",
    "ko": "시험은 대강당에서 열립니다. 과제를 제때 제출하지 않으면 다섯 점을 잃습니다. "
    "사무실은 매일 열 시에 문을 엽니다.",
    "he": "הבחינה תתקיים באולם הגדול. מי שלא יגיש את התרגילים בזמן יאבד חמש נקודות. "
    "המשרד נפתח בכל יום בשעה עשר.",
    "en": "The exam — “final” — takes place in the hall. It’s worth 60 % … see the café’s menu, "
    "naïve as it is. Late work costs five points.",
}
SAVED = [
    ("de", "cp1252"), ("de", "latin-1"), ("fr", "cp1252"), ("es", "latin-1"), ("en", "cp1252"),
    ("de", "mac_roman"), ("de", "cp850"), ("pl", "cp1250"), ("pl", "iso8859-2"), ("cs", "cp1250"),
    ("hu", "cp1250"), ("hu", "iso8859-2"), ("ru", "cp1251"), ("ru", "koi8-r"), ("ru", "cp866"),
    ("uk", "cp1251"), ("el", "cp1253"), ("el", "iso8859-7"), ("tr", "cp1254"), ("ja", "shift_jis"),
    ("ja", "euc-jp"), ("zh", "gb18030"), ("zh", "big5"), ("ko", "euc-kr"), ("he", "cp1255"),
    ("ru", "utf-16-le"), ("ru", "utf-16-be"), ("zh", "utf-16"), ("de", "utf-32-le"),
    ("de", "utf-32"), ("de", "utf-8"), ("ja", "utf-8"), ("el", "utf-8-sig"),
]  # fmt: skip


@pytest.mark.parametrize(("language", "encoding"), SAVED)
@pytest.mark.parametrize("beside", ["", "\nThe exam takes place in the hall.\n" * 6])
def test_text_comes_back_as_it_was_saved(language, encoding, beside):
    data = (SENTENCES[language] + beside).encode(encoding, "ignore")
    wanted = data.decode(encoding)
    assert decode_text(data) == wanted
    assert not is_binary(data)


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ('<?xml version="1.0" encoding="ISO-8859-5"?><p>Да</p>'.encode("iso8859-5"), "Да"),
        ('<meta http-equiv=x content="text/html; charset=windows-1251">Да'.encode("cp1251"), "Да"),
        ("# -*- coding: euc-jp -*-\n日本".encode("euc-jp"), "日本"),
        ("\\usepackage[latin2]{inputenc}\nPięć".encode("latin2"), "Pięć"),
        ("<meta charset=latin-1>“so”".encode("cp1252"), "“so”"),
        ('<meta charset="latin-1">Größe 日本'.encode(), "Größe 日本"),
        (b"coding: unicode_escape \\x41 \xe9", "\\x41 é"),
        (b"coding: no-such-thing \xe9", "é"),
    ],
)
def test_what_a_file_declares_counts_unless_it_is_utf8(data, text):
    assert text in decode_text(data)


ELF = b"\x7fELF\x02\1\1" + b"\0" * 60


@pytest.mark.parametrize("data", [bytes(range(256)) * 8, ELF, b"\1\0\2\0\x80\0" * 99, b"\0" * 40])
def test_what_is_no_text_is_told(data):
    assert is_binary(data)


@pytest.mark.parametrize(
    ("name", "head"), [("x.html", "<meta charset=windows-1251>"), ("x.md", ""), ("x.tex", "")]
)
def test_readers_of_text_decode_alike(read, name, head):
    data = (head + SENTENCES["ru"]).encode("cp1251")
    assert read(name, data).text == SENTENCES["ru"]
