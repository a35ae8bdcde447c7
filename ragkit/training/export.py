"""A trained adapter as a file that llama.cpp applies to its base, and back.

It does not say whether llama.cpp then computes what was trained; see `ragkit.training.proof`.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ragkit.errors import ModelError
from ragkit.files import sha256_of, write_atomically
from ragkit.models.gguf import read_kind
from ragkit.training.records import Recipe

Matrix = NDArray[np.float32]

FORMAT_VERSION = 1
_MOSTLY_FLOAT16 = 1
"""Of enum llama_ftype."""

ROTATED_IN_PAIRS: Mapping[str, bool] = {"llama": True, "qwen2": False, "qwen3": False}
"""Architectures that an adapter can be written for, and whether llama.cpp rotates neighbouring rows
of queries and keys, for which it keeps their rows in another order than transformers does.

Source: `undo_permute` and `modify_tensors` of convert_hf_to_gguf.py in llama.cpp; each is proven on
a model of its own in tests/training/test_proof.py.
"""

_PARTS = (
    *(f"self_attn.{letter}_proj" for letter in "qkvo"),
    *(f"mlp.{name}_proj" for name in ("gate", "up", "down")),
)
"""Linear layers of a block."""

_TRAINED = re.compile(r"(?:base_model\.model\.)?(.+)\.lora_([AB])(?:\.\w+)?\.weight")
"""How peft names a matrix, in the state of a model and in what it saves."""


@dataclass(frozen=True, slots=True)
class AdapterBase:
    """The model that an adapter is made for, as far as the adapter's file depends on it."""

    path: Path
    name: str
    sha256: str
    architecture: str
    licence: str
    layers: int
    heads: int
    kv_heads: int


def read_adapter_base(path: Path) -> AdapterBase:
    """Return what an adapter for a GGUF file must know of it; to be asked before training begins.

    Raises:
        ModelError: No GGUF file, or of an architecture that adapters are not written for.
    """
    kind = read_kind(path)
    if kind.architecture not in ROTATED_IN_PAIRS:
        known = ", ".join(sorted(ROTATED_IN_PAIRS))
        raise ModelError(
            f"{path.name} is a model of the architecture {kind.architecture or 'unknown'!r};"
            f" adapters can be trained for: {known}",
            hint="choose another base: ragkit models list",
        )
    return AdapterBase(
        path=path,
        name=kind.name or path.stem,
        sha256=sha256_of(path),
        architecture=kind.architecture,
        licence=kind.licence,
        layers=kind.layers,
        heads=kind.heads,
        kv_heads=kind.kv_heads,
    )


def save_adapter(
    path: Path,
    weights: Mapping[str, Any],
    *,
    base: AdapterBase,
    recipe: Recipe,
    name: str,
    notes: Mapping[str, str] | None = None,
) -> None:
    """Write a LoRA adapter in GGUF form, in 16-bit numbers; whole or not at all.

    The same weights, base, recipe, name and notes give the same bytes.

    Args:
        path: Ends in .gguf.
        weights: A of shape (rank, in) and B of shape (out, rank) of each layer that is adapted, as
            arrays or tensors, by peft's names such as
            "base_model.model.model.layers.0.self_attn.q_proj.lora_A.weight".
        base: What it was trained on.
        recipe: How it was trained.
        name: What it is called.
        notes: What else its file shall say, such as what it was trained on; kept as ragkit.KEY.

    Raises:
        ModelError: No such file can hold these weights: infinite, or of layers that the base lacks.
        StorageError: The disk is full or the folder cannot be written.
    """
    tensors = dict(_tensors(weights, base, rank=recipe.rank))
    texts = {
        "base.sha256": base.sha256,
        "base.file": base.path.name,
        "recipe": json.dumps(asdict(recipe), sort_keys=True),
        **(notes or {}),
    }

    def write(part: Path) -> None:
        from gguf import GGUFWriter

        writer = GGUFWriter(part, base.architecture)
        _describe(writer, base, name, texts)
        writer.add_string("adapter.type", "lora")
        writer.add_float32("adapter.lora.alpha", recipe.alpha)
        for tensor, matrix in tensors.items():
            writer.add_tensor(tensor, matrix.astype(np.float16))
        writer.write_header_to_file()
        writer.write_kv_data_to_file()
        writer.write_tensors_to_file()
        writer.close()

    write_atomically(path, write)


def _describe(writer: Any, base: AdapterBase, name: str, texts: Mapping[str, str]) -> None:
    """Write what no engine needs but people do."""
    writer.add_type("adapter")
    writer.add_name(name)
    if base.licence:
        writer.add_license(base.licence)
    writer.add_file_type(_MOSTLY_FLOAT16)
    writer.add_base_model_count(1)
    writer.add_base_model_name(0, base.name)
    writer.add_uint32("ragkit.format_version", FORMAT_VERSION)
    for key, text in texts.items():
        writer.add_string(f"ragkit.{key}", text)


def load_adapter(path: Path, base: AdapterBase) -> dict[str, Matrix]:
    """Return the weights of an adapter by peft's names, rows in the order of transformers.

    They were rounded to 16 bits when the file was written.

    Raises:
        ModelError: No LoRA adapter, or one for another base.
    """
    reader = _open_file(path)
    made_for = reader.get_field("ragkit.base.sha256")
    if made_for is not None and made_for.contents() != base.sha256:
        raise ModelError(
            f"{path.name} was trained for another model than {base.path.name}:"
            f" one of sha256 {made_for.contents()[:12]}, not {base.sha256[:12]}",
            hint="name the file that it was trained on with --base",
        )
    stored = {one.name: np.asarray(one.data, dtype=np.float32) for one in reader.tensors}
    modules = {name: module for module, name in stored_names(base).items()}
    found: dict[str, Matrix] = {}
    for tensor, matrix in stored.items():
        weight, _, side = tensor.rpartition(".lora_")
        if weight not in modules or side not in ("a", "b"):
            raise ModelError(f"{path.name} holds {tensor!r}, which is no part of a LoRA adapter")
        heads = _rotated_heads(modules[weight], base) if side == "b" else 0
        rows = restore_rows(matrix, heads) if heads else matrix
        found[f"base_model.model.{modules[weight]}.lora_{side.upper()}.weight"] = rows
    return found


