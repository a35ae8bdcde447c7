"""One thing swapped for another of its type, so that a sentence stays good and becomes untrue."""

import random
import re

from ragkit.evaluation.drafting.grammar import NUMBER_WORDS, YEAR

_DAYS = "Monday Tuesday Wednesday Thursday Friday".split()
_TRIES = 20


def swap_answer(answer: str, *, text: str, seed: str) -> str | None:
    """Return another number, year, date or day of the week; None for an answer of another type.

    Args:
        answer: Such as "12,400", "1171", "3 October 1898", "seven".
        text: What the new one must not stand in, such as the sentence.
        seed: The same one gives the same swap.

    >>> swap_answer("1171", text="founded in 1171", seed="a")
    '1191'
    >>> swap_answer("12,400", text="", seed="b"), swap_answer("herring", text="", seed="b")
    ('6,200', None)
    """
    numbers = random.Random(seed)  # noqa: S311 - nothing is secret here
    for _ in range(_TRIES):
        other = _another(answer, numbers)
        if other is None:
            return None
        if other != answer and other not in text:
            return other
    return None


def _another(answer: str, numbers: random.Random) -> str | None:
    if answer.lower() in NUMBER_WORDS:
        return numbers.choice(NUMBER_WORDS)
    if day := re.fullmatch(rf"({'|'.join(_DAYS)})(s?)", answer):
        return f"{numbers.choice(_DAYS)}{day[2]}"
    if date := re.match(r"(\d{1,2}) [A-Z]", answer):
        return f"{numbers.randint(1, 28)}{answer[date.end(1) :]}"
    if re.fullmatch(YEAR, answer):
        return str(int(answer) + numbers.choice((-1, 1)) * numbers.randint(4, 30))
    if number := re.fullmatch(r"(\d[\d,]*)(\.\d+)?( .*)?", answer):
        return f"{_near(number[1], number[2] or '', numbers)}{number[3] or ''}"
    return None


def _near(whole: str, decimals: str, numbers: random.Random) -> str:
    """Return a number of about the same size, rounded and written in the same way."""
    value = float(whole.replace(",", "") + decimals) * numbers.choice((0.5, 0.65, 1.3, 1.6, 1.9))
    if decimals:
        return f"{value:.{len(decimals) - 1}f}"
    zeros = len(whole) - len(whole.rstrip("0,"))
    zeros -= whole[len(whole) - zeros :].count(",")
    rounded = max(1, round(value / 10**zeros)) * 10**zeros
    return f"{rounded:,}" if "," in whole or rounded >= 10_000 else str(rounded)
