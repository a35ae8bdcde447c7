"""Recognising that a model said "the documents do not say", in whatever words and in 14 languages.

Patterns of phrases by language, each within one sentence. They ask for a negated verb of telling
beside a word for documents, or for what says by itself that there is no answer. A sentence that
speaks about documents as its subject ("The documents do not overlap") is none.
"""

import re

_TELL = r"(?:say|state|mention|specify|tell|answer|address|indicate|disclose|reveal)s?"
_HOLD = r"(?:hold|include|give|contain|provide|cover|have|offer|discuss)s?"
_THING = (
    r"(?:\w+ ){0,3}(?:information|answers?|details?|mention|anything|evidence|enough|this"
    r"|that|it"
    r"|what|when|where|which|who|how|why|whether|facts?|data)\b"
)
_DOC = (
    r"(?:documents?|sources?|texts?|passages?|context|notes?|course|materials?|excerpts?)\b"
    r"(?! (?:languages?|codes?|files?|words?|sentences?|domains?|tasks?|nodes?|sets?|vectors?"
    r"|lengths?|windows?|of the (?:corpus|training)))"
)
_NOT = r"(?:(?:do|does|did) ?(?:not|n['’]t)|never|cannot|can['’]t)"
_RELATIVE = r"(?<!that the )(?<!which the )(?<!what the )(?<!that )(?<!which )(?<!what )"

