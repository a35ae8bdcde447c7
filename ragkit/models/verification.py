"""Whether the weights on this machine are the ones that were published."""

from pathlib import Path
from typing import Literal, NamedTuple

from ragkit.errors import unknown_name
from ragkit.files import sha256_once
from ragkit.models.catalogue import find_entry, load_catalogue, locate_model, weights_path

State = Literal["whole", "damaged", "missing"]


class Verification(NamedTuple):
    """The state of one model's weights."""

    name: str
    state: State
    path: str
    """The file that was hashed; empty where it is missing."""


def verify_model(name: str, *, cache_dir: Path) -> Verification:
    """Return whether a model of the catalogue has the published sha256.

    Raises:
        UsageError: An unknown name.
    """
    entry = find_entry(name)
    if entry is None:
        raise unknown_name("model", name, [one.name for one in load_catalogue()])
    located = locate_model(entry)
    file = weights_path(entry, located) if located else None
    if file is None or not file.is_file():
        return Verification(entry.name, "missing", "")
    whole = sha256_once(file, cache_dir=cache_dir) == entry.sha256
    return Verification(entry.name, "whole" if whole else "damaged", str(file))
