"""Rules that reword a sentence or change what it says; each returns None where it does not fit.

The lists of words were written before the rules of `ragkit.evidence.support`, and apart from them.
"""

import random
import re
from collections.abc import Callable
from typing import NamedTuple

from ragkit.words import STOP_WORDS

MONTHS = (
    "January February March April May June July August September October November December".split()
)
_FIGURES = dict(zip("2 3 4 5 6 7 8 9 10 12".split(), "two three four five six seven eight nine ten"
    " twelve".split(), strict=True))  # fmt: skip
_OPPOSITES = (
    ("higher", "lower"), ("larger", "smaller"), ("more", "less"), ("before", "after"),
    ("first", "last"), ("increases", "decreases"), ("increase", "decrease"), ("always", "never"),
    ("with", "without"), ("raises", "reduces"), ("longer", "shorter"), ("easy", "hard"),
    ("better", "worse"), ("best", "worst"), ("high", "low"), ("above", "below"), ("most", "least"),
    ("faster", "slower"), ("early", "late"), ("many", "few"), ("adds", "removes"),
)  # fmt: skip
_SYNONYMS = (
    ("for example", "for instance"), ("uses", "makes use of"), ("about", "approximately"),
    ("shows", "demonstrates"), ("is called", "is known as"), ("large", "big"),
    ("often", "frequently"),
    ("begins", "starts"), ("gives", "provides"), ("needs", "requires"),
    ("because", "since"), ("must", "has to"), ("helps", "assists"), ("whole", "entire"),
)  # fmt: skip
_AUXILIARY = re.compile(
    r"\b(is|are|was|were|can|could|will|would|should|does|has|have|had)\b(?! not)"
)
_NAME = re.compile(r"(?<=[a-z,] )([A-Z][\w-]+(?: [A-Z][\w-]+)*)")
_SUBJECT = re.compile(
    r"^((?:[A-Z][\w-]*|The|A|An)\b[^,;:()]{2,50}?) (is|are|was|were|has|uses|can) "
)
_NOUN = re.compile(r"\b(?:the|an?|its|their|[Tt]he|every|each) ([a-z]{4,})\b")
_LEAST_KEPT_WORDS = 5
_POINTING = ("It ", "This ", "That ", "These ", "They ", "He ", "She ", "There ", "Each ", "What ")

Rule = Callable[[str, random.Random, "Neighbourhood"], str | None]


class Neighbourhood(NamedTuple):
    """What stands around a sentence: names and numbers to swap in, and other sentences."""

    sentences: tuple[str, ...]
    names: tuple[str, ...]
    numbers: tuple[str, ...]


def find_names(text: str) -> tuple[str, ...]:
    """Return the names in a text, each once."""
    return tuple(dict.fromkeys(name for name in _NAME.findall(text) if _is_name(name, text)))


def _is_name(word: str, text: str) -> bool:
    """Say whether a capitalised word is never written small in a text, and is no month."""
    small = word.lower()
    return (
        word not in MONTHS
        and small not in STOP_WORDS
        and not re.search(rf"\b{re.escape(small)}\b", text)
    )


def _replace_word(text: str, old: str, new: str) -> str | None:
    changed = re.sub(rf"\b{re.escape(old)}\b", new, text, count=1)
    return changed if changed != text else None


# --- what a sentence still says ------------------------------------------------------------------


def copy(text: str, _random: random.Random, _around: Neighbourhood) -> str | None:
    """Return the sentence itself."""
    return text


def write_numbers_otherwise(
    text: str, _random: random.Random, _around: Neighbourhood
) -> str | None:
    """Return it with "5%" as "5 percent", "40,000" as "40000", and 3 as "three" or back."""
    text = re.sub(r"(\d)\s?%", r"\1 percent", re.sub(r"(\d),(\d{3})\b", r"\1\2", text))
    for figure, word in _FIGURES.items():
        bare = re.sub(rf"(?<![\d.,/(-]){figure}(?= [a-z])", word, text, count=1)
        text = bare if bare != text else re.sub(rf"\b{word} (?=[a-z]+s\b)", f"{figure} ", text)
    return text


