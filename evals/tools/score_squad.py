"""Score answers over paragraphs with the measures of SQuAD 2.0: exact match and F1.

    python evals/tools/score_squad.py squad2.jsonl.gz [--questions 400] [--limit 20]

Each line of the file holds id, question, context, title, answers and answerable. The questions are
drawn by a seed, half of them unanswerable, from the articles that `calibrate_sufficiency.py` does
not fit on. Each is asked over five paragraphs: its own and the four of the same article that the
retriever ranks next. Printed for `ragkit ask`, the completion as it is, the words marked in what is
shown, quotes only, a naive prompt and one that always abstains: what `squad_measures` counts, in
percent. `compare_squad.py` puts the outcomes of two runs side by side.
"""

import argparse
import gzip
import hashlib
import json
import random
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

from answer_modes import BASELINES, MODEL_MODES, Respondent, Shown
from answer_tables import print_aligned
from judging import Backing
from run_files import add_outcome, describe_run, open_run, tell
from squad_measures import MEASURES, Outcome, measure, percent

from ragkit.documents.build import build_document
from ragkit.documents.draft import Draft, RawBlock
from ragkit.evaluation.runs.filling import fill_index
from ragkit.evidence import parse_citations
from ragkit.index import LocalIndex
from ragkit.protocols import Encoder
from ragkit.records import Document, DocumentFilter
from ragkit.retrieval import Retriever
from ragkit.workspace import Workspace

DISTRACTORS = 4
MARKED = "marked"
"""What is shown by default, but of it the words alone that are marked as the answer, if any are."""
MODES = (*MODEL_MODES, MARKED, *BASELINES, "always-abstain")


class Question(NamedTuple):
    """A question and the documents that it is asked over, its own first."""

    id: str
    text: str
    answers: tuple[str, ...]
    documents: tuple[str, ...]

    @property
    def article(self) -> str:
        """That which all of them are paragraphs of."""
        return self.documents[0].partition("/")[0]


def main() -> None:
    """Draw, index, ask, count."""
    arguments = parse_arguments()
    rows = read_rows(arguments.file)
    drawn = draw(rows, arguments.questions)[: arguments.limit]
    workspace = Workspace.open(arguments.project, {"model": arguments.model}, on_notice=tell)
    encoder = workspace.load_encoder(anew=True)
    with tempfile.TemporaryDirectory() as folder, LocalIndex(Path(folder), writable=True) as index:
        names = index_paragraphs(rows, index, encoder, workspace.settings.chunk_tokens)
        respondent = Respondent(workspace, index, encoder)
        options = replace(workspace.ask_options, strategy=arguments.strategy)
        header = describe_run(options, index, respondent.model)
        known = [Outcome(**line) for line in open_run(arguments.out, header, anew=arguments.anew)]
        questions = list(questions_of(drawn, names, Retriever(index, encoder)))
        outcomes = {(outcome.id, outcome.mode): outcome for outcome in known}
        for question in questions:
            ask(question, outcomes, respondent, Backing(index, encoder), arguments)
    wanted = [outcomes[question.id, mode] for mode in MODES for question in questions]
    print_table(wanted, model=respondent.model.title)


def parse_arguments() -> argparse.Namespace:
    """Return what the command line says."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("file", type=Path)
    parser.add_argument("--questions", type=int, default=400, help="to draw, half unanswerable")
    parser.add_argument("--limit", type=int, help="ask only so many of them")
    parser.add_argument("--project", type=Path, default=Path(), help="whose settings to use")
    parser.add_argument("--strategy", default="zero-shot")
    parser.add_argument("--model")
    parser.add_argument("--out", type=Path, default=Path("evals/runs/squad.jsonl"))
    parser.add_argument("--anew", action="store_true", help="forget what --out holds")
    return parser.parse_args()


def read_rows(path: Path) -> list[dict[str, Any]]:
    """Return the questions of the articles that no weights are fitted on."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    return [row for row in rows if not is_fitted(row["title"])]


def is_fitted(title: str) -> bool:
    """Say whether `calibrate_sufficiency.py` fits on an article.

    >>> is_fitted("Normans"), is_fitted("Warsaw")
    (True, False)
    """
    return hashlib.sha256(title.encode()).digest()[0] % 2 == 0


