"""Puts a LoRA adapter into the package: the file, its row in the catalogue, the facts in its card.

    python evals/tools/ship_adapter.py ADAPTER.gguf [--name NAME] [--model NAME] [--licence SPDX]

It is refused where it is larger than 20 MB or does not load on the model; all else that the card
says (data, recipe, numbers, limits) is for people to write. Shipping again replaces what was there.
"""

import argparse
import shutil
import sys
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import ragkit
from ragkit.errors import RagkitError, UsageError
from ragkit.files import sha256_of, write_atomically, write_text_atomically
from ragkit.llms import LlmOptions
from ragkit.models import PackagedWeights, find_entry, open_llm
from ragkit.records import Message, Sampling
from ragkit.settings import Settings

MOST_BYTES = 20_000_000
MODELS = Path(ragkit.__file__).parent / "models"
FOLDER = "adapters"
CARD = f"{FOLDER}/README.md"
FACTS, END_OF_FACTS = "<!-- facts -->", "<!-- end of facts -->"
HEADING = "# --- LoRA adapters " + "-" * 80
"""The last of the catalogue; nothing but their rows stands behind it."""
_ROW = "[[adapter]]"
_NOTE = "ragkit."
_TOLD = ("format_version", "base.sha256", "base.file")
_FORMATS = {0: "F32", 1: "F16", 30: "BF16"}
"""Numbers of ggml's types; see ggml.h."""


@dataclass(frozen=True, slots=True)
class AdapterFacts:
    """What an adapter's file says of itself."""

    size_bytes: int
    sha256: str
    rank: int
    alpha: float
    matrices: str
    """How many pairs, in which form, of which weights."""
    licence: str
    """Empty where the file does not say."""
    notes: Mapping[str, str]
    """What the training wrote into it, such as the recipe and the sha256 of the base."""


def read_facts(path: Path) -> AdapterFacts:
    """Return what a LoRA adapter in GGUF form says of itself.

    Raises:
        UsageError: It is another file, or its matrices have different ranks.
    """
    from gguf import GGUFReader

    try:
        reader = GGUFReader(path)
    except (OSError, ValueError, LookupError) as error:
        raise UsageError(f"{path} cannot be read as GGUF: {error}") from error
    kind = [_value(reader, "general.type"), _value(reader, "adapter.type")]
    if kind != ["adapter", "lora"]:
        raise UsageError(f"{path} is no LoRA adapter: its types are {kind}")
    down = [tensor for tensor in reader.tensors if tensor.name.endswith(".lora_a")]
    ranks = sorted({int(tensor.shape[1]) for tensor in down})  # the fastest dimension stands first
    if len(ranks) != 1:
        raise UsageError(f"{path} has matrices of the ranks {ranks}; it should have one")
    return AdapterFacts(
        size_bytes=path.stat().st_size,
        sha256=sha256_of(path),
        rank=ranks[0],
        alpha=float(_value(reader, "adapter.lora.alpha")),
        matrices=describe_matrices(
            [tensor.name for tensor in down], {int(tensor.tensor_type) for tensor in reader.tensors}
        ),
        licence=_value(reader, "general.license") or "",
        notes={
            key.removeprefix(_NOTE): str(_value(reader, key))
            for key in reader.fields
            if key.startswith(_NOTE)
        },
    )


def describe_matrices(names: Sequence[str], types: Iterable[int]) -> str:
    """Return how many pairs of matrices there are, in which form, and of which weights.

    >>> describe_matrices(["blk.0.attn_q.weight.lora_a", "blk.1.attn_q.weight.lora_a"], {1})
    '2 pairs, F16: attn_q (2)'
    """
    weights = Counter(name.split(".")[-3] for name in names)
    forms = ", ".join(sorted(_FORMATS.get(one, f"type {one}") for one in types))
    parts = ", ".join(f"{name} ({count})" for name, count in sorted(weights.items()))
    return f"{len(names)} pairs, {forms}: {parts}"


def _value(reader: Any, key: str) -> Any:
    field = reader.get_field(key)
    return field.contents() if field else None


def with_row(catalogue: str, name: str, row: str) -> str:
    r"""Return the catalogue's text with an adapter's row, in place of the one of that name.

    >>> with_row(f'[[model]]\n{HEADING}\n\n[[adapter]]\nname = "a"\n', "a", "new")[-8:]
    '--\n\nnew\n'

    Raises:
        UsageError: The catalogue has no heading of adapters.
    """
    before, heading, rows = catalogue.rpartition(HEADING)
    if not heading:
        raise UsageError(f"the catalogue has no line {HEADING}")
    kept = [one for one in rows.split(_ROW)[1:] if f'name = "{name}"' not in one]
    tables = [*(f"{_ROW}{one}".rstrip() for one in kept), row]
    return f"{before}{heading}\n\n" + "\n\n".join(tables) + "\n"


