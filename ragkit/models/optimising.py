"""Which form of a model this machine runs quickest, by measurement: as it came, or as Q8_0.

Only conversions that keep what is in the file qualify: numbers of at most five bits fit into eight.
"""

from pathlib import Path
from typing import NamedTuple

from ragkit.files import sha256_once, translate_disk_errors
from ragkit.llms import LlamaCppLLM
from ragkit.models.finding import locate_llm
from ragkit.models.gguf import read_file_type
from ragkit.models.preparation import make_once, prepared_path
from ragkit.models.verdicts import Form, Trial, Verdict, here, verdict_path, write_verdict
from ragkit.protocols import NoticeListener, ignore_notice
from ragkit.records import Message, Sampling

FILE_TYPES = {
    0: "F32", 1: "F16", 2: "Q4_0", 3: "Q4_1", 7: "Q8_0", 8: "Q5_0", 9: "Q5_1", 10: "Q2_K",
    11: "Q3_K_S", 12: "Q3_K_M", 13: "Q3_K_L", 14: "Q4_K_S", 15: "Q4_K_M", 16: "Q5_K_S",
    17: "Q5_K_M", 18: "Q6_K", 19: "IQ2_XXS", 20: "IQ2_XS", 21: "Q2_K_S", 22: "IQ3_XS",
    23: "IQ3_XXS", 24: "IQ1_S", 25: "IQ4_NL", 26: "IQ3_S", 27: "IQ3_M", 28: "IQ2_S", 29: "IQ2_M",
    30: "IQ4_XS", 31: "IQ1_M", 32: "BF16",
}  # fmt: skip
"""Names of general.file_type. Source: llama.cpp, include/llama.h, enum llama_ftype."""

_MORE_BITS = frozenset({"F32", "F16", "BF16", "Q8_0", "Q6_K"})
"""Forms of six bits or more: eight would lose some of what they hold, or gain nothing."""
_LEAST_GAIN = 0.9
"""Another form is kept if an answer takes at most this share of the time; it also takes memory."""
_ROUNDS = 2
_COMPLETION_TOKENS = 24
_SENTENCES = (
    "The {0} lecture is about the {1}, and its notes are {2} pages long.",
    "Students of group {2} meet the tutor of the {0} week to talk about the {1}.",
)
_THINGS = ("encoder", "decoder", "tokenizer", "optimiser", "data set", "gradient", "index", "test")
_NUMBERS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth")


class Optimised(NamedTuple):
    """What was found out about a model."""

    name: str
    file_type: str
    """The form that it came in; empty where the file does not say."""
    verdict: Verdict | None
    """None where its form does not qualify."""
    path: Path
    """What will be used from now on."""


def optimise_llm(
    model: str,
    *,
    cache_dir: Path,
    threads: int = 0,
    on_notice: NoticeListener = ignore_notice,
) -> Optimised:
    """Return which form of a model is quickest here, measured, kept and used from now on.

    Args:
        model: A name in the catalogue or of a pulled model, or the path of a GGUF file.
        cache_dir: Where forms and verdicts are kept.
        threads: CPU threads; 0 for one per physical core.
        on_notice: Hears what takes a moment.

    Raises:
        UsageError: An unknown name.
        ModelError: Not here, damaged, or too large for the memory.
        StorageError: There is no room for the other form.
    """
    found = locate_llm(model, cache_dir=cache_dir)
    file_type = FILE_TYPES.get(read_file_type(found.path) or -1, "")
    if file_type in _MORE_BITS | {""}:
        return Optimised(found.name, file_type, None, found.path)
    sha256 = sha256_once(found.path, cache_dir=cache_dir)
    other = prepared_path(found.path.stem, sha256, cache_dir=cache_dir)
    make_once(found.path, other, name=found.name, on_notice=on_notice, threads=threads)
    on_notice(f"measuring {found.name} in both forms …")
    trials = _measure_both(found.path, other, threads=threads)
    chosen = choose_form(*trials)
    verdict = Verdict(chosen, trials, *here())
    write_verdict(verdict, verdict_path(found.path.stem, sha256, cache_dir=cache_dir))
    if chosen == "as it came":
        _forget(other)
    return Optimised(found.name, file_type, verdict, other if chosen == "q8_0" else found.path)


def choose_form(came: Trial, other: Trial) -> Form:
    """Return the form to use: the other one where it saves at least a tenth of the time.

    >>> slow, quick = Trial("as it came", 1, 300.0, 90.0), Trial("q8_0", 2, 600.0, 80.0)
    >>> choose_form(slow, quick), choose_form(quick, quick)
    ('q8_0', 'as it came')
    """
    return "q8_0" if other.answer_s() <= _LEAST_GAIN * came.answer_s() else "as it came"


def _measure_both(came: Path, other: Path, *, threads: int) -> tuple[Trial, Trial]:
    """Return how quick both are, in turn, so that what else runs here slows both; the best of some.

    One is loaded at a time: both may not fit the memory.
    """
    forms: tuple[tuple[Form, Path], ...] = (("as it came", came), ("q8_0", other))
    best: dict[Form, Trial] = {}
    for number in range(_ROUNDS):
        for form, path in forms:
            trial = _measure(form, path, threads=threads, seed=number)
            best[form] = _better(best.get(form, trial), trial)
    return best["as it came"], best["q8_0"]


def _measure(form: Form, path: Path, *, threads: int, seed: int) -> Trial:
    llm = LlamaCppLLM(path, name=path.stem, sha256="", context_window=2048, threads=threads)
    try:
        sampling = Sampling(max_new_tokens=_COMPLETION_TOKENS)
        llm.generate([Message("user", "Hello")], sampling=Sampling(max_new_tokens=2))  # to wake it
        completion = llm.generate([Message("user", _text(seed))], sampling=sampling)
    finally:
        llm.close()
    generated = max(1, completion.completion_tokens - 1)  # the first is counted to the prompt
    return Trial(
        form,
        path.stat().st_size,
        round(completion.prompt_tokens / completion.first_token_s, 1),
        round(generated / max(completion.generate_s, 1e-6), 1),
    )


def _better(one: Trial, other: Trial) -> Trial:
    prompt = max(one.prompt_tokens_per_s, other.prompt_tokens_per_s)
    generated = max(one.generated_tokens_per_s, other.generated_tokens_per_s)
    return Trial(one.form, one.size_bytes, prompt, generated)


def _text(seed: int) -> str:
    """Return a prompt of some 300 tokens that asks for a long completion; no two are alike.

    >>> len(_text(1).split()), _text(1) == _text(2)
    (248, False)
    """
    lines = []
    for number in range(seed, seed + 16):
        sentence = _SENTENCES[number % 2]
        words = _NUMBERS[number % 8], _THINGS[number * 5 % 8], number + 3
        lines.append(sentence.format(*words))
    return "Repeat these sentences word for word.\n" + "\n".join(lines)


def _forget(other: Path) -> None:
    with translate_disk_errors(other):
        for path in other.parent.glob(f"{other.name}*"):
            path.unlink(missing_ok=True)
