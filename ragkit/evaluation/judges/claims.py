"""Sentences that people have judged, read from files of several published forms and of our own.

Reads, and chooses some; it judges nothing.
"""

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from ragkit.errors import UsageError, unknown_name
from ragkit.evaluation.adapters.reading import Row, read_rows
from ragkit.evidence import parse_citations

_LEAST_EVIDENCE_WORDS = 6
"""Shorter pieces of ExpertQA's evidence are addresses and titles."""


@dataclass(frozen=True, slots=True)
class LabelledClaim:
    """A sentence, what it should rest on, and whether people say that it does."""

    text: str
    passages: tuple[str, ...]
    supported: bool
    kind: str = ""
    """How the set names its label or part; as many are drawn of each as of the others."""
    group: str = ""
    """What it shares with others, such as a passage: a group lies in one half."""


def read_pairs(row: Row) -> Iterator[LabelledClaim]:
    """Yield the claim of our own form: {"claim", "passages", "supported"}, perhaps "group"."""
    supported = row.values.get("supported")
    if not isinstance(supported, bool):
        raise row.lacks("supported")
    claim, passages = row.text("claim"), row.texts("passages")
    group = str(row.values.get("group", "\n".join(passages)))
    yield LabelledClaim(claim, passages, supported, str(supported), group)


def read_begin(row: Row) -> Iterator[LabelledClaim]:
    """Yield a response in a conversation that is, or is not, fully attributable to its text.

    Source: Dziri et al. 2022, "Evaluating Attribution in Dialogue Systems: The BEGIN Benchmark".
    """
    label, text = row.text("begin_label"), row.text("knowledge")
    if label != "Generic":
        kind = str(row.values.get("part", label))
        yield LabelledClaim(
            row.text("response"), (text,), label == "Fully attributable", kind, text
        )


def read_wice(row: Row) -> Iterator[LabelledClaim]:
    """Yield a claim of Wikipedia with sentences of what it cites; partly supported is not.

    Source: Kamoi et al. 2023, "WiCE: Real-World Entailment for Claims in Wikipedia".
    """
    label, claim = row.text("label"), row.text("claim")
    evidence = "\n".join(row.texts("evidence"))
    yield LabelledClaim(claim, (evidence,), label == "supported", label, claim)


def read_fool_me_twice(row: Row) -> Iterator[LabelledClaim]:
    """Yield a claim that a player wrote to be mistaken for true, or for false.

    Source: Eisenschlos et al. 2021, "Fool Me Twice: Entailment from Wikipedia Gamification".
    """
    label, evidence = row.text("label"), row.values.get("gold_evidence")
    if not isinstance(evidence, list):
        raise row.lacks("gold_evidence")
    text = " ".join(str(one["text"]) for one in evidence)
    group = str(row.values.get("wikipedia_page") or text)
    yield LabelledClaim(row.text("text"), (text,), label == "SUPPORTS", label, group)


def read_expertqa(row: Row) -> Iterator[LabelledClaim]:
    """Yield the sentences of answers with the evidence that experts judged them by.

    Source: Malaviya et al. 2024, "ExpertQA: Expert-Curated Questions and Attributed Answers".
    """
    answers = row.values.get("answers")
    if not isinstance(answers, dict):
        raise row.lacks("answers")
    for answer in answers.values():
        for claim in answer["claims"]:
            evidence = claim["evidence"]
            texts = [evidence] if isinstance(evidence, str) else evidence
            kept = tuple(text for text in texts if len(text.split()) >= _LEAST_EVIDENCE_WORDS)
            label = claim["support"]
            if kept and label in ("Complete", "Partial", "Incomplete"):
                said = " ".join(one.text for one in parse_citations(claim["claim_string"]))
                yield LabelledClaim(said, kept, label == "Complete", label, row.text("question"))


def read_halueval(row: Row) -> Iterator[LabelledClaim]:
    """Yield an answer to a request that people marked as made up or not, beside that request.

    There is nothing else that it could rest on: where a request brings no text, this asks for
    knowledge.

    Source: Li et al. 2023, "HaluEval: A Large-Scale Hallucination Evaluation Benchmark", general.
    """
    label, asked = row.text("hallucination"), row.text("user_query")
    yield LabelledClaim(row.text("chatgpt_response"), (asked,), label == "no", label, asked)


FORMS: dict[str, tuple[Callable[[Row], Iterator[LabelledClaim]], str]] = {
    "pairs": (read_pairs, "supported"),
    "begin": (read_begin, "begin_label"),
    "fool-me-twice": (read_fool_me_twice, "gold_evidence"),
    "expertqa": (read_expertqa, "answers"),
    "halueval": (read_halueval, "chatgpt_response"),
    "wice": (read_wice, "evidence"),
}
"""How each form is read, and the key that it is known by."""


def read_claims(path: Path, form: str = "") -> tuple[str, tuple[LabelledClaim, ...]]:
    """Return the form of a file, and the claims in it.

    Args:
        path: JSONL or JSON, packed with gzip or not.
        form: A name in `FORMS`; empty to tell it by the keys of the first row.

    Raises:
        UsageError: There is no such form, or the file is of none or of another.
    """
    if form and form not in FORMS:
        raise unknown_name("form", form, FORMS)
    rows = tuple(read_rows(path))
    if not rows:
        raise UsageError(f"{path} holds no claims", hint=_HINT)
    form = form or _form_of(rows[0])
    claims: list[LabelledClaim] = []
    for row in rows:
        try:
            claims += FORMS[form][0](row)
        except (KeyError, TypeError, AttributeError) as error:
            raise UsageError(f"{row.place} is not in the form {form}", hint=_HINT) from error
        except UsageError as error:
            raise UsageError(error.message, hint=_HINT) from error
    return form, tuple(claims)


_HINT = 'give lines of {"claim": "...", "passages": ["..."], "supported": true}, or see --form'


def _form_of(row: Row) -> str:
    for name, (_, key) in FORMS.items():
        if key in row.values:
            return name
    raise UsageError(f"{row.place} is in no known form", hint=_HINT)


def choose_claims(claims: Sequence[LabelledClaim], limit: int | None) -> tuple[LabelledClaim, ...]:
    """Return up to `limit` claims, as many of each kind and label as there are of the others.

    >>> claims = [LabelledClaim(str(n), (), n > 2, "one") for n in range(9)]
    >>> sum(claim.supported for claim in choose_claims(claims, 4))
    2
    """
    kinds: dict[tuple[str, bool], list[LabelledClaim]] = {}
    for claim in claims:
        kinds.setdefault((claim.kind, claim.supported), []).append(claim)
    chance = random.Random(0)  # noqa: S311 - repeatable on purpose
    shuffled = [chance.sample(members, len(members)) for members in kinds.values()]
    chosen: list[LabelledClaim] = []
    for depth in range(max(map(len, shuffled), default=0)):
        chosen += [members[depth] for members in shuffled if depth < len(members)]
    return tuple(chosen[:limit])
