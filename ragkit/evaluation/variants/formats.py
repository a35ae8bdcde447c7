"""How a prompt is laid out, its words left as they are: "format".

Formats are drawn from a grammar over the user template of a strategy: how a source is set, what
stands between sources, what the question is called, how labels are written, and how much space
there is. The numbers stay in brackets, so that a citation like [n] always names a source.

Source: Sclar et al. 2024, "Quantifying Language Models' Sensitivity to Spurious Features in Prompt
Design", section 3.1: separators, spacing, casing and enumeration as the parts of a grammar.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from ragkit.evaluation.errors import InapplicableError
from ragkit.evaluation.records import Case, Change, Variant
from ragkit.evaluation.variants.passages import hold
from ragkit.evaluation.variants.seeding import generator_for
from ragkit.prompting import Strategy

FORMATS = 8
"""Formats of a run, few enough for a laptop. Source: Sclar et al. 2024 draw ten."""

_NUMBERS = ("[{n}]", "[{n}]:", "{label} [{n}]", "{label} [{n}]:", "- [{n}]", "* [{n}]")
_PLACES = ("({p}) {t}", "{t} ({p})", "{p}: {t}", "{p} | {t}", '{p} -- "{t}"', "<{p}> {t}")
_BETWEEN = ("\n", "\n\n", "\n---\n", "\n\n\n")
_SOURCE_LABELS = ("Source", "Document", "Passage", "Excerpt")
_QUESTION_LABELS = ("Question", "Q", "Query", "Student's question")
_AFTER_LABEL = (": ", ":\n", " - ", " :: ", ":   ")
_SPACES = ("\n", "\n\n", "\n\n\n")
_CASES: dict[str, Callable[[str], str]] = {
    "as written": str,
    "capital": str.upper,
    "small": str.lower,
}
_LOOP = re.compile(
    r"\{%-?\s*for\s+\w+\s+in\s+sources\s*-?%\}.*?\{%-?\s*endfor\s*-?%\}\n?", re.DOTALL
)
_QUESTION = re.compile(r"^[^\n{]*\{\{\s*question\s*\}\}", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Format:
    """One way to lay out a prompt: a choice for each part of the grammar."""

    number: str = "[{n}]"
    place: str = "({p}) {t}"
    between: str = "\n"
    source_label: str = "Source"
    question_label: str = "Question"
    after_label: str = ": "
    space: str = "\n\n"
    case: str = "as written"

    def source(self, number: str, place: str, text: str) -> str:
        """Return a source on its line."""
        label = _CASES[self.case](self.source_label)
        return f"{self.number} {self.place}".format(n=number, p=place, t=text, label=label)

    def question(self, text: str) -> str:
        """Return the question with its label."""
        return f"{_CASES[self.case](self.question_label)}{self.after_label}{text}"

    def __str__(self) -> str:
        """Return how a source and a question look, on one line."""
        shown = f"{self.source('1', 'a.pdf', 'Text.')}{self.between}{self.question('Why?')}"
        return " ".join(shown.replace("\n", " ⏎ ").split())


_PARTS: dict[str, Sequence[str]] = {
    "number": _NUMBERS,
    "place": _PLACES,
    "between": _BETWEEN,
    "source_label": _SOURCE_LABELS,
    "question_label": _QUESTION_LABELS,
    "after_label": _AFTER_LABEL,
    "space": _SPACES,
    "case": tuple(_CASES),
}


def draw_formats(count: int, *, seed: int = 0) -> tuple[Format, ...]:
    """Return formats that differ from each other and from the one of the built-in strategies.

    Each choice of a part occurs about equally often: the choices are dealt out like cards.

    >>> len(set(draw_formats(8)) | {Format()})
    9
    """
    generator = generator_for("format", str(seed))
    decks: dict[str, list[str]] = {name: [] for name in _PARTS}
    found: list[Format] = []
    while len(found) < count:
        chosen = {}
        for name, choices in _PARTS.items():
            if not decks[name]:
                decks[name] = generator.sample(choices, len(choices))
            chosen[name] = decks[name].pop()
        drawn = Format(**chosen)
        if drawn not in found and drawn != Format():
            found.append(drawn)
    return tuple(found)


def format_variants(*, seed: int = 0) -> tuple[Variant, ...]:
    """Return a variant for each of the formats drawn; every sample is laid out alike."""
    return tuple(
        Variant(f"format/{number}", "format", str(drawn), _lay_out(drawn))
        for number, drawn in enumerate(draw_formats(FORMATS, seed=seed), start=1)
    )


def _lay_out(drawn: Format) -> Change:
    def change(case: Case) -> Case:
        return replace(hold(case), strategy=lay_out(case.strategy, drawn))

    return change


def lay_out(strategy: Strategy, drawn: Format) -> Strategy:
    r"""Return the strategy with its user template laid out anew; its words stay.

    >>> from ragkit.prompting.rendering import PromptSource, render_user
    >>> user = "{% for s in sources %}\n[{{ s.number }}] {{ s.text }}\n{% endfor %}\n"
    >>> strategy = Strategy("mine", 1, "", "Be brief.", user + "\nQuestion: {{ question }}\nSay:")
    >>> changed = lay_out(strategy, Format(question_label="Q", after_label=" - ", space="\n"))
    >>> sources = [PromptSource(1, "a.pdf", "Leaves."), PromptSource(2, "b.md", "Roots.")]
    >>> print(render_user(changed.user, "Why?", sources))
    [1] (a.pdf) Leaves.
    [2] (b.md) Roots.
    Q - Why?
    Say:

    Raises:
        InapplicableError: The template does not loop over its sources before it asks.
    """
    loop, question = _LOOP.search(strategy.user), _QUESTION.search(strategy.user)
    if not loop or not question or question.start() < loop.end():
        raise InapplicableError(
            f"the template of {strategy.name} cannot be laid out anew: it is not a loop over"
            " sources with the question after it",
            hint="leave out the axis: --axes",
        )
    before, after = strategy.user[: loop.start()], strategy.user[question.end() :]
    between = strategy.user[loop.end() : question.start()].strip("\n")
    asked = drawn.question("{{ question }}")
    words = f"{between}\n{asked}" if between else asked
    return replace(strategy, user=f"{before}{_loop_over_sources(drawn)}{words}{after}")


def _loop_over_sources(drawn: Format) -> str:
    """Return the Jinja text of all sources; line breaks as values, since a template trims them."""
    source = drawn.source("{{ source.number }}", "{{ source.place }}", "{{ source.text }}")
    between = f"{{{{ {_quote(drawn.between)} if not loop.last else '' }}}}"
    space = f"{{{{ {_quote(drawn.space)} }}}}"
    return f"{{% for source in sources %}}{source}{between}{{% endfor %}}{space}"


def _quote(text: str) -> str:
    return '"' + text.replace("\n", "\\n") + '"'
