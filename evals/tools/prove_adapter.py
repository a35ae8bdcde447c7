"""Shows how far llama.cpp says with an adapter's file what transformers says as it was trained.

    python evals/tools/prove_adapter.py ADAPTER.gguf EXAMPLES.jsonl --run DIR [--prompts 50]

EXAMPLES.jsonl is what `ragkit train` keeps in the folder of a run, best of questions that were held
out. The weights are those of the run's newest checkpoint. Without --run they are read back from the
file: that shows how llama.cpp reads it, not that it holds what was trained. The exit code is 1
where anything shows that llama.cpp does not apply it as trained.
"""

import argparse
import json
import random
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ragkit.errors import RagkitError, UsageError
from ragkit.llms import LlamaCppLLM
from ragkit.machine import physical_cores
from ragkit.models import locate_llm
from ragkit.models.preparation import prepare_llm
from ragkit.protocols import Progress
from ragkit.settings import Settings
from ragkit.training.agreement import Closeness
from ragkit.training.checkpoints import TrainingFolder
from ragkit.training.example_files import read_examples
from ragkit.training.export import AdapterBase, load_adapter, read_adapter_base, read_recipe
from ragkit.training.proof import FileProof, Proof, TrainedAdapter, proof_form, prove
from ragkit.training.records import TokenizedExample
from ragkit.training.tokens import tokenize_examples


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table; return 1 where llama.cpp does not say what was trained."""
    options = _parse(arguments)
    cache_dir = Settings().cache_path
    threads = options.threads or physical_cores()
    try:
        base = read_adapter_base(locate_llm(options.base, cache_dir=cache_dir).path)
        trained = TrainedAdapter(
            options.adapter, _weights(options, base), base, read_recipe(options.adapter)
        )
        prepared = prepare_llm(options.base, cache_dir=cache_dir).path
        proof = prove(
            trained,
            _examples(options, base),
            files=(base.path, prepared),
            threads=_take(threads),
            on_progress=_show,
        )
    except RagkitError as error:
        print(error.message, error.hint, sep="\n", file=sys.stderr)
        return error.exit_code
    print(json.dumps(proof_form(proof), indent=2) if options.json else _table(proof))
    return 1 if proof.failures else 0


def _take(threads: int) -> int:
    """Let torch compute with so many threads, too."""
    import torch

    torch.set_num_threads(threads)
    return threads


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=_Formatter)
    parser.add_argument("adapter", type=Path, help="what `ragkit train` wrote")
    parser.add_argument("examples", type=Path, help="examples, a JSON object a line")
    parser.add_argument("--run", type=Path, help="folder of the run that the adapter came from")
    parser.add_argument("--base", default=Settings().model, help="the model it was trained for")
    parser.add_argument("--prompts", type=int, default=50, help="how many, chosen by --seed")
    parser.add_argument("--max-tokens", type=int, default=1024, help="of a prompt that is taken")
    parser.add_argument("--threads", type=int, default=0, help="by default one a core")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--json", action="store_true", help="print the numbers as JSON")
    return parser.parse_args(arguments)


class _Formatter(argparse.RawDescriptionHelpFormatter, argparse.ArgumentDefaultsHelpFormatter):
    """Keeps the description as it stands, and tells the defaults."""


def _weights(options: argparse.Namespace, base: AdapterBase) -> Mapping[str, Any]:
    """Return what was trained, or what the file says of it."""
    if options.run is None:
        return load_adapter(options.adapter, base)
    state = TrainingFolder(options.run).load()
    if state is None:
        raise UsageError(f"there is no checkpoint in {options.run}", hint="leave --run out")
    masters: Mapping[str, Any] = state["masters"]
    return masters


def _examples(options: argparse.Namespace, base: AdapterBase) -> tuple[TokenizedExample, ...]:
    """Return examples in the base's tokens, as many as are asked for."""
    examples = list(read_examples(options.examples))
    random.Random(options.seed).shuffle(examples)
    llm = LlamaCppLLM(base.path, name=base.name, sha256=base.sha256)
    try:
        fitting = tokenize_examples(examples, llm, max_tokens=options.max_tokens).examples
    finally:
        llm.close()
    return fitting[: options.prompts]


def _show(progress: Progress) -> None:
    end = "\n" if progress.done == progress.total else ""
    print(f"\r{progress.done} of {progress.total} prompts", end=end, file=sys.stderr, flush=True)


def _table(proof: Proof) -> str:
    rows = [row for file in proof.files for row in _rows(file)]
    head = "| base | adapter | same completion | part at a near tie | part otherwise |"
    head += " same best token | difference, mean | 99% | largest | divergence |"
    lines = [head, "|---|---|" + "---:|" * 8, *rows]
    ties = ", ".join(f"{file.tie:.3f} ({file.file})" for file in proof.files)
    lines += ["", f"Near ties: two tokens at most so many nats apart: {ties}."]
    lines += [f"FAILED: {failure}" for failure in proof.failures] or ["Proven."]
    return "\n".join(lines)


def _rows(file: FileProof) -> tuple[str, str]:
    other = len(file.gaps) - file.near_ties
    said = f"{file.same_completions} of {file.prompts} | {file.near_ties} | {other}"
    return (
        f"| {file.file} | yes | {said} | {_cells(file.adapted)} |",
        f"| {file.file} | no | | | | {_cells(file.plain)} |",
    )


def _cells(close: Closeness) -> str:
    numbers = (close.mean_difference, close.high_difference, close.largest_difference)
    differences = " | ".join(f"{number:.4f}" for number in numbers)
    return f"{close.same_best:.1%} of {close.tokens} | {differences} | {close.divergence:.6f}"


if __name__ == "__main__":
    sys.exit(main())
