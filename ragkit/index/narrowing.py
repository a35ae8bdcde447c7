"""Tells a user why no document meets a filter, with the names and values that there are.

It decides nothing about the search itself.
"""

from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import PurePosixPath

from ragkit.errors import NothingMatchesError
from ragkit.index.filters import LANGUAGE
from ragkit.protocols import Index
from ragkit.records import DocumentFilter, StoredDocument

_MOST_NAMED = 12
"""Values to name in one line."""


def check_filter(index: Index, within: DocumentFilter) -> None:
    """Raise a NothingMatchesError for the first condition that no document meets, or for all.

    Raises:
        NothingMatchesError: Says which documents, formats, keys or values the index holds instead.
    """
    for path in within.documents:
        if not index.holds(DocumentFilter(documents=(path,))):
            raise _no_such_document(path, index)
    for folder in within.under:
        if not index.holds(DocumentFilter(under=(folder,))):
            raise _nothing("lies under", folder, _folders(index.documents()), folder)
    for kind in within.formats:
        if not index.holds(DocumentFilter(formats=(kind,))):
            formats = {document.format for document in index.documents()}
            raise _nothing("has the format", kind, formats, kind)
    for key, value in within.where:
        if not index.holds(DocumentFilter(where=((key, value),))):
            raise _no_such_fact(key, value, index)
    if not index.holds(within):
        raise NothingMatchesError(
            "no document meets all these conditions together",
            hint="leave one out, or see what there is: ragkit index info --documents",
        )


def _no_such_document(path: str, index: Index) -> NothingMatchesError:
    paths = [document.path for document in index.documents()]
    wanted = PurePosixPath(path.lower()).name
    names = {PurePosixPath(known).name.lower(): known for known in reversed(paths)}
    close = [names[name] for name in get_close_matches(wanted, names, n=3)]
    close += [known for known in paths if wanted and wanted in known.lower()][:3]
    return NothingMatchesError(
        f"the index holds no document {path!r}",
        hint=f"did you mean {_listed(close[:3])}?"
        if close
        else "see what there is: ragkit index info --documents",
    )


def _no_such_fact(key: str, value: str, index: Index) -> NothingMatchesError:
    known: dict[str, set[str]] = {}
    for document in index.documents():
        facts = dict(document.metadata)
        if document.language:
            facts[LANGUAGE] = document.language
        for name, fact in facts.items():
            known.setdefault(name, set()).add(fact)
    if key in known:
        return _nothing(f"has {key}", value, known[key], value)
    return NothingMatchesError(
        f"no document says its {key!r}",
        hint=f"known of these documents: {_listed(sorted(known))}"
        if known
        else "nothing of the kind is known of these documents",
    )


def _nothing(says: str, wanted: str, known: Iterable[str], like: str) -> NothingMatchesError:
    values = sorted(known, key=_in_order)
    close = get_close_matches(like, values, n=_MOST_NAMED, cutoff=0.75)
    named = values if len(values) <= _MOST_NAMED else close or values
    return NothingMatchesError(
        f"no document {says} {wanted!r}",
        hint=f"there is: {_listed(named)}" if named else "leave that condition out",
    )


def _folders(documents: Iterable[StoredDocument]) -> frozenset[str]:
    parents = (PurePosixPath(document.path).parents for document in documents)
    return frozenset(str(folder) for above in parents for folder in above) - {"/", "."}


def _listed(values: Iterable[str]) -> str:
    names = list(values)
    more = f" and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else ""
    return ", ".join(names[:_MOST_NAMED]) + more


def _in_order(value: str) -> tuple[int, str]:
    """Return what to sort values by: numbers by size, before words.

    >>> sorted(["10", "9", "b", "a"], key=_in_order)
    ['9', '10', 'a', 'b']
    """
    return (int(value) if value.isascii() and value.isdigit() else 10**12, value)
