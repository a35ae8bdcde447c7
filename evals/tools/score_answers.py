"""Ask every question of suites in several ways, and count what each way shows.

    python evals/tools/score_answers.py --suite evals/course --suite evals/course-natural
    python evals/tools/score_answers.py --suite evals/public/cs231n-d2l \
        --corpus DATA/docs --under cs231n d2l --strategy zero-shot --strategy few-shot

Without --corpus the documents are those of the project, as `ragkit ingest` last read them. Settings
are the project's and the environment's (`RAGKIT_EXAMPLES=nearest python evals/tools/...`). Each
outcome is a line of a JSONL file as soon as it is known; an interrupted run goes on from there, and
a file that other code, another model or other settings wrote is refused. What the columns count is
told by `answer_tables`, and what is shown in which mode by `answer_modes`.
"""

import argparse
import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from answer_modes import BASELINES, MODEL_MODES, Respondent
from answer_tables import Outcome, print_tables
from judging import Backing, Item, load_items
from run_files import add_outcome, describe_run, open_run, tell

from ragkit.evaluation.scoring import covers, holds_answer
from ragkit.index import LocalIndex
from ragkit.ingest import IngestOptions, ingest
from ragkit.protocols import Encoder
from ragkit.records import Source
from ragkit.workspace import Workspace


class Turn(NamedTuple):
    """A question to be asked in one way."""

    suite: str
    item: Item
    mode: str
    strategy: str

    @property
    def key(self) -> tuple[str, str, str, str]:
        """Told apart from all others by this."""
        return (self.suite, self.item.id, self.mode, self.strategy)


def main() -> None:
    """Ask, judge, write, count."""
    arguments = parse_arguments()
    workspace = open_workspace(arguments)
    encoder = workspace.load_encoder()
    if arguments.corpus:
        ingest_corpus(arguments, workspace, encoder)
    with workspace.open_index(encoder) as index:
        respondent = Respondent(workspace, index, encoder)
        options = replace(workspace.ask_options, strategy="")
        header = describe_run(options, index, respondent.model)
        turns = list(turns_of(arguments, index))
        known = [Outcome(**line) for line in open_run(arguments.out, header, anew=arguments.anew)]
        outcomes = {(o.suite, o.id, o.mode, o.strategy): o for o in known}
        ask_all(turns, outcomes, respondent, Backing(index, encoder), arguments.out)
    wanted = [outcomes[turn.key] for turn in turns]
    if arguments.show:
        print("\n\n".join(map(describe, wanted)))
    print_tables(wanted, model=respondent.model.title)