def write_dates_otherwise(text: str, _random: random.Random, _around: Neighbourhood) -> str | None:
    """Return it with "3 March" as "March 3rd", or the other way about."""
    months = "|".join(MONTHS)
    endings = {"1": "st", "2": "nd", "3": "rd"}
    turned = re.sub(
        rf"\b(\d{{1,2}}) ({months})\b",
        lambda m: f"{m[2]} {m[1]}{endings.get(m[1][-1], 'th') if m[1][0] != '1' else 'th'}",
        text,
    )
    return turned if turned != text else re.sub(rf"\b({months}) (\d{{1,2}})\b,?", r"\2 \1", text)


def contract(text: str, _random: random.Random, _around: Neighbourhood) -> str | None:
    """Return it with "is not" as "isn't"."""
    return re.sub(r"\b(is|are|was|were|does|do|did|has|have|could|would) not\b", r"\1n't", text)


def drop_brackets(text: str, _random: random.Random, _around: Neighbourhood) -> str | None:
    """Return it without what stands in brackets."""
    return re.sub(r"\s*\([^()]*\)", "", text)


def drop_tail(text: str, _random: random.Random, _around: Neighbourhood) -> str | None:
    """Return it without a clause at its end that only adds something."""
    head = re.split(r", (?:which|and|so|because|while|as) | because ", text, maxsplit=1)[0]
    return head + "." if head != text and len(head.split()) >= _LEAST_KEPT_WORDS else None


def turn_clauses(text: str, _random: random.Random, _around: Neighbourhood) -> str | None:
    """Return "Y if X." for "If X, Y."."""
    found = re.fullmatch(r"(If|When|Because|In|At|For|On) ([^,]+), ([^,]+)\.", text)
    if not found:
        return None
    rest = found[3][0].upper() + found[3][1:]
    return f"{rest} {found[1].lower()} {found[2]}."


def make_passive(text: str, _random: random.Random, _around: Neighbourhood) -> str | None:
    """Return "B was proposed by A." for "A proposed B."."""
    found = re.fullmatch(
        r"((?:[A-Z][\w-]+)(?: (?:and |et al\. )?[A-Z]?[\w-]*)?) (\w+ed) (.+?)\.", text
    )
    if not found or not found[3][0].isalpha() or len(found[3].split()) > 12:
        return None
    return f"{found[3][0].upper()}{found[3][1:]} was {found[2]} by {found[1]}."


def use_synonym(text: str, _random: random.Random, _around: Neighbourhood) -> str | None:
    """Return it with one everyday word as another."""
    for old, new in _SYNONYMS:
        changed = _replace_word(text, old, new)
        if changed:
            return changed
    return None


def print_badly(text: str, _random: random.Random, _around: Neighbourhood) -> str | None:
    """Return it as scans and slides print it: ligatures, other hyphens and quotes."""
    text = text.replace("fi", chr(0xFB01)).replace("'", chr(0x2019)).replace(" - ", " – ")
    return re.sub(r"\b(pre|re|sub|non|multi|self|co)-(?=[a-z])", r"\1", text)


# --- what it does not say ------------------------------------------------------------------------


def swap_name(text: str, chance: random.Random, around: Neighbourhood) -> str | None:
    """Return it with one name in place of another from the same passages."""
    own = [name for name in _NAME.findall(text) if name in around.names]
    others = [name for name in around.names if name not in text]
    return (
        _replace_word(text, chance.choice(own), chance.choice(others)) if own and others else None
    )


def swap_word(text: str, chance: random.Random, around: Neighbourhood) -> str | None:
    """Return it with the word after an article in place of such a word of another sentence."""
    own = _NOUN.findall(text)
    rest = " ".join(sentence for sentence in around.sentences if sentence != text)
    others = [
        w
        for w in _NOUN.findall(rest)
        if w not in text and (w[-1] == "s") == (own[:1] or [""])[0].endswith("s")
    ]
    return _replace_word(text, own[0], chance.choice(others)) if own and others else None


