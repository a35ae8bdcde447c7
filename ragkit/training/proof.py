"""Whether llama.cpp says with an adapter's file what transformers says with the trained weights.

Both read the same tokens. llama.cpp reads the base unpacked to float32, where nothing but the
adapter can make the two differ, and in the forms that it is run in. There, quantised activations
make them differ without an adapter, too; the same numbers without it are the floor to compare with.
It does not say whether the adapter is any good.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from ragkit.errors import UsageError
from ragkit.files import sha256_of
from ragkit.llms import LoraAdapter
from ragkit.models.gguf import FILE_TYPE_F32
from ragkit.models.preparation import requantise
from ragkit.protocols import Progress, ProgressListener, ignore_progress
from ragkit.training.agreement import Closeness, Comparison, compare_predictions, summarise
from ragkit.training.base import load_base
from ragkit.training.export import AdapterBase
from ragkit.training.predictors import LlamaCppPredictor, TorchPredictor
from ragkit.training.records import Recipe, TokenizedExample

MOST_TOKENS = 32
"""Of a completion that is generated to be compared."""

EXACT_FILE = "float32.gguf"
"""What the base unpacked is called."""

_SLACK = 2.0
"""How many times as far apart as without the adapter two engines may be with it: it makes a model
surer of some tokens and so moves how much a rounding shows."""
_ROUNDING = 0.01
"""Nats that rounding the adapter to 16 bits may add, beside that."""
_LIMITS = {True: MOST_TOKENS, False: 0}
"""Tokens to generate with the adapter and without it, where only probabilities are compared."""


@dataclass(frozen=True, slots=True)
class TrainedAdapter:
    """An adapter's file, and what was trained, which it is to hold."""

    path: Path
    weights: Mapping[str, Any]
    """As they were trained, by peft's names: not as they were read back from the file."""
    base: AdapterBase
    recipe: Recipe


@dataclass(frozen=True, slots=True)
class FileProof:
    """What was found with one file of the base."""

    file: str
    prompts: int
    gaps: tuple[float, ...]
    """For each prompt after which the two say different things with the adapter, how much likelier,
    in nats, transformers takes its own token to be where they part; smallest first."""
    adapted: Closeness
    plain: Closeness
    """Without the adapter: the floor."""

    @property
    def same_completions(self) -> int:
        """Prompts after which both say the same with the adapter."""
        return self.prompts - len(self.gaps)

    @property
    def tie(self) -> float:
        """Nats between two tokens below which a greedy choice of either is right.

        Without the adapter, 99 of 100 log-probabilities move by at most `high_difference` from one
        engine to the other; of two tokens, one may rise by that and the other fall.
        """
        return _SLACK * self.plain.high_difference + _ROUNDING

    @property
    def near_ties(self) -> int:
        """Prompts after which they part where two tokens are about as likely."""
        return sum(gap <= self.tie for gap in self.gaps)

    @property
    def allowed_difference(self) -> float:
        """The largest mean difference of log-probabilities with the adapter, in nats."""
        return _SLACK * self.plain.mean_difference + _ROUNDING

    @property
    def failures(self) -> tuple[str, ...]:
        """What shows that llama.cpp does not apply what was trained; empty where nothing does."""
        found = []
        if self.adapted.mean_difference > self.allowed_difference:
            found.append(
                f"log-probabilities differ by {self.adapted.mean_difference:.3f} nats on average,"
                f" more than {self.allowed_difference:.3f}"
            )
        other = len(self.gaps) - self.near_ties
        if other:
            found.append(
                f"{other} of {self.prompts} completions part where the two tokens are further"
                f" apart than {self.tie:.2f} nats, by up to {self.gaps[-1]:.2f}"
            )
        return tuple(found)


@dataclass(frozen=True, slots=True)
class Proof:
    """What was found with each file of the base."""

    adapter: str
    files: tuple[FileProof, ...]

    @property
    def failures(self) -> tuple[str, ...]:
        """What shows, with any file, that llama.cpp does not apply what was trained."""
        return tuple(f"{file.file}: {one}" for file in self.files for one in file.failures)


