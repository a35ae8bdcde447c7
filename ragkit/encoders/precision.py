"""Whether the 8-bit graph of an encoder may stand in for the fp32 one on this machine.

Two questions are answered once a machine, and remembered beside the graphs: does it say nearly the
same, and is it quicker? It neither makes graphs nor runs them for users.

Source: dense nDCG@10 of all-MiniLM-L6-v2, whole documents, in fp32, in int8 as
`ragkit.encoders.quantisation` makes it, with all products scaled by token, with attention's values
in fp32 besides, and with weights of 5 bits:

| | adi | cranfield | cisi | npl | zoomcamp-faq | mean |
|---|---|---|---|---|---|---|
| queries | 35 | 225 | 76 | 93 | 1,157 | |
| fp32 | .4975 | .3995 | .4193 | .4335 | .8274 | .5154 |
| int8 | .5040 | .4019 | .4180 | .4308 | .8273 | .5164 |
| all by token | .4877 | .4010 | .4160 | .4406 | .8284 | .5147 |
| values in fp32 | .4998 | .3993 | .4161 | .4316 | .8296 | .5153 |
| 5 bits | .4953 | .3943 | .4176 | .4242 | .8268 | .5116 |
"""

import json
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import NamedTuple

import numpy as np

from ragkit.errors import ModelError, StorageError
from ragkit.files import write_text_atomically
from ragkit.machine import cpu_identity
from ragkit.records import Embeddings

FP32 = "fp32"
INT8 = "int8"
_INT8_SUFFIX = "-int8"
_FORMAT_VERSION = 1

LEAST_COSINE = 0.99
LEAST_RANK_AGREEMENT = 0.99
"""Over the probes. Source: all-MiniLM-L6-v2, least cosine and rank agreement: int8 .9950, .9951;
`quantize_dynamic` .9860, .9873; weights of 6 bits .9793, .9860, of 5 bits .9537, .9576, of 4 bits
.8665, .8461. Even 5 bits lose no more than .0093 on a set and .0038 on the mean."""
LEAST_SPEEDUP = 1.1
"""Below it the difference is noise, and fp32 is the safer choice."""

_TIMED_RUNS = 5
_PROBES = (
    "What is mean pooling?",
    "When is the second assignment due, and who grades it?",
    "The embedding of a sentence is the mean of the embeddings of its tokens, padding left out.",
    "Byte pair encoding merges the most frequent pair of symbols until the vocabulary is full.",
    "Office hours are on Tuesdays from 14:00 to 15:30 in room 2.11, or by appointment.",
    "The mitochondrion releases the energy that is stored in glucose.",
    "In 1648 the Peace of Westphalia ended the Thirty Years' War.",
    "A contract needs an offer, an acceptance and consideration.",
    "Let f be continuous on [a, b]; then f takes every value between f(a) and f(b).",
    "∂L/∂w = (σ(z) − y) · x, so the step is w ← w − η · ∂L/∂w",
    "def area(radius): return 3.14159 * radius ** 2",
    "SELECT name, COUNT(*) FROM students GROUP BY name HAVING COUNT(*) > 1;",
    "Supply and demand meet at the price that clears the market.",
    "Quicksort is O(n log n) on average and O(n²) in the worst case.",
    "The patient should take 5 mg twice a day, with food.",
    "Late work loses ten per cent a day, up to three days.",
    "Photosynthesis turns light, water and carbon dioxide into sugar and oxygen.",
    "Die Klausur findet am 12. Februar um 9 Uhr im großen Hörsaal statt.",
    "L'apprentissage par renforcement maximise une récompense cumulée.",
    "注意力机制让模型关注输入的不同部分。",
    "Table 3: accuracy 0.91, recall 0.87, F1 0.89 (n = 1,204)",
    "| week | topic | reading | 1 | search | chapter 2 | 2 | ranking | chapter 3 |",
    "see https://example.org/notes/week-04.pdf, p. 12",
    "a",
)
"""What courses hold: questions, prose of many subjects, formulas, code, tables, languages."""

Encode = Callable[[list[str]], Embeddings]


@dataclass(frozen=True, slots=True)
class Comparison:
    """An 8-bit graph beside the fp32 one, on one machine."""

    cpu: str
    """Where it was measured: other CPUs multiply 8-bit integers at other speeds, or saturate."""
    least_cosine: float
    rank_agreement: float
    """Spearman's correlation of the cosines between all pairs of probes."""
    speedup: float
    """Speed of the 8-bit graph, relative to fp32."""
    format_version: int = _FORMAT_VERSION

    @property
    def faithful(self) -> bool:
        """Whether it says nearly the same."""
        close = self.least_cosine >= LEAST_COSINE
        return close and self.rank_agreement >= LEAST_RANK_AGREEMENT


