"""Questions for names, terms and reasons."""

import re

from ragkit.evaluation.drafting.grammar import BE, NAME, PERSON_VERBS, ROLES, THING_VERBS, split_at
from ragkit.evaluation.drafting.questions.asked import Asked
from ragkit.evaluation.scoring import contains

_BE = "|".join(BE)


_RELATIVE = re.compile(r" (?:that|which|who|whose|whom|when|where|with|for|of which) ")
_SAYS = re.compile(r" (?:is|are|was|were|has|have|had|can|may|must|does|do|sees|says) ")
_MOST_DONE_WORDS = 6
"""A longer "by" may belong to something else than what was done."""
_LEADS_IN = frozenset("in on at for with by to when if because as from after before".split())


def ask_named(sentence: str) -> Asked | None:
    """Return the question for what something is called.

    >>> ask_named("the coldest layer of the lake is called the noll.").question
    'What is the coldest layer of the lake called?'
    """
    clause = split_at(sentence, _BE)
    match = clause and re.fullmatch(
        r"(also |often |usually )?(called|known as|named)( an?| the)? ([\w’'-]+(?: [\w’'-]+){0,3})",
        clause.rest,
    )
    if (
        not clause
        or not match
        or re.search(r" (?:of|in|on|at|for|with|by|to|and|or) ", f" {match[4]} ")
    ):
        return None
    return Asked(f"What {clause.verb} {clause.subject} {match[2]}?", match[4], "term")


def ask_holder(sentence: str) -> Asked | None:
    """Return the question for the name of someone or something.

    >>> ask_holder("the first speaker of the League was Jorunn Hask, a widow.").question
    'Who was the first speaker of the League?'
    """
    clause = split_at(sentence, "is|was")
    if not clause or not re.fullmatch(NAME, clause.rest) or not clause.subject.startswith("the "):
        return None
    roles = ROLES.intersection(clause.subject.split())
    asked = "Who" if roles else "What"
    kind = "name" if roles else "term"
    return Asked(f"{asked} {clause.verb} {clause.subject}?", clause.rest, kind)


def ask_person(sentence: str) -> Asked | None:
    """Return the question for who did something.

    >>> ask_person("Celestine Vauquer deciphered the knot ledgers in 1908.").question
    'Who deciphered the knot ledgers in 1908?'
    """
    verbs = PERSON_VERBS.replace(" ", "|")
    match = re.fullmatch(
        rf"({NAME}(?: et al\.| and {NAME})?)(?: \(\d{{4}}\))? ({verbs}) (.+)\.", sentence
    )
    clause = match and split_at(f"X {match[2]} {match[3]}.", match[2])
    if not match or not clause or len(clause.rest.split()) < 2 or re.search(r"\d", match[1]):
        return None
    return Asked(f"Who {match[2]} {clause.rest}?", match[1], "name")


def ask_by_whom(sentence: str) -> Asked | None:
    """Return the question for by whom something was done.

    >>> ask_by_whom("the brake was invented in 1903 by Piet Sarrow, a smith.").question
    'By whom was the brake invented in 1903?'
    """
    clause = split_at(sentence, "was|were")
    match = clause and re.fullmatch(rf"(.+) by ({NAME})", clause.rest)
    if not clause or not match or len(match[2].split()) < 2:
        return None
    if " and " in match[1] or len(match[1].split()) > _MOST_DONE_WORDS:
        return None
    return Asked(f"By whom {clause.verb} {clause.subject} {match[1]}?", match[2], "name")


def ask_thing(sentence: str) -> Asked | None:
    """Return the question for what does something.

    >>> ask_thing("perplexity measures how well a model predicts a text.").question
    'What measures how well a model predicts a text?'
    """
    clause = split_at(sentence, THING_VERBS.replace(" ", "|"))
    if not clause or not 4 <= len(clause.rest.split()) <= 14:
        return None
    bare = re.sub(r"^(?:the|an?|each|every|all) ", "", clause.subject)
    titled = re.match(r"(?:Dr|Prof)\. ", bare)
    if len(bare.split()) > 3 or (re.search(r"\d", f"{bare} {clause.rest}") and not titled):
        return None
    asked = "Who" if titled else "What"
    return Asked(
        f"{asked} {clause.verb} {clause.rest}?", bare, "name" if asked == "Who" else "term"
    )


def ask_defined(sentence: str) -> Asked | None:
    """Return the question for the term that a definition is of.

    >>> ask_defined("perplexity is the exponential of the mean loss per token.").question
    'What is the exponential of the mean loss per token?'
    >>> ask_defined("Recall@k: the share of questions with a right passage among k.").question
    'Which term means the share of questions with a right passage among k?'
    """
    line = re.fullmatch(r"([A-Z][\w@-]*(?: [\w@-]+){0,2}): ((?:the|an?) [^.;:]+)\.", sentence)
    if line and len(line[2].split()) >= 6 and not _is_sentence(line[2]) and "," not in line[2]:
        return Asked(f"Which term means {line[2]}?", line[1], "term")
    clause = split_at(sentence, "is")
    if not clause or len(clause.subject.split()) > 3 or clause.subject[:1].isdigit():
        return None
    least = {"the": 5, "a": 8, "an": 8}.get(clause.rest.split()[0], 99)
    bare = re.sub(r"^(?:the|an?) ", "", clause.subject)
    if not least <= len(clause.rest.split()) <= 14 or bare.split()[0] in ("first", "second"):
        return None
    return Asked(f"What is {clause.rest}?", bare, "term")


def _is_sentence(text: str) -> bool:
    """Say whether a text is a sentence of its own rather than a definition.

    >>> _is_sentence("Predictions are sorted into bins"), _is_sentence("a model that is small")
    (True, False)
    """
    main = _RELATIVE.split(f" {text} ", maxsplit=1)[0]
    return bool(_SAYS.search(f"{main} ")) or text.split(maxsplit=1)[0].lower() in _LEADS_IN


def ask_reason(sentence: str) -> Asked | None:
    """Return the question for a reason of a few words.

    >>> ask_reason("the loop is called the Ladle because it is shaped like one.").answer
    'it is shaped like one'
    """
    match = re.fullmatch(r"(.+?),? because (?:of )?([^,;:]+?)\.", sentence)
    clause = match and split_at(f"{match[1]}.", f"{_BE}|can|cannot|must|may|should")
    if not match or not clause or not 2 <= len(match[2].split()) <= 12:
        return None
    if len(match[1].split()) != len(f"{clause.subject} {clause.verb} {clause.rest}".split()):
        return None  # something was cut off that the reason may be for
    return Asked(f"Why {clause.verb} {clause.subject} {clause.rest}?", match[2], "reason")


def question_of_entry(text: str) -> Asked | None:
    """Return the question for the term of a glossary's entry; None where it is no entry.

    >>> question_of_entry("Re-ranking. Sorting a short list with a better model. Slow.").question
    'Which term means sorting a short list with a better model?'
    """
    entry = re.match(r"([A-Z@][\w@’'-]*(?: [\w@’'-]+){0,3})[.:] ([A-Z][^.,;:(]+)[.,;]", text)
    if not entry or _is_sentence(entry[2]):
        return None
    first, *words = entry[2].split()
    definition = f"{first.lower()} {' '.join(words)}"
    if len(words) < 4 or contains(definition, entry[1]):
        return None
    return Asked(f"Which term means {definition}?", entry[1], "term")