PHRASES: dict[str, tuple[str, ...]] = {
    "en": (
        rf"{_RELATIVE}\b{_DOC} (?:provided |given )?{_NOT} (?:\w+ ){{0,2}}?{_TELL}\b",
        rf"{_RELATIVE}\b{_DOC} (?:provided |given )?{_NOT} (?:\w+ )?{_HOLD} {_THING}",
        (
            rf"\b{_DOC} (?:provided |given )?(?:contain|provide|hold|give|offer)s? no"
            r" (?:\w+ )?(?:information|answer|mention|details?|evidence)\b"
        ),
        rf"\b(?:none|neither) of the {_DOC} (?:\w+ )?(?:{_TELL}|{_HOLD})\b",
        (
            r"\b(?:is|are|was|were) not (?:\w+ )?(?:mentioned|stated|specified|provided|given|found"
            rf"|covered|answered|available)(?: in| by)? ?(?:the|these|this|any)? ?(?:given "
            rf"|provided )?{_DOC}"
        ),
        (
            r"\bno (?:\w+ )?(?:information|mention|answer) (?:\w+ ){0,3}(?:in|about|on"
            r"|regarding|to|for)\b"
        ),
        rf"\bno evidence (?:\w+ ){{0,3}}in (?:the |these |this )?{_DOC}",
        r"\b(?:there is|there's|found|find) no (?:\w+ )?(?:information|answer|mention)\b",
        r"\bi(?: am|['’]m) (?:not sure|unable|not able|not certain)\b",
        (
            r"\bi (?:do not|don['’]t) (?:know|have (?:\w+ )?(?:information|access|enough"
            r"|an answer))\b"
        ),
        (
            r"\b(?:i|we) (?:cannot|can ?not|can['’]t|could not|couldn['’]t)"
            r" (?:answer|find|determine|provide|tell you)\b"
        ),
        r"\b(?:not enough|insufficient) (?:information|evidence|context)\b",
        r"\bunable to (?:answer|find|determine)\b",
        (
            r"\b(?:cannot|can not|can['’]t|could not) be (?:answered|determined|inferred|found)\b"
            rf".{{0,30}}\b{_DOC}"
        ),
        (
            r"^\W*(?:unanswerable|not (?:mentioned|stated|specified|given|answerable)|no answer"
            r"|unknown|n/a)\W*$"
        ),
    ),
    "de": (
        (
            r"\b(?:dokumente?n?|unterlagen|quellen?|texte?n?|passagen?|kontext|skripte?|folien"
            r"|materialien|notizen)\b[^.!?]{0,30}\b(?:sag(?:t|en)|nenn(?:t|en)|erwähn(?:t|en)"
            r"|beantworte(?:t|n)"
            r"|verr(?:ät|aten))\b(?![^.!?]{0,30}nicht nur)[^.!?]{0,40}\b(?:nicht|nichts"
            r"|keine\w*)\b"
        ),
        (
            r"\b(?:enth(?:ält|alten)|gib(?:t)?|geben|liefer(?:t|n)|mach(?:t|en))\b[^.!?]{0,30}\bkeine?\w*"
            r" (?:\w+ )?(?:information\w*|angabe\w*|antwort\w*|aussage\w*|auskunft|hinweis\w*)"
        ),
        (
            r"\bkeine (?:information\w*|angaben?|antwort|aussage|auskunft)\b[^.!?]{0,40}"
            r"\b(?:dokument\w*|unterlagen|quellen?|text\w*|kontext|dazu|darüber|hierzu|zu)\b"
        ),
        (
            r"\b(?:wird|werden|ist|sind)\b[^.!?]{0,50}\bnicht (?:erwähnt|genannt|angegeben"
            r"|beantwortet)\b"
        ),
        r"\b(?:lässt|lassen) sich\b[^.!?]{0,80}\bnicht (?:entnehmen|beantworten|sagen)\b",
        r"\bgeht\b[^.!?]{0,60}\bnicht hervor\b",
        (
            r"\bich (?:weiß|kenne)\b[^.!?]{0,20}\bnicht\b"
            r"|\bich kann\b[^.!?]{0,40}\bnicht (?:beantworten|sagen|finden)\b"
        ),
    ),
    "fr": (
        (
            r"\b(?:documents?|sources?|textes?|passages?|contexte|cours|notes|extraits?)\b[^.!?]{0,25}"
            r"\bn(?:e |['’])(?:(?:le|la|les|l['’]|en|y) ?)?(?:di(?:sen)?t|(?:mentionne|précise"
            r"|indique|donne|parle)(?:nt)?"
            r"|contien(?:nen)?t|fourni(?:ssen)?t|répond(?:ent)?)"
            r" (?:pas(?! (?:seulement|que))|rien|aucune?)\b(?! doublons?)"
        ),
        (
            r"\bn['’](?:est|a|ont|y a) pas (?:été )?(?:mentionnée?|précisée?|indiquée?|donnée?"
            r"|fournie?)\b"
        ),
        (
            r"\bil n['’]y a (?:pas|aucune?) (?:d['’]|de )?(?:information|mention|réponse"
            r"|indication)s?\b"
        ),
        r"\baucune (?:information|mention|réponse|indication)\b",
        r"\bje (?:ne|n['’]) ?(?:sais|peux|trouve|suis) pas\b",
    ),
    "es": (
        (
            r"\b(?:documentos?|fuentes?|textos?|pasajes?|contexto|apuntes|materiales)\b[^.!?]{0,25}"
            r"\bno (?:lo |la |se |me )?(?:dicen?|mencionan?|indican?|especifican?|proporcionan?"
            r"|responden?|aclaran?|contienen? (?:\w+ ){0,2}(?:información|respuesta|dato)\w*)\b"
            r"(?! (?:solo|sólo|solamente))"
        ),
        (
            r"\bno (?:hay|existe|dispongo de|tengo|encuentro|contienen?)\b[^.!?]{0,20}"
            r"\b(?:información|respuesta|mención)\b"
        ),
        (
            r"\bno se (?:menciona|indica|especifica|encuentra|proporciona|dice)n?\b[^.!?]{0,50}"
            r"\b(?:documento|fuente|texto|contexto|pasaje)s?\b"
        ),
        r"\bno lo sé\b|\bno (?:puedo|es posible) (?:responder|determinar|encontrar|saber)\b",
    ),
    "it": (
        (
            r"\b(?:documenti|documento|fonti|fonte|test[oi]|passagg\w+|contesto|appunti)\b[^.!?]{0,25}"
            r"\bnon (?:lo |la |si |ne )?(?:dicono|dice|(?:menziona|indica|specifica"
            r"|riporta)(?:no)?|forniscono"
            r"|fornisce|rispondono|parlano|conten(?:gono|e) (?:\w+ ){0,2}(?:informazion"
            r"|rispost)\w*)"
            r"(?:\b(?! (?:solo|soltanto)))"
        ),
        (
            r"\bnon (?:è|viene|sono|ci sono|c['’]è)\b[^.!?]{0,25}"
            r"\b(?:menzionat|indicat|specificat|informazion|rispost)\w*"
        ),
        r"\bnon (?:lo so|posso rispondere|trovo|è possibile (?:rispondere|determinare))\b",
        r"\bnessuna (?:informazione|risposta|menzione)\b",
    ),
    "pt": (
        (
            r"\b(?:documentos?|fontes?|textos?|passage(?:m|ns)|contexto|materiais)\b[^.!?]{0,25}"
            r"\bnão (?:o |a |se )?(?:dizem|diz|mencionam?|indicam?|especificam?|fornecem?"
            r"|respondem?"
            r"|informam?|cont[eê]m (?:\w+ ){0,2}(?:informaç|respost)\w*)(?! (?:só|apenas"
            r"|somente))"
        ),
        (
            r"\bnão (?:há|é|foi|existe|encontr\w+|consta)\b[^.!?]{0,25}"
            r"\b(?:informaç|mencionad|especificad|respost|indicad)\w*"
        ),
        r"\bnão (?:sei|(?:posso|consigo|é possível) (?:responder|determinar|encontrar))\b",
        r"\bnenhuma (?:informação|resposta|menção)\b",
    ),
    "nl": (
        (
            r"\b(?:documenten|document|bronnen|bron|teksten|tekst|passages?|context|materiaal)\b"
            r"[^.!?]{0,25}\b(?:zegt|zeggen|vermeld(?:t|en)|noem(?:t|en)|beantwoord(?:t|en)"
            r"|geeft|geven|bevat(?:ten)?)\b"
            r"[^.!?]{0,25}\b(?:niet(?! alleen)|niets|geen (?:\w+ )?(?:informatie|antwoord"
            r"|vermelding))\b"
        ),
        r"\bwordt\b[^.!?]{0,40}\bniet (?:vermeld|genoemd|gegeven)\b",
        r"\bgeen (?:informatie|antwoord|vermelding)\b",
        r"\bik (?:weet|kan)\b[^.!?]{0,20}\bniet\b",
    ),
    "pl": (
        (
            r"\b(?:dokument|źród|tekst|fragment|kontekst"
            r"|materiał)\w*[^.!?]{0,25}\bnie (?:mówi|wspomina|podaj"
            r"|określa|odpowiada|zawiera\w* (?:\w+ )?(?:informacji|odpowiedzi))\w*(?! tylko)"
        ),
        r"\b(?:brak|nie ma) (?:\w+ )?(?:informacji|odpowiedzi)\b|\bnie wiem\b",
    ),
    "ru": (
        (
            r"\b(?:документ|источник|текст|отрыв|контекст|материал)\w*[^.!?]{0,30}\bне\s+(?:говор|сказан"
            r"|упомина|указ|сообща|отвеча|содерж\w+ (?:\w+ )?(?:информаци|ответ|сведени))\w*"
        ),
        (
            r"\bне (?:указан|упомянут|сказан|упоминает)\w*\b[^.!?]{0,40}\b(?:документ|источник"
            r"|текст)\w*"
        ),
        r"\bнет (?:\w+ )?(?:информации|ответа|упоминания|сведений)\b",
        r"\bя не (?:знаю|могу (?:ответить|найти|определить))\b",
    ),
    "tr": (
        (
            r"\b(?:belge|kaynak|kaynağ|metin|metn|doküman|bağlam|parça)\w*[^.!?]{0,60}\b(?:belirtilm|söylem"
            r"|söylenm|bahsedilm|bahsetm|yer almıyor|yer almamak|bilgi içerm|bilgi verm|cevap verm"
            r"|yanıt verm|bilgi bulunm|cevap bulunm|yanıt bulunm|bilgi yok|cevap yok"
            r"|yanıt yok)\w*"
        ),
        r"\bbilmiyorum\b|\b(?:bilgi|cevap|yanıt) (?:yok|bulunmuyor|bulunmamak|mevcut değil)\w*",
    ),
    "zh": (
        (
            r"(?:文档|文件|文中|文章|资料|材料|原文|上下文|来源|段落|文本|课件|讲义|文檔|資料|來源|課件)"
            r"[^。！？]{0,14}(?:没有|并未|未|沒有|並未)(?:明确|具体|明確)?(?:说|提到|提及|提供|给出|涉及|回答|指出|讲"
            r"|包含[^。]{0,6}(?:信息|答案)|說|給出|包含[^。]{0,6}(?:資訊|答案))"
        ),
        r"(?:没有|未|沒有)(?:找到|提供|提及|提到)[^。！？]{0,12}(?:信息|答案|資訊|内容|內容)",
        r"我不知道|无法(?:回答|从)|無法(?:回答|從)",
    ),
    "ja": (
        (
            r"(?:文書|資料|ドキュメント|文章|本文|テキスト|出典|ソース|文脈|資料中)[^。！？]{0,24}"
            r"(?:記載|言及|説明|情報|書かれて|述べられて|示されて|答え)[^。！？]{0,6}"
            r"(?:ない|なく|ありません|いません|おりません)"
        ),
        r"(?:わかりません|分かりません|お答えできません|答えられません)",
        r"情報[がは]?(?:ない|ありません|見つかりません)",
    ),
    "ko": (
        (
            r"(?:문서|자료|본문|텍스트|출처|문맥)[^.!?]{0,30}(?:언급|정보|답|명시|설명|기재|나와)[^.!?]{0,12}"
            r"(?:없습니다|않습니다|않았습니다|없다|않는다)"
        ),
        r"알 수 없습니다|모르겠습니다|답할 수 없습니다",
    ),
    "ar": (
        (
            r"(?:الوثائق|المستندات|الوثيقة|المستند|النص|النصوص|المصادر|المصدر|السياق|الملفات)[^.!?؟]{0,30}"
            r"(?:لا|لم) (?:تذكر|يذكر|تقول|يقول|توضح|يوضح|تحدد|يحدد|تجيب|يجيب"
            r"|(?:تحتوي|يحتوي) على (?:أي )?(?:معلومات|إجابة|معلومة))"
        ),
        (
            r"(?:لا|لم) (?:تذكر|يذكر|تقول|يقول|توضح|يوضح|تحدد|يحدد) (?:هذه )?(?:الوثائق"
            r"|المستندات|النص|النصوص|المصادر)"
        ),
        r"لا (?:توجد|يوجد|تتوفر) (?:أي )?(?:معلومات|إجابة|معلومة)",
        r"لا (?:أعرف|أعلم|يمكنني الإجابة|أستطيع الإجابة)",
    ),
}
"""Regular expressions of an abstention by language (ISO 639-1); each is looked for on its own."""

_PHRASES = re.compile(
    "|".join(f"(?:{pattern})" for patterns in PHRASES.values() for pattern in patterns),
    re.IGNORECASE | re.MULTILINE,
)


def is_abstention(text: str) -> bool:
    """Say whether a completion says that the sources do not hold the answer.

    >>> is_abstention("The documents do not say.")
    True
    >>> is_abstention("Die Unterlagen sagen dazu nichts."), is_abstention("文档中没有提到。")
    (True, True)
    >>> is_abstention("Dropout is not used at test time [1].")
    False
    """
    return bool(_PHRASES.search(text))
