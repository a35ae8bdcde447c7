"""Measure how well `ragkit.evidence.support` tells backed sentences from others.

    python evals/tools/score_support.py [--project DIR] [--squad2 F] [--begin F] [--wice F]
        [--fool-me-twice F] [--expertqa F] [--limit 600] [--cache F] [--kinds] [--show N]

Sets: claims made by rule from the sentences of the project's corpus/ and of SQuAD 2.0 contexts
(claim_pairs.py says how), and claims that people judged: BEGIN, WiCE, FoolMeTwice, ExpertQA. A set
whose file is not given is left out. Printed for each: balanced accuracy with its 95% bootstrap
interval, the share of the backed that pass and of the others that do, AUROC of the score, and the
same for baselines: length of the claim, greatest cosine with a sentence, most of its words in a
passage, and a constant. Their thresholds are chosen on half of the groups; everything is
reported on the other half.
"""

import argparse
import gzip
import json
import random
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from claim_pairs import make_pairs
from embedding_cache import load_caching_encoder

from ragkit.chunking import chunk_document, split_sentences
from ragkit.documents import find_documents, read_document
from ragkit.evaluation.judges import LabelledClaim, read_claims
from ragkit.evaluation.judges.checking import balanced_accuracy, is_held_out, shared_words
from ragkit.evaluation.judges.rules import source_of
from ragkit.evaluation.statistics import auroc
from ragkit.evidence import SupportChecker
from ragkit.protocols import Encoder
from ragkit.settings import Settings

_RESAMPLES = 1000
_BACKED = ("quoted", "supported")


class Measured(NamedTuple):
    """What each system says of a pair; a higher score means surer to be backed."""

    pair: LabelledClaim
    backed: bool
    scores: dict[str, float]
    features: dict[str, float]


def main() -> None:
    """Make the pairs, check them, print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--project", type=Path, default=Path())
    for name in READERS:
        parser.add_argument(f"--{name}", type=Path)
    parser.add_argument("--limit", type=int, default=600, help="most pairs of a set")
    parser.add_argument("--cache", type=Path, help="file that remembers embeddings")
    parser.add_argument("--kinds", action="store_true", help="print the share that passes by kind")
    parser.add_argument("--show", type=int, default=0, help="print so many errors of each kind")
    arguments = parser.parse_args()
    encoder = load_caching_encoder(arguments.cache)
    sets = {"corpus, by rule": list(pairs_of_corpus(arguments.project, encoder))}
    for name, read in READERS.items():
        path = getattr(arguments, name.replace("-", "_"))
        if path:
            sets[name] = list(read(path))
    print(f"{'set':20} {'system':14} balanced accuracy        backed pass  others pass  AUROC")
    for name, pairs in sets.items():
        measured = [measure(pair, encoder) for pair in sample(pairs, arguments.limit)]
        report(name, measured)
        if arguments.kinds:
            report_kinds(measured, arguments.show)


# --- the sets ------------------------------------------------------------------------------------


def pairs_of_corpus(project: Path, encoder: Encoder) -> Iterator[LabelledClaim]:
    """Yield pairs of every passage of a project's documents, beside two others of its document."""
    root = project / Settings().corpus
    for found in find_documents(root).files:
        document = read_document(found.path, name=found.name)
        chunks = chunk_document(document, encoder=encoder, max_tokens=Settings().chunk_tokens)
        texts = [chunk.text for chunk in chunks]
        for at in range(len(texts)):
            yield from make_pairs([texts[at], *texts[at + 1 : at + 3]], group=f"{found.name}@{at}")


def pairs_of_squad(path: Path) -> Iterator[LabelledClaim]:
    """Yield pairs of every context, beside the next one of its article."""
    contexts = sorted({(row["title"], row["context"]) for row in load_rows(path)})
    for (title, text), (other_title, other) in pairwise(contexts):
        beside = [other] if other_title == title else []
        yield from make_pairs([text, *beside], group=title + text[:40])


def pairs_of_claims(path: Path, form: str) -> Iterator[LabelledClaim]:
    """Yield the claims of a file that people judged."""
    yield from read_claims(path, form)[1]


READERS: dict[str, Callable[[Path], Iterator[LabelledClaim]]] = {
    "squad2": pairs_of_squad,
    **{
        form: partial(pairs_of_claims, form=form)
        for form in ("begin", "wice", "fool-me-twice", "expertqa")
    },
}


