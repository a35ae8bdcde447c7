"""The little grammar that questions by rule need: which words a simple English sentence is made of.

It parses nothing: it knows closed classes of words, and says no where a sentence is not simple.
"""

import re
from collections.abc import Collection
from typing import NamedTuple

BE = ("is", "are", "was", "were")
MODALS = ("can", "cannot", "must", "may", "should", "will")
BASES = {
    "has": "have", "have": "have", "had": "have", "contains": "contain", "contain": "contain",
    "contained": "contain", "holds": "hold", "hold": "hold", "held": "hold", "needs": "need",
    "need": "need", "needed": "need", "uses": "use", "use": "use", "used": "use",
    "covers": "cover", "cover": "cover", "covered": "cover", "weighs": "weigh",
    "weigh": "weigh", "weighed": "weigh", "costs": "cost", "cost": "cost", "lasts": "last",
    "lasted": "last", "takes": "take", "take": "take", "took": "take", "paid": "pay",
    "pays": "pay", "sent": "send", "counts": "count", "counted": "count", "gives": "give",
    "gave": "give", "gets": "get", "carries": "carry", "carried": "carry", "reaches": "reach",
    "reached": "reach", "grows": "grow", "grew": "grow", "makes": "make", "made": "make",
    "includes": "include", "spans": "span", "produces": "produce", "returns": "return",
    "stores": "store", "reads": "read", "supports": "support", "requires": "require",
}  # fmt: skip
"""Verbs before a number, with what they are after "does" and "did"."""
PAST = frozenset(
    "had contained held needed used covered weighed lasted took paid sent counted gave carried "
    "reached grew made".split()
)
PLURAL = frozenset("have contain hold need use cover weigh cost take".split())
PERSON_VERBS = (
    "introduced invented proposed discovered wrote published described founded defined designed "
    "painted deciphered measured observed coined developed showed proved built led won formulated "
    "argued suggested estimated derived demonstrated calculated"
)
"""What people do to what a course is about: "Who introduced ...?" reads well."""
THING_VERBS = (
    "measures counts splits maps computes stores averages predicts describes compares turns "
    "converts produces removes adds assigns reduces prevents limits weighs replaces controls "
    "contains combines learns selects samples ranks translates encodes decodes estimates hides "
    "shows lists decides protects drives holds keeps returns normalises normalizes scales "
    "generates represents connects regulates carries"
)
ROLES = frozenset(
    "speaker lecturer author inventor founder director teacher painter king queen duke president "
    "manager engineer professor captain chair chairman leader tutor instructor assistant editor "
    "discoverer writer secretary minister mayor architect".split()
)
"""Of whom one asks who they are."""
MEASURED = frozenset("long high deep wide old tall thick heavy large".split())
NUMBER_WORDS = "two three four five six seven eight nine ten eleven twelve".split()
NUMBER = rf"(?:\d[\d,.]*\d|\d|{'|'.join(NUMBER_WORDS)})"
YEAR = r"(?:1[0-9]{3}|20[0-9]{2})"
NAME = r"(?:(?:Dr|Prof)\. )?[A-Z][\w'’-]+(?: (?:von|van|de|of) [A-Z][\w'’-]+| [A-Z][\w'’-]+){0,3}"
"""Words that begin with capital letters."""

_LEANING = frozenset(
    "it this that these those they he she its their his her such so therefore thus hence however "
    "but and or both neither otherwise instead then also again here there we you i our your my "
    "if when where while although though because since after before as for in on at by with to "
    "from under over during each one some other others another most many few further later "
    "hundreds thousands not no nor what who which why how let see note both either every more less "
    "e.g i.e".split()
)
"""First words of what does not stand alone, or does not begin with its subject."""
_DETERMINERS = frozenset("a an the all every two three four five".split())
_NO_NOUN = re.compile(
    r"^(?:(?:the|a|an|all|every) )?(?:\w+est|latter|former|other|larger|smaller|longer|"
    r"shorter|one|first|second|third|last|rest|result|results|"
    r"question|answer|reason|price|idea|point|most|best|worst|least|two|three|four|five)$",
    re.IGNORECASE,
)
"""Subjects that name nothing once they stand alone."""
_INNER = re.compile(
    r"[,;:()\[\]{}|=<>≈→/\\\"“”„]|\b(?:which|who|whom|whose|that|because|if|when|while|where|than|it|"
    r"they|this|these|those|its|their|his|her|he|she|we|you|our|your|not|never|also|and|or|but|so|"
    r"is|are|was|were|be|been|has|have|had|do|does|did|can|may|must|will|should|only|here|there|"
    r"then|now|above|below|following|latter|former)\b",
    re.IGNORECASE,
)
"""What a simple subject does not hold: another verb, clause or pronoun, or a word that points."""
_POINTING = re.compile(
    r"\b(?:it|they|this|these|those|them|its|their|his|her|he|she|we|us|you|our|your|here|there|"
    r"above|below|following|latter|former|slide|figure|fig|equation|section|chapter|table|page|"
    r"example|today|tomorrow|yesterday|former|respectively|such|same|another|other|else|only)\b",
    re.IGNORECASE,
)
_CUT = re.compile(
    r"(?:,(?!\d)|;|:(?!\d)| -| –| —|\("
    r"| (?:which|who|whose|because|when|while|where|so|but|although|since|as) "
    r"| and (?:is|are|was|were|has|have|had|it|they|its|can|may|must|thus) ).*$"
)
_LEAST_WORDS, _MOST_WORDS = 5, 32
_MOST_SUBJECT_WORDS = 9


