"""Kinds of errors, their exit codes, and that they keep their hints."""

import pickle

import pytest

from ragkit import errors
from ragkit.errors import RagkitError, UsageError, unknown_name

KINDS = {
    "RagkitError": 1,
    "UsageError": 2,
    "NothingMatchesError": 1,
    "DocumentError": 1,
    "UnusableIndexError": 1,
    "ModelError": 1,
    "PromptError": 1,
    "StorageError": 1,
}


@pytest.mark.parametrize("name", KINDS)
def test_a_kind(name):
    kind = getattr(errors, name)
    error = kind("the disk is full", hint="free some space")
    assert (error.message, error.hint, str(error)) == (
        "the disk is full",
        "free some space",
        "the disk is full",
    )
    assert error.exit_code == KINDS[name]
    assert isinstance(error, RagkitError)
    assert kind("no hint").hint == ""


def test_all_kinds_are_listed():
    kinds = {name for name, kind in vars(errors).items() if isinstance(kind, type)}
    assert kinds - {"Iterable"} == set(KINDS)


@pytest.mark.parametrize("name", KINDS)
def test_an_error_crosses_a_process_boundary_with_its_hint(name):
    error = pickle.loads(pickle.dumps(getattr(errors, name)("what", hint="next")))
    assert (type(error).__name__, error.message, error.hint) == (name, "what", "next")


@pytest.mark.parametrize(
    ("name", "message", "hint"),
    [
        ("few-shto", "unknown strategy 'few-shto'; known: few-shot, one-shot", "few-shot"),
        ("One-Shot", "unknown strategy 'One-Shot'; known: few-shot, one-shot", "one-shot"),
        ("xyz", "unknown strategy 'xyz'; known: few-shot, one-shot", None),
    ],
)
def test_unknown_name(name, message, hint):
    error = unknown_name("strategy", name, {"one-shot", "few-shot"}, hint="see the list")
    assert isinstance(error, UsageError)
    assert error.message == message
    assert error.hint == (f"did you mean {hint!r}?" if hint else "see the list")