def load_rows(path: Path) -> list[dict[str, Any]]:
    """Return the lines of a gzip JSONL file."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def sample(pairs: Sequence[LabelledClaim], limit: int) -> list[LabelledClaim]:
    """Return up to `limit` pairs, as many of each kind as of the others where there are enough."""
    kinds: dict[str, list[LabelledClaim]] = {}
    for pair in pairs:
        kinds.setdefault(pair.kind, []).append(pair)
    chance = random.Random(0)
    shuffled = [chance.sample(members, len(members)) for members in kinds.values()]
    chosen: list[LabelledClaim] = []
    for depth in range(max(map(len, shuffled), default=0)):
        chosen += [members[depth] for members in shuffled if depth < len(members)]
    return chosen[:limit]


# --- the systems ---------------------------------------------------------------------------------


def measure(pair: LabelledClaim, encoder: Encoder) -> Measured:
    """Return what the checker and the baselines say of a pair."""
    sources = [source_of(text, number) for number, text in enumerate(pair.passages, start=1)]
    checker = SupportChecker(sources, encoder)
    start = time.perf_counter()
    verdict = checker.check(pair.text)
    seconds = time.perf_counter() - start
    sentences = [s.text for text in pair.passages for s in split_sentences(text)]
    rows = encoder.encode_passages([pair.text, *sentences])
    scores = {
        "checker": verdict.score,
        "length": -float(len(pair.text.split())),
        "cosine": float(np.max(rows[1:] @ rows[0])) if sentences else 0.0,
        "words": shared_words(pair),
        "constant": 0.0,
    }
    features = {"seconds": seconds, **verdict.features}
    return Measured(pair, verdict.support in _BACKED, scores, features)


# --- the report ----------------------------------------------------------------------------------


def report(name: str, measured: Sequence[Measured]) -> None:
    """Print a line for each system."""
    held_out = [m for m in measured if is_held_out(m.pair.group)]
    chosen_on = [m for m in measured if not is_held_out(m.pair.group)]
    truth = np.array([m.pair.supported for m in held_out])
    groups = np.array([m.pair.group for m in held_out])
    for system in measured[0].scores if measured else ():
        scores = np.array([m.scores[system] for m in held_out])
        if system == "checker":
            said = np.array([m.backed for m in held_out])
        else:
            said = scores >= best_threshold(chosen_on, system)
        low, high = interval(truth, said, groups)
        ranked = auroc(scores.tolist(), truth.tolist())
        print(
            f"{name:20} {system:14} {shown(balanced_accuracy(truth, said))} [{low:.3f}, {high:.3f}]"
            f"    {said[truth].mean():8.3f} {said[~truth].mean():12.3f}"
            f"    {shown(ranked)}   n={truth.sum()}+{(~truth).sum()}"
        )
    seconds = sorted(m.features["seconds"] for m in measured)
    print(f"{'':20} {1000 * seconds[len(seconds) // 2]:.1f} ms a claim in the middle")


def shown(value: float | None) -> str:
    """Return a number with three places; "-" where there are only claims of one label.

    >>> shown(0.75), shown(None)
    ('0.750', '-')
    """
    return "-" if value is None else f"{value:.3f}"


def report_kinds(measured: Sequence[Measured], show: int) -> None:
    """Print how many of each kind pass, and some that should not have, or should have."""
    kinds: dict[tuple[str, bool], list[Measured]] = {}
    for one in measured:
        kinds.setdefault((one.pair.kind, one.pair.supported), []).append(one)
    for (kind, supported), members in sorted(kinds.items(), key=lambda item: -item[0][1]):
        passed = sum(m.backed for m in members)
        word = "backed" if supported else "not backed"
        print(f"    {word:11} {kind:28} pass {passed:4} of {len(members)}")
        for wrong in [m for m in members if m.backed != supported][:show]:
            print(f"        {wrong.pair.text}")
            kept = {k: round(v, 2) for k, v in wrong.features.items() if k != "seconds"}
            print(f"          {kept}")


def best_threshold(measured: Sequence[Measured], system: str) -> float:
    """Return the score from which on to call a claim backed, best in balanced accuracy."""
    truth = np.array([m.pair.supported for m in measured])
    scores = np.array([m.scores[system] for m in measured])
    levels = np.unique(np.quantile(scores, np.linspace(0, 1, 101)))
    return float(max(levels, key=lambda level: balanced_accuracy(truth, scores >= level) or 0.0))


def interval(truth: np.ndarray, said: np.ndarray, groups: np.ndarray) -> tuple[float, float]:
    """Return the 95% percentile bootstrap interval of the balanced accuracy, by groups."""
    generator = np.random.default_rng(0)
    _, member = np.unique(groups, return_inverse=True)
    rows = [np.flatnonzero(member == number) for number in range(member.max() + 1)]
    values = []
    for _ in range(_RESAMPLES):
        drawn = np.concatenate([rows[n] for n in generator.integers(0, len(rows), len(rows))])
        value = balanced_accuracy(truth[drawn], said[drawn])
        values += [] if value is None else [value]
    low, high = np.quantile(values, [0.025, 0.975])
    return float(low), float(high)


if __name__ == "__main__":
    main()