class Choice(NamedTuple):
    """Which graph to run, and why."""

    precision: str
    why: str


def with_precision(fingerprint: str, precision: str) -> str:
    """Return the fingerprint of an encoder that is run in a precision.

    >>> with_precision("5d1c", "int8"), with_precision("5d1c", "fp32")
    ('5d1c-int8', '5d1c')
    """
    return fingerprint + (_INT8_SUFFIX if precision == INT8 else "")


def precision_of(fingerprint: str) -> str:
    """Return the precision that a fingerprint tells of.

    >>> precision_of("5d1c-int8"), precision_of("5d1c")
    ('int8', 'fp32')
    """
    return INT8 if fingerprint.endswith(_INT8_SUFFIX) else FP32


def as_fp32(fingerprint: str) -> str:
    """Return the fingerprint of the same encoder in fp32.

    >>> as_fp32("5d1c-int8"), as_fp32("5d1c")
    ('5d1c', '5d1c')
    """
    return fingerprint.removesuffix(_INT8_SUFFIX)


def choose_precision(
    wanted: str,
    *,
    fingerprint: str,
    built_with: str,
    compare: Callable[[], Comparison],
) -> str:
    """Return "fp32" or "int8".

    Args:
        wanted: "auto", "fp32" or "int8".
        fingerprint: Of the encoder in fp32.
        built_with: Fingerprint of the index to be searched; empty for a new one.
        compare: Measures, or remembers; not called where the answer does not depend on it.

    Raises:
        ModelError: int8 is wanted, or the index was built with it, and it is not faithful here.
    """
    if wanted == FP32 or (wanted == "auto" and built_with == fingerprint):
        return FP32
    comparison = compare()
    if wanted == INT8 or built_with == with_precision(fingerprint, INT8):
        if not comparison.faithful:
            raise _unfaithful(comparison, built_with=built_with)
        return INT8
    return INT8 if comparison.faithful and comparison.speedup >= LEAST_SPEEDUP else FP32


def compare_graphs(fp32: Encode, int8: Encode) -> Comparison:
    """Return how two forms of an encoder compare on the probes, here and now."""
    probes = list(_PROBES)
    expected, found = fp32(probes), int8(probes)
    return Comparison(
        cpu=cpu_identity(),
        least_cosine=round(float(np.min(np.sum(expected * found, axis=1))), 5),
        rank_agreement=round(_rank_agreement(expected, found), 5),
        speedup=round(_speedup(fp32, int8), 2),
    )


def load_comparison(path: Path) -> Comparison | None:
    """Return what was measured on this machine, or None where nothing was."""
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
        comparison = Comparison(**values)
    except (OSError, ValueError, TypeError):
        return None
    kinds = {field.name: field.type for field in fields(Comparison)}
    if {name: type(value) for name, value in values.items()} != kinds:
        return None
    current = (comparison.cpu, comparison.format_version) == (cpu_identity(), _FORMAT_VERSION)
    return comparison if current else None


def save_comparison(comparison: Comparison, path: Path) -> None:
    """Remember what was measured; where that is impossible it is measured again."""
    try:
        write_text_atomically(path, json.dumps(asdict(comparison)))
    except StorageError:
        return


def _rank_agreement(expected: Embeddings, found: Embeddings) -> float:
    """Return Spearman's correlation of the cosines of all pairs of rows."""
    pairs = np.triu_indices(len(expected), k=1)
    ranks = [np.argsort(np.argsort((rows @ rows.T)[pairs])) for rows in (expected, found)]
    correlation = np.corrcoef(np.stack(ranks))
    return float(np.ravel(correlation)[1])


def _speedup(fp32: Encode, int8: Encode) -> float:
    """Return how much quicker int8 reads one long text; the quickest of interleaved runs count."""
    text = [" ".join(_PROBES)]
    best = [float("inf"), float("inf")]
    for _ in range(_TIMED_RUNS):
        for at, encode in enumerate((fp32, int8)):
            start = time.perf_counter()
            encode(text)
            best[at] = min(best[at], time.perf_counter() - start)
    return best[0] / best[1]


def _unfaithful(comparison: Comparison, *, built_with: str) -> ModelError:
    built = "this index was built with int8, and here" if built_with else "on this machine"
    return ModelError(
        f"{built} int8 differs too much from fp32 (cosine {comparison.least_cosine:.3f},"
        f" rank agreement {comparison.rank_agreement:.3f})",
        hint="run: ragkit ingest --rebuild --encoder-precision fp32",
    )