class Clause(NamedTuple):
    """A sentence cut at its verb."""

    subject: str
    """As it stands in the middle of a sentence."""
    verb: str
    rest: str
    """What follows the verb, up to the first clause that leans on it."""


def is_simple(sentence: str) -> bool:
    """Say whether a sentence stands alone and begins with what it is about.

    >>> is_simple("The council of the League had 40 seats.")
    True
    >>> is_simple("It grows on rock walls."), is_simple("ready to go.")
    (False, False)
    """
    words = sentence.split()
    return (
        _LEAST_WORDS <= len(words) <= _MOST_WORDS
        and sentence[0].isupper()
        and sentence.endswith(".")
        and "\n" not in sentence.strip()
        and words[0].lower().strip(",") not in _LEANING
    )


def split_at(sentence: str, verbs: str) -> Clause | None:
    """Return a simple sentence cut at the first of some verbs; None where it is not simple.

    Args:
        sentence: One that `is_simple`.
        verbs: A regular expression without groups.

    >>> split_at("the council of the League had 40 seats.", "had")
    Clause(subject='the council of the League', verb='had', rest='40 seats')
    """
    match = re.search(rf" ({verbs}) ", sentence)
    if not match:
        return None
    subject, rest = sentence[: match.start()], sentence[match.end() : -1]
    rest = _CUT.sub("", rest).strip()
    if _NO_NOUN.match(subject) or re.match(r"^(?:the )?\w+est of\b", subject):
        return None
    if _INNER.search(subject) or not 1 <= len(subject.split()) <= _MOST_SUBJECT_WORDS or not rest:
        return None
    return Clause(subject, match[1], rest)


def to_middle(sentence: str, words: Collection[str]) -> str:
    """Return a sentence as it stands in the middle of another; names keep their capital letter.

    Notes on what follows ("Speaker notes:") and numbers of references go.

    Args:
        sentence: Any.
        words: Those that the documents hold in lower case.

    >>> to_middle("The lake [3] is old.", ()), to_middle("Lake Ossel is old.", ["lake"])
    ('the lake is old.', 'Lake Ossel is old.')
    >>> to_middle("Tokens are ids.", ["tokens"]), to_middle("BM25 is old.", ["bm25"])
    ('tokens are ids.', 'BM25 is old.')
    """
    sentence = re.sub(r" \[\d+(?:, ?\d+)*\]", "", sentence)
    sentence = re.sub(r"^(?:Speaker notes|Note|Notes|A|Q): (?=[A-Z])", "", sentence)
    first, _, others = sentence.partition(" ")
    if first.lower() in _DETERMINERS:
        return f"{first.lower()} {others}"
    parts = re.findall(r"[\w’']+", first)
    named = others[:1].isupper() or not (first[:1].isupper() and first[1:].islower())
    if not named and all(part.lower() in words for part in parts):
        return f"{first.lower()} {others}"
    return sentence


def points(text: str) -> bool:
    """Say whether a text points at something outside of it, and so says little alone.

    >>> points("today's deck"), points("the lake")
    (True, False)
    """
    return bool(_POINTING.search(text))


def reads_well(question: str) -> bool:
    """Say whether a question stands alone: it points at nothing outside, and is whole.

    >>> reads_well("How old is Lake Ossel?"), reads_well("What does this figure show?")
    (True, False)
    """
    words = question.split()
    return (
        4 <= len(words) <= 20
        and question[0].isupper()
        and question.endswith("?")
        and not points(question)
        and not re.search(r"[\[\]{}|=<>\\_*`“”\"]|\d \d|  | [.,;:?!]|\b(\w+) \1\b", question)
        and question.count("(") == question.count(")") == 0
        and words[-1].lower().strip("?") not in _DANGLING
    )


_DANGLING = frozenset("the a an and or is are was were very about over than that which".split())
