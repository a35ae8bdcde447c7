"""A JSON object as a sample, and a sample as a JSON object; what is wrong is told with its place.

It touches no files; `ragkit.evaluation.suites.folders` does.
"""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import MISSING, asdict, fields
from typing import Any, NoReturn, get_args

from ragkit.errors import UsageError
from ragkit.evaluation.records import GoldPlace, Kind, Sample, Twin

KINDS: tuple[str, ...] = get_args(Kind)
SIZES = ("smoke", "default", "full")
"""Each with those before it."""
_FORMAT = "docs/evaluation.md, Suites, tells every field"

Row = Mapping[str, Any]


class _WrongValueError(ValueError):
    """Says what a value should be."""


def parse_sample(row: object, *, place: str) -> Sample:
    """Return the sample that a line of samples.jsonl holds.

    Only `question` is needed, and `answers` or a `kind` without any. What is left out is made of
    these: the id of the question, the base of the id.

    Args:
        row: A JSON value.
        place: Where it stands, as "samples.jsonl:12", for errors.

    Raises:
        UsageError: It is no sample; the message says where and why.

    >>> one = parse_sample({"question": "When is the exam?", "answers": ["14 May"]}, place="a:1")
    >>> one.kind, one.id == one.base_id, one.answers
    ('answerable', True, ('14 May',))
    >>> parse_sample({"question": "When?", "answer": "14 May"}, place="a.jsonl:1")
    Traceback (most recent call last):
    ragkit.errors.UsageError: a.jsonl:1: unknown field 'answer' in a sample
    """
    values = read_object(row, Sample, _READ_FIELD, what="a sample", place=place)
    if "question" not in values or not values["question"].strip():
        _refuse(place, "a sample without a question")
    values.setdefault("id", _name_of(values["question"]))
    values.setdefault("base_id", values["id"])
    if "kind" not in values:
        if not any(values.get(name) for name in ("answers", "reference", "gold")):
            _refuse(place, f"a sample without answers needs a kind: {', '.join(KINDS)}")
        values["kind"] = "answerable"
    sample = Sample(**values)
    _check_kind(sample, place)
    return sample


def form_of_sample(sample: Sample) -> dict[str, Any]:
    """Return a sample as the JSON object that stands for it, without what is as by default.

    >>> row = {"id": "a", "base_id": "a", "kind": "leak", "question": "Who?", "absent": ["Ann"]}
    >>> form_of_sample(parse_sample(row, place="")) == row
    True
    """
    form = _without_defaults(sample, keep=("id", "base_id", "kind", "question"))
    if sample.gold:
        kept = ("document", "start", "end", "quote")
        form["gold"] = [_without_defaults(place, keep=kept) for place in sample.gold]
    return form


def read_object(
    row: object,
    record: type,
    readers: Mapping[str, Callable[[Any], Any]],
    *,
    what: str,
    place: str,
) -> dict[str, Any]:
    """Return the values of a JSON object by field of a record; null stands for a field left out.

    Raises:
        UsageError: It is no object, a field is unknown, or a value is of another type.
    """
    if not isinstance(row, dict):
        _refuse(place, f"{what} is a JSON object, not {_shown(row)}")
    known = [name for name in (field.name for field in fields(record)) if name in readers]
    values = {}
    for name, value in row.items():
        if name not in readers:
            message = f"{place}: unknown field {_shown(name)} in {what}"
            raise UsageError(message, hint=f"known: {', '.join(known)}")
        if value is None:
            continue
        try:
            values[name] = readers[name](value)
        except _WrongValueError as error:
            _refuse(place, f"{name!r} is {error}, not {_shown(value)}")
    return values


def read_text(value: Any) -> str:
    """Return a text as it is."""
    return str(_of_type(value, str, "a text"))


def read_texts(value: Any) -> tuple[str, ...]:
    """Return texts as a tuple; one text alone stands for a list of it."""
    if isinstance(value, str):
        return (value,)
    if not isinstance(value, list) or not all(isinstance(text, str) for text in value):
        raise _WrongValueError("a list of texts")
    return tuple(value)


def read_whole(value: Any) -> int:
    """Return a whole number that is not below zero."""
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise _WrongValueError("a whole number from 0")
    return value


def _of_type(value: Any, kind: type, name: str) -> Any:
    if not isinstance(value, kind):
        raise _WrongValueError(name)
    return value