def swap_number(text: str, chance: random.Random, around: Neighbourhood) -> str | None:
    """Return it with another number, from the same passages where there is one."""
    own = re.findall(r"(?<![\w.,-])\d+(?:\.\d+)?(?![\w-]|,\d)", text)
    if not own:
        return None
    old = chance.choice(own)
    others = [number for number in around.numbers if number not in text]
    return _replace_word(text, old, chance.choice(others) if others else str(int(float(old)) + 1))


def swap_date(text: str, chance: random.Random, _around: Neighbourhood) -> str | None:
    """Return it with another month or year."""
    found = [month for month in MONTHS if re.search(rf"\d {month}\b|\b{month} \d", text)]
    if found:
        other = chance.choice([month for month in MONTHS if month not in text])
        return _replace_word(text, found[0], other)
    years = re.findall(r"\b(?:1[89]|20)\d\d\b", text)
    return (
        _replace_word(text, years[0], str(int(years[0]) + chance.choice((-7, -2, 3, 9))))
        if years
        else None
    )


def negate(text: str, _random: random.Random, _around: Neighbourhood) -> str | None:
    """Return it with a negation more or less."""
    if " not " in text:
        return text.replace(" not ", " ", 1)
    found = _AUXILIARY.search(text)
    return f"{text[: found.end()]} not{text[found.end() :]}" if found else None


def negate_softly(text: str, _random: random.Random, _around: Neighbourhood) -> str | None:
    """Return it denied in words other than "not"."""
    for old, new in (
        (" is ", " is no longer "), (" are ", " are by no means "), (" can ", " is unable to "),
        (" has ", " lacks "), (" uses ", " avoids "), (" was ", " was hardly "),
    ):  # fmt: skip
        if old in text and " not " not in text:
            return text.replace(old, new, 1)
    return None


def say_the_opposite(text: str, _random: random.Random, _around: Neighbourhood) -> str | None:
    """Return it with one word turned into its opposite."""
    for first, second in _OPPOSITES:
        changed = _replace_word(text, first, second) or _replace_word(text, second, first)
        if changed:
            return changed
    return None


def swap_roles(text: str, _random: random.Random, around: Neighbourhood) -> str | None:
    """Return it with the names on both sides of its verb exchanged."""
    found = re.match(
        r"^([A-Z][\w-]+) ((?:\w+ ){0,2}\w+(?:s|ed) (?:\w+ ){0,3}?)([A-Z][\w-]+)\b", text
    )
    if (
        not found
        or found[3] not in around.names
        or not _is_name(found[1], " ".join(around.sentences))
    ):
        return None
    return f"{found[3]} {found[2]}{found[1]}{text[found.end() :]}"


def splice(text: str, chance: random.Random, around: Neighbourhood) -> str | None:
    """Return its subject with the predicate of a neighbouring sentence."""
    own = _SUBJECT.match(text)
    if not own or text.startswith(_POINTING):
        return None
    rest = []
    for other in around.sentences:
        found = _SUBJECT.match(other)
        if found and other != text and found[2] == own[2] and found[1] != own[1]:
            rest.append(other[found.end(1) :])
    return own[1] + chance.choice(rest) if rest else None


RULES: dict[str, tuple[Rule, bool]] = {
    "copied": (copy, True),
    "numbers written otherwise": (write_numbers_otherwise, True),
    "dates written otherwise": (write_dates_otherwise, True),
    "contracted": (contract, True),
    "brackets dropped": (drop_brackets, True),
    "tail dropped": (drop_tail, True),
    "clauses turned": (turn_clauses, True),
    "passive": (make_passive, True),
    "synonym": (use_synonym, True),
    "badly printed": (print_badly, True),
    "name swapped": (swap_name, False),
    "word swapped": (swap_word, False),
    "number swapped": (swap_number, False),
    "date swapped": (swap_date, False),
    "negated": (negate, False),
    "denied in other words": (negate_softly, False),
    "opposite": (say_the_opposite, False),
    "roles swapped": (swap_roles, False),
    "spliced": (splice, False),
}
