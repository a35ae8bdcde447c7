"""The sentences of passages that have most to do with a claim, and windows over sentences.

It judges nothing; it keeps long passages from filling a prompt.
"""

from collections.abc import Iterator, Sequence

from ragkit.chunking import split_sentences
from ragkit.evidence.matching import stems_of
from ragkit.words import content_words, stem

MOST_CHARACTERS = 1600
"""Of an excerpt: about 400 tokens, which a small model reads in a second."""


def excerpt(claim: str, passages: Sequence[str], *, most_characters: int = MOST_CHARACTERS) -> str:
    """Return what of some passages has most words of a claim, sentence by sentence, in their order.

    Passages that are short enough together are returned whole.

    >>> passages = ["Moss is green. It likes rain.", "Stones are old. They lie still."]
    >>> excerpt("The stones are very old.", passages, most_characters=20)
    'Stones are old.'

    Args:
        claim: The sentence to be judged.
        passages: What it should rest on.
        most_characters: Of what is returned, but for one sentence that is longer.
    """
    whole = "\n".join(" ".join(passage.split()) for passage in passages)
    if len(whole) <= most_characters:
        return whole
    sentences = [one for passage in passages for one in sentences_of(passage)]
    wanted = {stem(word) for word in content_words(claim)}
    shared = [len(wanted & stems_of([sentence])) for sentence in sentences]
    kept: set[int] = set()
    room = most_characters
    for at in sorted(range(len(sentences)), key=lambda at: (-shared[at], at)):
        if kept and len(sentences[at]) > room:
            continue
        kept.add(at)
        room -= len(sentences[at]) + 1
    return " ".join(sentences[at] for at in sorted(kept))


def windows(passages: Sequence[str], *, longest: int) -> Iterator[str]:
    """Yield each run of 1 to `longest` sentences that follow each other in a passage.

    >>> list(windows(["One is here. Two is there."], longest=2))
    ['One is here.', 'Two is there.', 'One is here. Two is there.']
    """
    for passage in passages:
        sentences = sentences_of(passage)
        for length in range(1, longest + 1):
            for start in range(len(sentences) - length + 1):
                yield " ".join(sentences[start : start + length])


def sentences_of(passage: str) -> list[str]:
    r"""Return the sentences of a passage, white space evened out.

    >>> sentences_of("One  is here.\nTwo is there.")
    ['One is here.', 'Two is there.']
    """
    return [text for one in split_sentences(passage) if (text := " ".join(one.text.split()))]