def parse_arguments() -> argparse.Namespace:
    """Return what the command line says."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--suite", type=Path, action="append", required=True, metavar="FOLDER")
    parser.add_argument("--project", type=Path, default=Path())
    parser.add_argument("--corpus", type=Path, help="ask these documents, not the project's")
    parser.add_argument("--under", nargs="*", default=[], help="only these folders of --corpus")
    parser.add_argument("--cache", type=Path, default=Path("evals/runs/indexes"))
    parser.add_argument("--strategy", action="append", metavar="NAME", help="default: zero-shot")
    parser.add_argument(
        "--mode", action="append", choices=(*MODEL_MODES, *BASELINES), help="default: all of them"
    )
    parser.add_argument("--model")
    parser.add_argument("--limit", type=int, help="this many questions of each suite")
    parser.add_argument("--out", type=Path, default=Path("evals/runs/answers.jsonl"))
    parser.add_argument("--anew", action="store_true", help="forget what --out holds")
    parser.add_argument("--show", action="store_true", help="print each answer, too")
    return parser.parse_args()


def open_workspace(arguments: argparse.Namespace) -> Workspace:
    """Return the project, or one made in the cache for the documents of --corpus."""
    given = {"model": arguments.model}
    folder = arguments.project
    if arguments.corpus:
        corpus = arguments.corpus.resolve()
        name = hashlib.sha256("\n".join((str(corpus), *sorted(arguments.under))).encode())
        folder = arguments.cache / name.hexdigest()[:16]
        folder.mkdir(parents=True, exist_ok=True)
        given["corpus"] = str(corpus)
    return Workspace.open(folder, given, on_notice=tell)


def ingest_corpus(arguments: argparse.Namespace, workspace: Workspace, encoder: Encoder) -> None:
    """Make the index in the cache equal to the documents; quick where nothing changed."""
    paths = [workspace.corpus / folder for folder in arguments.under]
    options = IngestOptions(
        chunk_tokens=workspace.settings.chunk_tokens, limits=workspace.reading_limits
    )
    with LocalIndex(workspace.index_folder, writable=True) as index:
        report = ingest(
            paths, corpus=workspace.corpus, index=index, encoder=encoder, options=options
        )
    tell(f"{len(report.new)} documents read anew, {len(report.failed)} failed")


def turns_of(arguments: argparse.Namespace, index: LocalIndex) -> Iterator[Turn]:
    """Yield the questions in the order in which they are asked: each in all its ways at once."""
    modes = arguments.mode or (*MODEL_MODES, *BASELINES)
    for suite in arguments.suite:
        items = load_items(suite, index)
        for item in spread(items, arguments.limit or len(items)):
            for strategy in arguments.strategy or ["zero-shot"]:
                for mode in filter(modes.__contains__, MODEL_MODES):
                    yield Turn(suite.name, item, mode, strategy)
            for mode in filter(modes.__contains__, BASELINES):
                yield Turn(suite.name, item, mode, "")


def spread(items: Sequence[Item], limit: int) -> list[Item]:
    """Return so many items, evenly from first to last, so that every kind is among them."""
    count = min(limit, len(items))
    return [items[place * len(items) // count] for place in range(count)]


def ask_all(
    turns: Iterable[Turn],
    outcomes: dict[tuple[str, ...], Outcome],
    respondent: Respondent,
    backing: Backing,
    out: Path,
) -> None:
    """Ask what was not asked yet, and add each outcome to the file and to those known."""
    asked = ""
    for turn in turns:
        if turn.key in outcomes:
            continue
        if turn.item.id != asked:
            asked = turn.item.id
            respondent.forget()
            tell(f"{turn.suite} {asked}")
        outcomes[turn.key] = judge(turn, respondent, backing)
        add_outcome(out, outcomes[turn.key]._asdict())


def judge(turn: Turn, respondent: Respondent, backing: Backing) -> Outcome:
    """Ask, and return what came of it."""
    item = turn.item
    shown = respondent.answer(item.question, turn.mode, turn.strategy)
    words = shown.completion
    covered = not shown.abstained and covers(item.gold_texts, (shown.text, *shown.quotes))
    answered = not shown.abstained and holds_answer(item.answers, shown.text)
    return Outcome(
        suite=turn.suite,
        id=item.id,
        kind=item.kind,
        mode=turn.mode,
        strategy=turn.strategy,
        question=item.question,
        wanted=item.answers,
        shown=shown.text,
        quotes=shown.quotes,
        by=shown.by,
        answered=answered if item.answers else None,
        covered=covered if item.gold else None,
        selected=is_selected(item, respondent) if turn.mode == "default" and item.gold else None,
        abstained=shown.abstained,
        sentences=len(shown.sentences),
        unbacked=backing.count_unbacked(item.question, shown.sentences, shown.sources),
        marked=shown.marked,
        seconds=shown.seconds,
        prompt_tokens=words.prompt_tokens if words else None,
        completion_tokens=words.completion_tokens if words else None,
        sufficiency=shown.sufficiency,
    )


def is_selected(item: Item, respondent: Respondent) -> bool:
    """Say whether a sentence of the evidence shares characters with a gold place."""
    sources: tuple[Source, ...] = respondent.gather(item.question)
    return any(
        place.document == source.hit.chunk.document
        and place.start < selected.sentence.end
        and selected.sentence.start < place.end
        for source in sources
        for selected in source.sentences
        for place in item.gold
    )


def describe(outcome: Outcome) -> str:
    """Return a question, what was wanted, and what was shown."""
    verdict = "right" if outcome.right else "abstained" if outcome.abstained else "NOT RIGHT"
    score = "" if outcome.sufficiency is None else f" · sufficiency {outcome.sufficiency:.2f}"
    way = f"{outcome.mode} {outcome.strategy}".strip()
    return "\n".join(
        (
            f"{outcome.id} {outcome.kind} · {way} · {verdict} ({outcome.by}){score}",
            f"   asked:  {outcome.question}",
            f"   wanted: {' | '.join(outcome.wanted) or '-'}",
            f"   shown:  {outcome.shown or '-'}",
            *(f"   source: {quote}" for quote in outcome.quotes if outcome.by == "generated"),
        )
    )


if __name__ == "__main__":
    main()