def with_facts(card: str, facts: str) -> str:
    """Return a card with other facts between its marks.

    Raises:
        UsageError: It has no such marks.
    """
    before, start, rest = card.partition(FACTS)
    _, end, after = rest.partition(END_OF_FACTS)
    if not (start and end):
        raise UsageError(f"the card has no {FACTS} ... {END_OF_FACTS}")
    return f"{before}{start}\n{facts}\n{end}{after}"


def catalogue_row(name: str, model: str, licence: str, facts: AdapterFacts) -> str:
    """Return an adapter's row of catalogue.toml."""
    return (
        f'{_ROW}\nname = "{name}"\nmodel = "{model}"\nlicence = "{licence}"\n'
        f"size_bytes = {facts.size_bytes:_}\nrank = {facts.rank}\n"
        f'file = "{FOLDER}/{name}.gguf"\ncard = "{CARD}"\nsha256 = "{facts.sha256}"'
    )


def card_facts(name: str, model: str, licence: str, facts: AdapterFacts) -> str:
    """Return the table of facts of an adapter's card."""
    weights = packaged_weights(model)
    rows = {
        "file": f"`{name}.gguf`",
        "sha256": f"`{facts.sha256}`",
        "size": f"{facts.size_bytes:,} bytes",
        "rank, alpha": f"{facts.rank}, {facts.alpha:g}",
        "matrices": facts.matrices,
        "made for": f"{model}, the file `{weights.weights}` of the package "
        f"{weights.package}, sha256 `{weights.sha256}`",
        "licence": licence,
        **{title: note for title, note in facts.notes.items() if title not in _TOLD},
    }
    lines = [f"| {title} | {said.replace('|', '/')} |" for title, said in rows.items()]
    return "\n".join(["| | |", "|---|---|", *lines])


def packaged_weights(model: str) -> PackagedWeights:
    """Return where the weights of an LLM come from.

    Raises:
        UsageError: From no package, or nothing is known of it.
    """
    entry = find_entry(model, kind="llm")
    if entry is None or not isinstance(entry.source, PackagedWeights):
        raise UsageError(f"{model} is no LLM that a package brings", hint="ragkit models list")
    return entry.source


def refuse_unusable(path: Path, model: str, facts: AdapterFacts) -> None:
    """Raise an error where an adapter is too large, or the model cannot speak with it."""
    if facts.size_bytes > MOST_BYTES:
        raise UsageError(f"{path} has {facts.size_bytes:,} bytes; the most is {MOST_BYTES:,}")
    trained_for = facts.notes.get("base.sha256")
    if trained_for not in (None, packaged_weights(model).sha256):
        raise UsageError(f"{path} was trained for weights of the sha256 {trained_for}, not {model}")
    llm = open_llm(
        model,
        cache_dir=Settings().cache_path,
        options=LlmOptions(lora=str(path.resolve()), context_window=256),
    )
    llm.generate([Message("user", "Why?")], sampling=Sampling(max_new_tokens=2))
    llm.close()


def ship(path: Path, *, name: str, model: str, licence: str) -> AdapterFacts:
    """Put an adapter into the package that this process runs."""
    facts = read_facts(path)
    refuse_unusable(path, model, facts)
    licence = licence or facts.licence
    if not licence:
        raise UsageError(f"{path} names no licence", hint="give one: --licence Apache-2.0")
    entry = find_entry(model, kind="llm")
    if entry and entry.licence.lower() == licence.lower():
        licence = entry.licence  # which the catalogue spells as SPDX does, and GGUF files do not
    table = card_facts(name, model, licence, facts)
    card, catalogue = MODELS / CARD, MODELS / "catalogue.toml"
    described = with_facts(card.read_text("utf-8"), table)
    row = catalogue_row(name, model, licence, facts)
    listed = with_row(catalogue.read_text("utf-8"), name, row)
    write_atomically(MODELS / FOLDER / f"{name}.gguf", lambda part: shutil.copyfile(path, part))
    write_text_atomically(card, described)
    write_text_atomically(catalogue, listed)
    return facts


def main() -> None:
    """Ship what the command line names."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("adapter", type=Path)
    parser.add_argument("--name", default="smollm2-135m-grounded")
    parser.add_argument("--model", default="smollm2-135m-instruct")
    parser.add_argument("--licence", default="", help="that of the file by default")
    given = parser.parse_args()
    try:
        facts = ship(given.adapter, name=given.name, model=given.model, licence=given.licence)
    except RagkitError as error:
        sys.exit(f"{error.message}\n{error.hint}".rstrip())
    print(f"{given.name}: rank {facts.rank}, {facts.size_bytes:,} bytes, {facts.sha256}")
    print(f"now the rest of its card: {MODELS / CARD}")


if __name__ == "__main__":
    main()
