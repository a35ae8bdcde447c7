"""The model that an adapter is trained for, read from its GGUF file into torch.

It does not train; see `ragkit.training.loop`.
"""

import io
import warnings
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, redirect_stderr
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from ragkit.errors import ModelError, UsageError, unknown_name
from ragkit.training import attention
from ragkit.training.records import Recipe

TARGETS: Mapping[str, str] = MappingProxyType(
    {
        "q": "q_proj",
        "k": "k_proj",
        "v": "v_proj",
        "o": "o_proj",
        "gate": "gate_proj",
        "up": "up_proj",
        "down": "down_proj",
    }
)
"""A linear layer of a block as a recipe names it, to what transformers calls it."""


@dataclass(frozen=True, slots=True)
class Base:
    """A model in torch, its packed weights unpacked, and where it came from."""

    model: Any
    """A causal language model of transformers, or that model with an adapter of peft."""
    path: Path
    device: str

    @property
    def causal(self) -> Any:
        """The model of transformers: `model` gives hidden states, `lm_head` their logits."""
        return getattr(self.model, "base_model", self.model).model if self.adapted else self.model

    @property
    def adapted(self) -> bool:
        """Whether there is an adapter on it."""
        return hasattr(self.model, "peft_config")

    @property
    def adapter(self) -> dict[str, Any]:
        """The weights that are trained, by peft's names, such as "...q_proj.lora_A.default.weight".

        A is (rank, inputs), B is (outputs, rank).
        """
        return {
            name: weight for name, weight in self.model.named_parameters() if weight.requires_grad
        }


def choose_device(wanted: str) -> str:
    """Return "cpu" or "cuda"; "auto" is the GPU where torch can use one.

    Raises:
        UsageError: An unknown device, or a GPU where there is none.
    """
    if wanted not in ("auto", "cpu", "cuda"):
        raise unknown_name("device", wanted, ("auto", "cpu", "cuda"))
    if wanted == "cpu":
        return wanted
    import torch

    if torch.cuda.is_available():
        return "cuda"
    if wanted == "cuda":
        raise UsageError("torch finds no GPU here", hint="train on the CPU: --device cpu")
    return "cpu"


def load_base(path: Path, *, device: str = "cpu", exact: bool = False) -> Base:
    """Return a GGUF file's model in torch, in evaluation mode, every weight unpacked and frozen.

    Args:
        path: A GGUF file of an architecture that transformers knows from such files.
        device: "cpu" or "cuda".
        exact: In fp32 rather than in what the device trains quickest in: for a comparison.

    Raises:
        ModelError: The extra is not installed, or the file cannot be read.
    """
    require_extra()
    import torch
    from transformers import AutoModelForCausalLM, GgufConfig

    if not path.is_file():
        raise ModelError(f"there is no model at {path}", hint="ragkit models list")
    attention.register()
    dtype = torch.float32 if exact else best_dtype(device)
    with _silence():
        try:
            model = AutoModelForCausalLM.from_pretrained(
                str(path.parent),
                gguf_file=path.name,
                quantization_config=GgufConfig(dequantize=True),
                dtype=dtype,
                attn_implementation=attention.NAME,
                local_files_only=True,
            )
        except Exception as error:  # whatever a file that is damaged or unknown makes it raise
            reason = str(error).partition("\n")[0]
            raise ModelError(
                f"{path.name} cannot be read for training: {reason}",
                hint="train on a model of a known form, such as smollm2-135m-instruct",
            ) from error
    model.requires_grad_(requires_grad=False)
    return Base(model.to(device).eval(), path, device)


def add_lora(base: Base, recipe: Recipe) -> Base:
    """Return the base with a new adapter on it: B is zero, so that it says what it said.

    The adapter is kept in the precision of the base. The same seed gives the same A.

    Raises:
        UsageError: The recipe names a layer that there is not.
    """
    import torch
    from peft import LoraConfig, get_peft_model

    check_targets(recipe.targets)
    config = LoraConfig(
        r=recipe.rank,
        lora_alpha=recipe.alpha,
        target_modules=[TARGETS[target] for target in recipe.targets],
        bias="none",
        lora_dropout=0.0,
    )
    with torch.random.fork_rng(devices=[]), _silence():
        torch.manual_seed(recipe.seed)
        try:
            model = get_peft_model(base.model, config, autocast_adapter_dtype=False)
        except ValueError as error:
            raise UsageError(
                f"{base.path.name} has no layers {', '.join(recipe.targets)} to adapt",
                hint="leave some out with --targets",
            ) from error
    return Base(model, base.path, base.device)


def check_targets(targets: Iterable[str]) -> None:
    """Refuse a name that is not in `TARGETS`.

    Raises:
        UsageError: There is one.
    """
    for target in targets:
        if target not in TARGETS:
            raise unknown_name("target", target, TARGETS)


def set_adapter(base: Base, weights: Mapping[str, Any]) -> None:
    """Give a base's adapter the weights of another of the same shape.

    Args:
        base: With an adapter.
        weights: Arrays or tensors by peft's names.

    Raises:
        UsageError: They are of other layers or of another rank.
    """
    import torch

    own = {_plain(name): weight for name, weight in base.adapter.items()}
    given = {_plain(name): matrix for name, matrix in weights.items()}
    shapes = {name: tuple(weight.shape) for name, weight in own.items()}
    if shapes != {name: tuple(matrix.shape) for name, matrix in given.items()}:
        raise UsageError(
            "the adapter to go on from has other layers or another rank than the recipe",
            hint="leave --rank and --targets out, or begin anew: --from none",
        )
    with torch.no_grad():
        for name, weight in own.items():
            weight.copy_(torch.as_tensor(given[name]))


def _plain(name: str) -> str:
    """Return peft's name of a matrix without that of the adapter.

    >>> _plain("model.layers.0.self_attn.q_proj.lora_A.default.weight")
    'model.layers.0.self_attn.q_proj.lora_A.weight'
    """
    return name.replace(".default.", ".")


def best_dtype(device: str) -> Any:
    """Return bfloat16 where the device computes in it, else float32.

    Source: SmolLM2-135M with an adapter of rank 16 on 2 cores with AMX, 8 x 384 tokens: 930 tokens
    a second with base and adapter in bfloat16, 708 to 780 with an adapter in float32 under
    autocast, far fewer all in float32.
    """
    import torch

    if device == "cuda":
        return torch.bfloat16 if torch.cuda.is_bf16_supported() else torch.float32
    quick = torch.ops.mkldnn._is_mkldnn_bf16_supported()  # noqa: SLF001 - as torch itself asks
    return torch.bfloat16 if quick else torch.float32


def require_extra() -> None:
    """Say what to install where the libraries of training are not here.

    Raises:
        ModelError: One is missing.
    """
    from importlib.util import find_spec

    missing = [
        name for name in ("transformers", "peft", "gguf", "accelerate") if not find_spec(name)
    ]
    if missing:
        raise ModelError(
            f"training needs {', '.join(missing)}, not installed here",
            hint='pip install "ragkit[train]"',
        )


@contextmanager
def _silence() -> Iterator[None]:
    """Keep transformers from reporting, warning and drawing bars while a model loads."""
    from transformers.utils import logging

    level = logging.get_verbosity()
    logging.set_verbosity_error()
    try:
        with warnings.catch_warnings(), redirect_stderr(io.StringIO()):
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.set_verbosity(level)
