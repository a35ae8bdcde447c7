"""A judge named by path (T3): a classifier of text pairs, such as one of entailment, as ONNX.

A folder with model.onnx, tokenizer.json and config.json, as the ONNX exports on model hubs have it.
It trains nothing and knows no particular model.
"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ragkit.encoders.runtime import load_onnxruntime
from ragkit.errors import ModelError
from ragkit.evaluation.protocols import Claim
from ragkit.evaluation.records import Tier
from ragkit.files import sha256_of

MODEL_FILE, TOKENIZER_FILE, CONFIG_FILE = "model.onnx", "tokenizer.json", "config.json"
BACKED = frozenset("entailment entails supported supports faithful consistent grounded".split())
UNBACKED = frozenset(
    "hallucinated hallucination unsupported inconsistent ungrounded not_entailment".split()
)
_MOST_TOKENS = 512
_HINT = "give a folder with model.onnx, tokenizer.json and config.json that names its labels"


class DetectorJudge:
    """Scores a claim by the probability that a classifier gives to its being backed.

    A passage that is too long is read in parts, each beside the whole claim; the part that backs it
    most counts.

    Args:
        folder: Of the classifier.

    Raises:
        ModelError: A file is missing or damaged, or no label says that a claim is backed.
    """

    tier: Tier = "T3"

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        config = _read_config(folder / CONFIG_FILE)
        self._label, self._is_backed = find_label(config.get("id2label") or {}, folder)
        most = int(config.get("max_position_embeddings") or _MOST_TOKENS)
        self._most_tokens = min(most, _MOST_TOKENS)
        self._tokenizer = _load_tokenizer(folder / TOKENIZER_FILE, self._most_tokens)
        onnxruntime = load_onnxruntime()
        try:
            self._session: Any = onnxruntime.InferenceSession(
                str(folder / MODEL_FILE), providers=["CPUExecutionProvider"]
            )
        except Exception as error:
            reason = str(error).partition("\n")[0]
            raise ModelError(f"cannot load {folder / MODEL_FILE}: {reason}", hint=_HINT) from error
        self._inputs = {one.name for one in self._session.get_inputs()}

    @property
    def name(self) -> str:
        """Name of the folder."""
        return self._folder.resolve().name

    @property
    def identity(self) -> Mapping[str, str]:
        """The digest of its weights, and the label that counts."""
        return {"sha256": sha256_of(self._folder / MODEL_FILE), "label": str(self._label)}

    def score(self, claims: Sequence[Claim]) -> tuple[float, ...]:
        """Return a probability for each claim; 0 where there is no passage."""
        return tuple(
            max((self._probability(claim.text, text) for text in claim.passages), default=0.0)
            for claim in claims
        )

    def _probability(self, claim: str, passage: str) -> float:
        whole = self._tokenizer.encode(passage, self._shorten(claim))
        found = [self._run(encoding) for encoding in (whole, *whole.overflowing)]
        return max(found)

    def _shorten(self, claim: str) -> str:
        """Return a claim cut where it would leave a passage less than half of the room."""
        most = self._most_tokens // 2
        offsets = self._tokenizer.encode(claim, add_special_tokens=False).offsets
        return claim[: offsets[most - 1][1]] if len(offsets) > most else claim

    def _run(self, encoding: Any) -> float:
        given = {
            "input_ids": encoding.ids,
            "attention_mask": encoding.attention_mask,
            "token_type_ids": encoding.type_ids,
        }
        feed = {name: np.array([given[name]], dtype=np.int64) for name in self._inputs & set(given)}
        logits = np.asarray(self._session.run(None, feed)[0], dtype=np.float64).reshape(-1)
        share = probability_of(logits, self._label)
        return share if self._is_backed else 1.0 - share


def find_label(labels: Mapping[str, str], folder: Path) -> tuple[int, bool]:
    """Return the number of the label to read, and whether it says that a claim is backed.

    >>> find_label({"0": "CONTRADICTION", "1": "NEUTRAL", "2": "ENTAILMENT"}, Path("nli"))
    (2, True)
    >>> find_label({"0": "consistent", "1": "hallucinated"}, Path("two"))
    (0, True)
    >>> find_label({"0": "hallucinated"}, Path("one"))
    (0, False)

    Raises:
        ModelError: No label tells.
    """
    for wanted, backed in ((BACKED, True), (UNBACKED, False)):
        for number, label in labels.items():
            if str(label).lower().replace(" ", "_").replace("-", "_") in wanted:
                return int(number), backed
    raise ModelError(
        f"no label of {folder} says that a claim is backed: {', '.join(labels.values()) or 'none'}",
        hint=f"one of its labels in config.json must be of: {', '.join(sorted(BACKED | UNBACKED))}",
    )


def probability_of(logits: NDArray[np.float64], label: int) -> float:
    """Return the probability of a label; a single logit is that of its only label.

    >>> round(probability_of(np.array([0.0, 0.0]), 1), 2), round(probability_of(np.zeros(1), 0), 2)
    (0.5, 0.5)
    """
    if len(logits) == 1:
        return float(1 / (1 + np.exp(-logits[0])))
    shifted = np.exp(logits - logits.max())
    return float(shifted[label] / shifted.sum())


def _read_config(path: Path) -> dict[str, Any]:
    try:
        config = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ModelError(f"cannot read {path}: {error}", hint=_HINT) from error
    if not isinstance(config, dict) or not isinstance(config.get("id2label", {}), dict):
        raise ModelError(f"{path} does not name labels", hint=_HINT)
    return config


def _load_tokenizer(path: Path, most_tokens: int) -> Any:
    from tokenizers import Tokenizer

    try:
        tokenizer = Tokenizer.from_file(str(path))
    except Exception as error:
        raise ModelError(f"cannot read the tokenizer {path}: {error}", hint=_HINT) from error
    tokenizer.no_padding()
    tokenizer.enable_truncation(most_tokens, stride=most_tokens // 8, strategy="only_first")
    return tokenizer
