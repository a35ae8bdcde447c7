"""Cases for tests of variants: an invented lake, with passages that need no index."""

from ragkit.evaluation.records import Case, GoldPlace, Sample
from ragkit.prompting import load_strategy
from ragkit.records import Chunk, Hit

TEXTS = (
    "The harbour of Pelm froze in 1811.",
    "Lake Orvund is 212 m deep.",
    "Moss grows on its banks.",
    "The ferry leaves at noon.",
    "Its water is brackish.",
    "Reeds were cut in autumn.",
    "A mill stood by the weir.",
    "The warden kept a log.",
    "Eels were sold in Pelm.",
    "The map was drawn by hand.",
)

SAMPLE = Sample(
    "orvund.answerable",
    "orvund",
    "answerable",
    "How deep is the water of Lake Orvund between the islands in winter 1811?",
    answers=("212 m",),
    gold=(GoldPlace("lake.md", 100, 126, "Lake Orvund is 212 m deep."),),
    paraphrases=("What depth has Lake Orvund?", "How far down is the bed of Lake Orvund?"),
    translations={"de": "Wie tief ist der Lake Orvund?"},
    keep=("Lake Orvund", "1811"),
)


def hits(count=10):
    """Return the first hits, the gold among them in second place."""
    return tuple(
        Hit(Chunk(f"c{at}", "lake.md", text, at * 100, at * 100 + len(text)), 1 / (at + 1), at + 1)
        for at, text in enumerate(TEXTS[:count])
    )


def case(sample=SAMPLE, *, pool=None, strategy="zero-shot", **changes):
    """Return a case of the sample with the passages that were retrieved for it."""
    pool = hits() if pool is None else pool
    return Case(sample, sample.question, load_strategy(strategy), pool=pool, **changes)