def read_recipe(path: Path) -> Recipe:
    """Return the recipe by which an adapter was trained, as its file says.

    Raises:
        ModelError: No adapter that ragkit wrote.
    """
    field = _open_file(path).get_field("ragkit.recipe")
    try:
        values: dict[str, Any] = json.loads(field.contents() if field else "")
        return Recipe(**{**values, "targets": tuple(values["targets"])})
    except (ValueError, TypeError, KeyError) as error:
        raise ModelError(
            f"{path} does not say how it was trained", hint="begin anew: --from none"
        ) from error


def _open_file(path: Path) -> Any:
    """Return the package gguf's reader of a file."""
    from gguf import GGUFReader

    try:
        return GGUFReader(path)
    except (OSError, ValueError, IndexError) as error:
        raise ModelError(
            f"{path} is damaged or no GGUF file", hint="name an adapter that ragkit train wrote"
        ) from error


def pair_rows(rows: Matrix, heads: int) -> Matrix:
    """Return rows in the order of a model that rotates neighbours, of one that rotates halves.

    Each head's second half is laid between the rows of its first half, as llama.cpp's converter
    does with the queries and keys of Llama models.

    >>> pair_rows(np.array([[0.0], [1.0], [2.0], [3.0]], dtype=np.float32), heads=1).ravel()
    array([0., 2., 1., 3.], dtype=float32)

    Source: `LlamaModel.permute` in convert_hf_to_gguf.py of llama.cpp.
    """
    halves = rows.reshape(heads, 2, -1, *rows.shape[1:])
    return np.ascontiguousarray(halves.swapaxes(1, 2).reshape(rows.shape))


def restore_rows(rows: Matrix, heads: int) -> Matrix:
    """Return rows in the order that they had before `pair_rows`.

    >>> restore_rows(np.array([[0.0], [2.0], [1.0], [3.0]], dtype=np.float32), heads=1).ravel()
    array([0., 1., 2., 3.], dtype=float32)
    """
    pairs = rows.reshape(heads, -1, 2, *rows.shape[1:])
    return np.ascontiguousarray(pairs.swapaxes(1, 2).reshape(rows.shape))


def _tensors(
    weights: Mapping[str, Any], base: AdapterBase, *, rank: int
) -> Iterator[tuple[str, Matrix]]:
    """Yield the matrices under llama.cpp's names, in the order of the base's layers."""
    trained: dict[str, dict[str, Matrix]] = {}
    for name, values in weights.items():
        parts = _TRAINED.fullmatch(name)
        if parts is None:
            raise ModelError(f"{name!r} is not what peft calls a matrix of a LoRA adapter")
        trained.setdefault(parts[1], {})[parts[2]] = _matrix(name, values)
    for module, stored in stored_names(base).items():
        sides = trained.pop(module, None)
        if sides is None:
            continue
        a, b = sides.get("A"), sides.get("B")
        if a is None or b is None or a.shape[0] != rank or b.shape[1] != rank:
            shapes = {side: matrix.shape for side, matrix in sides.items()}
            raise ModelError(f"{module} is not adapted at rank {rank}: it has {shapes}")
        heads = _rotated_heads(module, base)
        yield f"{stored}.lora_a", a
        yield f"{stored}.lora_b", pair_rows(b, heads) if heads else b
    if trained:
        raise ModelError(f"an adapter for {base.name} cannot hold {', '.join(sorted(trained))}")


def _matrix(name: str, values: Any) -> Matrix:
    """Return an array or a tensor of any type as an array of what 16 bits can hold."""
    array = values if isinstance(values, np.ndarray) else values.detach().float().cpu().numpy()
    matrix: Matrix = np.asarray(array, dtype=np.float32)
    if not (np.abs(matrix) <= np.finfo(np.float16).max).all():
        raise ModelError(
            f"{name} holds numbers that are not finite or beyond 16 bits: training diverged",
            hint="train again with a lower --rate",
        )
    return matrix


def stored_names(base: AdapterBase) -> Mapping[str, str]:
    """Return llama.cpp's names of the weights of a base's linear layers by transformers' names.

    Source: `TensorNameMap` of the package gguf, which llama.cpp's converters use.
    """
    from gguf import MODEL_ARCH, MODEL_ARCH_NAMES, get_tensor_name_map

    numbers = {text: number for number, text in MODEL_ARCH_NAMES.items()}
    names = get_tensor_name_map(MODEL_ARCH(numbers[base.architecture]), base.layers)
    modules = (f"model.layers.{layer}.{part}" for layer in range(base.layers) for part in _PARTS)
    return {module: f"{names.get_name(module)}.weight" for module in modules}


def _rotated_heads(module: str, base: AdapterBase) -> int:
    """Return how many heads a layer's rows are reordered in; 0 for none."""
    if not ROTATED_IN_PAIRS[base.architecture]:
        return 0
    heads = {"q_proj": base.heads, "k_proj": base.kv_heads}
    return heads.get(module.rpartition(".")[2], 0)
