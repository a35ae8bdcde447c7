"""Which documents a phrase means: by number, place in the course, kind, title or file name.

A phrase that fits several equally well, or none, means nothing; nothing is guessed by likeness.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from ragkit.overview.dates import find_days
from ragkit.overview.places import COURSE_NOUNS, course_order, is_of, number_of
from ragkit.records import StoredDocument
from ragkit.words import STOP_WORDS, words_of

_ORDINALS = dict(
    zip(
        "first second third fourth fifth sixth seventh eighth ninth tenth".split(),
        range(1, 11),
        strict=True,
    )
)
_NUMBERS = dict(
    zip(
        "one two three four five six seven eight nine ten eleven twelve".split(),
        range(1, 13),
        strict=True,
    )
)
_ANY_NOUN = "|".join(f"(?P<{noun}>{words})" for noun, words in COURSE_NOUNS.items())
_FORM = r"(?P<form>slides|slide deck|deck|notes|transcript|lecture|materials?|documents?|readings?)"
_VALUE = r"(?P<number>\d{1,3}|" + "|".join(_NUMBERS) + ")"
_NUMBERED = (
    rf"(?:the )?(?:{_FORM} (?:of|from|for) (?:the )?)?(?:{_ANY_NOUN})s?(?: (?:no\.?|number|nr\.?)|"
    rf" ?#)? ?{_VALUE}(?:['’]s)?(?: {_FORM.replace('form', 'form2')})?"
)
_ORDINAL = (
    rf"(?:the )?(?P<ordinal>{'|'.join(_ORDINALS)}|last|latest|final|most recent) (?:{_ANY_NOUN})"
)
_DAY = rf"(?:the )?(?:{_ANY_NOUN}) (?:of|on|from) (?:the )?(?P<day>.+)"
_FILE = re.compile(
    r".*\w\.(?:pdf|pptx?|docx?|odt|odp|rtf|md|mdx|rmd|qmd|html?|txt|ipynb|tex|epub|srt|vtt|csv|tsv|rst)"
)
_KIND_WORDS = {
    "syllabus": "syllabus",
    "course syllabus": "syllabus",
    "lecture notes": "notes",
    "notes": "notes",
    "script": "notes",
    "transcript": "transcript",
    "exam": "exam",
    "assignment": "assignment",
    "homework": "assignment",
    "lab": "lab",
    "tutorial": "tutorial",
    "quiz": "quiz",
}
_ALWAYS_A_DOCUMENT = frozenset("faq glossary syllabus readme handbook".split())
_DETERMINERS = re.compile(r"^(?:the|this|my|our|your|that|a|an) ")
_WRAPPING = re.compile(
    r"(?:(?:lecture|slides?|slide deck|deck|document|file|notes|chapter|notebook|lesson|class"
    r"|session|lab|page)s? (?:about|on|called|titled|named|entitled)) "
)
_WRAPPED = re.compile(r" (?:lecture|slides|slide deck|deck|document|file|lesson|notebook|page)$")


@dataclass(frozen=True, slots=True)
class Meant:
    """The documents that a phrase means."""

    documents: tuple[StoredDocument, ...]
    remark: str = ""
    """What was assumed, as words; empty where nothing was."""


@dataclass(frozen=True, slots=True)
class Missing:
    """A phrase that names a document of the course by number or file name, and there is none."""

    phrase: str
    noun: str
    number: int | None
    known: tuple[str, ...]
    """What there is of that noun."""


def resolve(
    reference: str, documents: Sequence[StoredDocument], *, by_title: bool = True
) -> Meant | Missing | None:
    """Return which documents a phrase means; None where it names none.

    Args:
        reference: Lower case, as `recognise` returns it.
        documents: Those to choose from.
        by_title: Whether a bare title counts: "explain attention" may mean the thing itself.
    """
    phrase = reference.strip(" \"'“”‘’`«»")
    found = _by_place(phrase, documents) or _by_name(phrase, documents, by_title=by_title)
    if found is None and _FILE.fullmatch(phrase):
        return Missing(phrase, "document", None, tuple(document.path for document in documents))
    return found


def _by_place(phrase: str, documents: Sequence[StoredDocument]) -> Meant | Missing | None:
    """Return what a phrase means that gives a number, an order or a day."""
    if match := re.fullmatch(_NUMBERED, phrase):
        form = match["form"] or match["form2"] or ""
        return _numbered(phrase, _noun_of(match), _number(match["number"]), form, documents)
    if match := re.fullmatch(_ORDINAL, phrase):
        return _ordinal(phrase, _noun_of(match), match["ordinal"], documents)
    if (match := re.fullmatch(_DAY, phrase)) and (days := find_days(match["day"])):
        return _of_day(phrase, _noun_of(match), days[0].iso, documents)
    return None


def _numbered(
    phrase: str, noun: str, number: int, form: str, documents: Sequence[StoredDocument]
) -> Meant | Missing | None:
    found = [d for d in documents if number_of(d, noun) == number and _fits(d, noun)]
    remark = ""
    if not found and noun in ("lecture", "week"):
        found, remark = _by_the_other(noun, number, documents)
    wanted = {"slide deck": "slides", "deck": "slides"}.get(form, form)
    narrowed = [d for d in found if is_of(d, wanted)] if wanted else []
    found = narrowed or found
    if not found and noun == "chapter":
        return None  # it may well be a part of a document
    if not found:
        return _missing(phrase, noun, number, documents)
    return Meant(tuple(sorted(found, key=course_order)), remark)


def _fits(document: StoredDocument, noun: str) -> bool:
    return noun in ("week", "lecture") or is_of(document, noun)


def _by_the_other(
    noun: str, number: int, documents: Sequence[StoredDocument]
) -> tuple[list[StoredDocument], str]:
    """Return the lecture of a week, or the week of a lecture, where there is one of each only."""
    if any(number_of(document, noun) for document in documents):
        return [], ""
    other = "week" if noun == "lecture" else "lecture"
    lectures = [document for document in documents if is_of(document, "lecture")]
    found = [document for document in lectures if number_of(document, other) == number]
    return found, f"no document says its {noun}; this is {other} {number}" if found else ""


def _ordinal(
    phrase: str, noun: str, ordinal: str, documents: Sequence[StoredDocument]
) -> Meant | Missing:
    ordered = sorted((d for d in documents if is_of(d, noun)), key=course_order)
    keys = list(dict.fromkeys(course_order(document)[:2] for document in ordered))
    place = _ORDINALS.get(ordinal, len(keys))
    if not 1 <= place <= len(keys):
        return _missing(phrase, noun, None, documents)
    chosen = [document for document in ordered if course_order(document)[:2] == keys[place - 1]]
    if keys[place - 1][0] == 10**6:  # without numbers every document is one of its own
        chosen = ordered[-1:] if place == len(keys) and ordinal not in _ORDINALS else []
        chosen = chosen or ordered[place - 1 : place]
    return Meant(tuple(chosen))


def _of_day(
    phrase: str, noun: str, day: str, documents: Sequence[StoredDocument]
) -> Meant | Missing:
    dated = [document for document in documents if "date" in document.metadata]
    found = [d for d in dated if d.metadata["date"].endswith(day.lstrip("-"))]
    if found:
        return Meant(tuple(sorted(found, key=course_order)))
    known = tuple(document.metadata["date"] for document in sorted(dated, key=course_order))
    return Missing(phrase, noun, None, known)


def _missing(
    phrase: str, noun: str, number: int | None, documents: Sequence[StoredDocument]
) -> Missing:
    known: list[str] = []
    for document in sorted(documents, key=course_order):
        for name in (noun, "week" if noun == "lecture" else noun):
            of = number_of(document, name)
            if is_of(document, noun) and (of is not None):
                known.append(f"{name} {of}")
                break
    return Missing(phrase, noun, number, tuple(dict.fromkeys(known)))


def _by_name(phrase: str, documents: Sequence[StoredDocument], *, by_title: bool) -> Meant | None:
    bare = _DETERMINERS.sub("", phrase)
    if bare in ("document", "file", "pdf") and len(documents) == 1:
        return Meant(tuple(documents))
    inner = _WRAPPED.sub("", _WRAPPING.sub("", bare)).strip(" \"'“”‘’`«»")
    tests: list[Callable[[StoredDocument], bool]] = [
        lambda document: document.path.lower() in (phrase, bare, inner),
        lambda document: document.path.lower().endswith(f"/{inner}"),
        lambda document: document.metadata.get("kind") == _KIND_WORDS.get(bare, "-"),
    ]
    if by_title or inner != bare or bare in _ALWAYS_A_DOCUMENT:
        tests.append(lambda document: _said(inner) in _names_of(document))
    if inner != bare:  # "the lecture on embeddings" says that it names a document
        wanted = _telling(inner)
        tests.append(
            lambda document: bool(wanted) and wanted <= _telling(" ".join(_names_of(document)))
        )
    for test in tests:
        found = [document for document in documents if test(document)]
        if found:
            return Meant(tuple(found)) if _is_one(found) else None
    return None


def _is_one(found: Sequence[StoredDocument]) -> bool:
    """Say whether documents are one thing: a single one, or forms of the same title."""
    return len(found) == 1 or len({_said(document.title) for document in found}) == 1


def _names_of(document: StoredDocument) -> Iterator[str]:
    """Return what a document may be called: its title, the parts of it, its file's name."""
    stem = PurePosixPath(document.path).stem
    yield from filter(None, (_said(document.title), _said(stem)))
    without_course = re.sub(r"^(?:week|lecture|lec|lab|w|l)[ _-]?\d+[ _-]*|^\d+[ _-]+", "", stem)
    yield _said(without_course)
    for part in re.split(r"[:–—]| - ", document.title):
        yield _said(part)


def _said(name: str) -> str:
    """Return a name as words.

    >>> _said("Week01_Language-Models")
    'week01 language models'
    """
    return " ".join(re.findall(r"[^\W_]+", name.lower()))


def _telling(text: str) -> frozenset[str]:
    return frozenset(word for word in words_of(text) if word not in STOP_WORDS)


def _noun_of(match: re.Match[str]) -> str:
    return next(noun for noun in COURSE_NOUNS if match[noun])


def _number(text: str) -> int:
    return _NUMBERS.get(text) or int(text)
