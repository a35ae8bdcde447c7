"""Examples in a file, a JSON object a line: what a run keeps, and what may be given in their place.

It does not make examples; see `ragkit.training.making`.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from ragkit.errors import UsageError
from ragkit.files import translate_disk_errors, write_text_atomically
from ragkit.training.records import Example


def save_examples(path: Path, examples: Sequence[Example]) -> None:
    """Write examples, whole or not at all."""
    lines = (json.dumps(asdict(example), ensure_ascii=False) for example in examples)
    write_text_atomically(path, "".join(f"{line}\n" for line in lines))


def read_examples(path: Path) -> tuple[Example, ...]:
    """Return the examples of a file, in their order.

    Raises:
        UsageError: A line is no example, or there is none.
        StorageError: The file cannot be read.
    """
    found = []
    with translate_disk_errors(path), path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, start=1):
            try:
                found.append(Example(**json.loads(line)))
            except (ValueError, TypeError) as error:
                raise UsageError(
                    f"{path}:{number} is no example: {error}",
                    hint=f"the fields of an example: {', '.join(Example.__slots__)}",
                ) from error
    if not found:
        raise UsageError(f"there is no example in {path}", hint="make some: --items FILE")
    return tuple(found)