def draw(rows: Sequence[dict[str, Any]], questions: int, seed: int = 0) -> list[dict[str, Any]]:
    """Return so many questions, half of them answerable, in an order that mixes them."""
    numbers = random.Random(seed)
    drawn = []
    for answerable in (True, False):
        pool = sorted((row for row in rows if row["answerable"] is answerable), key=id_of)
        drawn += numbers.sample(pool, min(questions // 2, len(pool)))
    numbers.shuffle(drawn)
    return drawn


def id_of(row: dict[str, Any]) -> str:
    """Return the id of a question."""
    return str(row["id"])


def index_paragraphs(
    rows: Sequence[dict[str, Any]], index: LocalIndex, encoder: Encoder, max_tokens: int
) -> dict[tuple[str, str], str]:
    """Put every paragraph into an index as a document; return their names by title and text."""
    paragraphs = sorted({(row["title"], row["context"]) for row in rows})
    names = {
        (title, text): f"{title}/{number:04}.txt" for number, (title, text) in enumerate(paragraphs)
    }
    documents = tuple(paragraph_document(name, *paragraph) for paragraph, name in names.items())
    tell(f"encoding {len(documents)} paragraphs")
    fill_index(index, documents, encoder=encoder, max_tokens=max_tokens)
    return names


def paragraph_document(name: str, title: str, text: str) -> Document:
    """Return a paragraph as a document with the title of its article."""
    draft = Draft((RawBlock("paragraph", text),), title=title.replace("_", " "))
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    return build_document(draft, name=name, kind="plain", sha256=sha256)


def questions_of(
    drawn: Sequence[dict[str, Any]], names: dict[tuple[str, str], str], retriever: Retriever
) -> Iterator[Question]:
    """Yield the questions with the paragraphs that they are asked over."""
    for row in drawn:
        own = names[row["title"], row["context"]]
        article = DocumentFilter(under=(own.partition("/")[0],))
        hits = retriever.search(row["question"], top_n=4 * DISTRACTORS, within=article)
        others = [hit.chunk.document for hit in hits if hit.chunk.document != own]
        documents = (own, *list(dict.fromkeys(others))[:DISTRACTORS])
        yield Question(row["id"], row["question"], tuple(row["answers"]), documents)


def ask(
    question: Question,
    outcomes: dict[tuple[str, str], Outcome],
    respondent: Respondent,
    backing: Backing,
    arguments: argparse.Namespace,
) -> None:
    """Ask a question in every way in which it was not asked yet."""
    respondent.forget()
    within = DocumentFilter(documents=question.documents)
    for mode in MODES:
        if (question.id, mode) in outcomes:
            continue
        outcome = Outcome(
            question.id, mode, question.text, question.answers, article=question.article
        )
        if mode != "always-abstain":
            asked = MODEL_MODES[0] if mode == MARKED else mode
            shown = respondent.answer(question.text, asked, arguments.strategy, within=within)
            if mode == MARKED and shown.span:
                shown = shown._replace(text=shown.span, sentences=(shown.span,))
            outcome = describe(outcome, shown)
            if mode == "raw" and shown.completion:
                outcome = outcome._replace(**read_completion(question.text, shown, backing))
        outcomes[question.id, mode] = outcome
        add_outcome(arguments.out, outcome._asdict())


def describe(outcome: Outcome, shown: Shown) -> Outcome:
    """Return an outcome with what is shown."""
    outcome = outcome._replace(seconds=shown.seconds)
    if shown.abstained:
        return outcome
    first = shown.sentences[0] if shown.sentences else shown.text
    return outcome._replace(shown=shown.text, first=first, abstained=False)


def read_completion(question: str, shown: Shown, backing: Backing) -> dict[str, Any]:
    """Return which sources a completion names, and how many of its sentences they back."""
    named = (number for sentence in parse_citations(shown.text) for number in sentence.citations)
    cited = tuple(dict.fromkeys(named))
    known = {source.id for source in shown.sources}
    return {
        "cited": cited,
        "valid": tuple(number for number in cited if number in known),
        "sentences": len(shown.sentences),
        "unbacked": backing.count_unbacked(question, shown.sentences, shown.sources),
    }


def print_table(outcomes: Sequence[Outcome], *, model: str) -> None:
    """Print a column for each way, a line for each measure."""
    groups = {mode: [o for o in outcomes if o.mode == mode] for mode in MODES}
    count = len(groups[MODES[0]])
    answerable = sum(bool(outcome.answers) for outcome in groups[MODES[0]])
    print(f"\n{model}: {count} questions, {answerable} answerable")
    rows = ((name, *(percent(measure(o, name)) for o in groups.values())) for name in MEASURES)
    print_aligned([("in percent", *groups), *rows])


if __name__ == "__main__":
    main()