def prove(
    trained: TrainedAdapter,
    examples: Sequence[TokenizedExample],
    *,
    files: Sequence[Path],
    threads: int,
    on_progress: ProgressListener = ignore_progress,
) -> Proof:
    """Return how far llama.cpp says with an adapter's file what transformers says as trained.

    Args:
        trained: The file, and what it is to hold.
        examples: Whose prompts are answered, and whose completions are scored.
        files: The base in the forms that it is run in; unpacked to float32 it is always read.
        threads: CPU threads of llama.cpp; torch takes those that it was given.
        on_progress: Hears of each example.

    Raises:
        UsageError: There is no example, or the weights are not those of the recipe.
        ModelError: A file does not load.
        StorageError: There is no room for the base in float32 among the temporary files.
    """
    if not examples:
        raise UsageError("there is no example to prove the adapter on", hint="give more questions")
    window = max(one.length for one in examples) + MOST_TOKENS
    found: dict[tuple[str, bool], list[Comparison]] = {}
    with _open_engines(trained, files, window=window, threads=threads) as engines:
        ends = engines[0].predictor.ends
        base = load_base(trained.base.path, exact=True)
        reference = TorchPredictor(base, trained.recipe, trained.weights, ends=ends)
        for done, example in enumerate(examples):
            on_progress(Progress("proving", done, len(examples)))
            expected = {
                adapted: reference.predict(example, limit=limit, adapted=adapted)
                for adapted, limit in _LIMITS.items()
            }
            for engine in engines:
                said = engine.predictor.predict(example, limit=_LIMITS[engine.adapted])
                one = compare_predictions(example.completion, expected[engine.adapted], said)
                found.setdefault((engine.file, engine.adapted), []).append(one)
    on_progress(Progress("proving", len(examples), len(examples)))
    names = dict.fromkeys(engine.file for engine in engines)
    proofs = (_conclude(name, found[name, True], found[name, False]) for name in names)
    return Proof(trained.path.name, tuple(proofs))


def _conclude(file: str, adapted: Sequence[Comparison], plain: Sequence[Comparison]) -> FileProof:
    gaps = sorted(one.gap for one in adapted if one.gap is not None)
    return FileProof(file, len(adapted), tuple(gaps), summarise(adapted), summarise(plain))


class _Engine(NamedTuple):
    """A file in llama.cpp."""

    file: str
    adapted: bool
    predictor: LlamaCppPredictor


@contextmanager
def _open_engines(
    trained: TrainedAdapter, files: Sequence[Path], *, window: int, threads: int
) -> Iterator[Sequence[_Engine]]:
    """Yield each file of the base, and one unpacked to float32, with the adapter and without."""
    lora = LoraAdapter(trained.path, sha256_of(trained.path))
    with TemporaryDirectory(prefix="ragkit-") as folder, ExitStack() as stack:
        exact = Path(folder) / EXACT_FILE
        requantise(trained.base.path, exact, threads=threads, file_type=FILE_TYPE_F32)
        engines = []
        for file in dict.fromkeys((exact, *files)):
            for adapted in _LIMITS:
                predictor = LlamaCppPredictor(
                    file, lora if adapted else None, context_window=window, threads=threads
                )
                stack.callback(predictor.close)
                engines.append(_Engine(file.stem, adapted, predictor))
        yield engines


def proof_form(proof: Proof) -> dict[str, Any]:
    """Return a proof as JSON."""
    return {
        "files": [
            {
                "file": file.file,
                "prompts": file.prompts,
                "same_completions": file.same_completions,
                "near_ties": file.near_ties,
                "tie": round(file.tie, 6),
                "gaps": [round(gap, 6) for gap in file.gaps],
                "with_adapter": _rounded(file.adapted),
                "without": _rounded(file.plain),
            }
            for file in proof.files
        ],
        "failures": list(proof.failures),
    }


def _rounded(closeness: Closeness) -> dict[str, float]:
    return {name: round(value, 6) for name, value in asdict(closeness).items()}