def _one_of(known: tuple[str, ...]) -> Callable[[Any], str]:
    def read(value: Any) -> str:
        if value not in known:
            raise _WrongValueError(f"one of {', '.join(known)}")
        return str(value)

    return read


def _read_flag(value: Any) -> bool:
    return bool(_of_type(value, bool, "true or false"))


def _read_gold(value: Any) -> tuple[GoldPlace, ...]:
    return tuple(map(_read_place, _of_type(value, list, "a list of places")))


def _read_place(value: Any) -> GoldPlace:
    needed = ("document", "start", "end", "quote")
    if not isinstance(value, dict) or any(value.get(name) is None for name in needed):
        raise _WrongValueError(f"a list of places that each have {', '.join(needed)}")
    try:
        place = GoldPlace(**read_object(value, GoldPlace, _READ_PLACE, what="a place", place=""))
    except UsageError as error:
        told = f"a list of places ({error.message.removeprefix(': ')})"
        raise _WrongValueError(told) from error
    if place.start >= place.end and (place.quote or place.end):  # else it is the whole document
        raise _WrongValueError("a list of places that each end behind their start")
    return place


def _read_twin(value: Any) -> Twin:
    told = "a twin: original, swapped, and swap, which holds two texts"
    if not isinstance(value, dict) or set(value) != {"original", "swapped", "swap"}:
        raise _WrongValueError(told)
    swap = read_texts(value["swap"])
    if len(swap) != 2:
        raise _WrongValueError(told)
    return Twin(read_text(value["original"]), read_text(value["swapped"]), (swap[0], swap[1]))


def _read_sides(value: Any) -> tuple[tuple[str, ...], ...]:
    return tuple(map(read_texts, _of_type(value, list, "a list of lists of texts")))


def _read_translations(value: Any) -> dict[str, str]:
    known = _of_type(value, dict, "texts by language")
    return {read_text(language): read_text(text) for language, text in known.items()}


_READ_PLACE: Mapping[str, Callable[[Any], Any]] = {
    "document": read_text,
    "start": read_whole,
    "end": read_whole,
    "quote": read_text,
    "part": read_whole,
    "page": read_whole,
    "grade": read_whole,
}
_READ_FIELD: Mapping[str, Callable[[Any], Any]] = {
    **dict.fromkeys(
        ("id", "base_id", "question", "reference", "type", "group", "language", "of", "premise"),
        read_text,
    ),
    **dict.fromkeys(
        ("answers", "world", "correction", "absent", "paraphrases", "keep", "within"), read_texts
    ),
    "kind": _one_of(KINDS),
    "size": _one_of(SIZES),
    "gold": _read_gold,
    "distractors": read_whole,
    "twin": _read_twin,
    "sides": _read_sides,
    "translations": _read_translations,
    "draft": _read_flag,
}


def _check_kind(sample: Sample, place: str) -> None:
    """Refuse what no measure could make sense of; `check_suite` finds what is doubtful."""
    known = (sample.answers, sample.reference, sample.gold)
    if sample.wants_answer and not any(known):
        _refuse(place, f"a sample of kind {sample.kind} without answers, reference or gold")
    if not sample.wants_answer and sample.answers:
        _refuse(place, f"a sample of kind {sample.kind} has no right answers, yet 'answers' is set")
    if sample.kind == "noisy" and (sample.distractors is None or not sample.gold):
        _refuse(place, "a sample of kind noisy needs 'distractors' and 'gold'")
    if sample.kind == "conflicting" and not 2 <= len(sample.sides) == len(sample.gold):
        _refuse(place, "a sample of kind conflicting needs 'sides', as many as places in 'gold'")


def _name_of(question: str) -> str:
    return f"q-{hashlib.sha256(' '.join(question.split()).encode()).hexdigest()[:8]}"


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."


def _refuse(place: str, message: str) -> NoReturn:
    raise UsageError(f"{place}: {message}", hint=_FORMAT)


def _without_defaults(record: Any, *, keep: tuple[str, ...]) -> dict[str, Any]:
    form: dict[str, Any] = {}
    values = asdict(record)
    for field in fields(record):
        default = field.default if field.default_factory is MISSING else field.default_factory()
        if field.name in keep or values[field.name] != default:
            form[field.name] = _plain(values[field.name])
    return form


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items()}
    return [_plain(one) for one in value] if isinstance(value, tuple) else value
