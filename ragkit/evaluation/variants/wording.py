"""The question in other words or in another language: "paraphrase", "language".

Both were written by people and stand in the sample; nothing is made up here.
"""

from collections.abc import Iterable
from dataclasses import replace

from ragkit.evaluation.errors import InapplicableError
from ragkit.evaluation.records import Case, Change, Sample, Variant
from ragkit.evaluation.variants.passages import hold

PARAPHRASES = 4
_LANGUAGES = {"ar": "Arabic", "de": "German", "en": "English", "es": "Spanish", "fr": "French",
    "hi": "Hindi", "it": "Italian", "nl": "Dutch", "pt": "Portuguese", "ru": "Russian",
    "tr": "Turkish", "zh": "Chinese"}  # fmt: skip


def paraphrase_variants() -> tuple[Variant, ...]:
    """Return a variant for each of the first four paraphrases of a question."""
    return tuple(
        Variant(f"paraphrase/{number}", "paraphrase", f"in other words ({number})", _say(number))
        for number in range(1, PARAPHRASES + 1)
    )


def _say(number: int) -> Change:
    def change(case: Case) -> Case:
        if len(case.sample.paraphrases) < number:
            raise InapplicableError(
                f"{case.sample.id} has {len(case.sample.paraphrases)} paraphrases, not {number}",
                hint="write them under paraphrases in samples.jsonl",
            )
        return replace(hold(case), question=case.sample.paraphrases[number - 1])

    return change


def language_variants(samples: Iterable[Sample]) -> tuple[Variant, ...]:
    """Return a variant for each language that any of the samples is translated into."""
    codes = sorted({code for sample in samples for code in sample.translations})
    return tuple(
        Variant(
            f"language/{code}", "language", f"in {_LANGUAGES.get(code, code)}", _translate(code)
        )
        for code in codes
    )


def _translate(code: str) -> Change:
    def change(case: Case) -> Case:
        if code not in case.sample.translations:
            known = ", ".join(sorted(case.sample.translations)) or "none"
            raise InapplicableError(
                f"{case.sample.id} has no translation {code!r}; it has: {known}",
                hint="write it under translations in samples.jsonl",
            )
        return replace(hold(case), question=case.sample.translations[code])

    return change
