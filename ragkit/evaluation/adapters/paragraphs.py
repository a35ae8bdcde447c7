"""Paragraphs as documents, and which of one article stand beside the one that answers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ragkit.evaluation.adapters.records import Paper, file_name
from ragkit.words import content_words, stem


@dataclass(frozen=True, slots=True)
class Paragraphs:
    """The paragraphs of a set, each once, as documents in a folder for each article."""

    papers: tuple[Paper, ...]
    names: Mapping[tuple[str, str], str]
    """The document of an article's title and a paragraph's text."""

    def neighbours(self, name: str, question: str, count: int) -> tuple[str, ...]:
        """Return the documents of the same article that share most words with a question.

        They are what makes a choice hard: the same subject, the same words, not the answer.
        """
        folder = name.rpartition("/")[0]
        wanted = _stems(question)
        others = [
            paper
            for paper in self.papers
            if paper.name != name and paper.name.rpartition("/")[0] == folder
        ]
        others.sort(key=lambda paper: (-len(wanted & _stems(paper.text)), paper.name))
        return tuple(paper.name for paper in others[:count])


def number_paragraphs(found: Sequence[tuple[str, str]]) -> Paragraphs:
    """Return the paragraphs, numbered within their article in the order of first occurrence.

    >>> number_paragraphs([("Normans", "They came."), ("Normans", "They stayed.")]).papers[1].name
    'normans/002.txt'

    Args:
        found: Title of an article and text of a paragraph, any of them more than once.
    """
    names: dict[tuple[str, str], str] = {}
    counts: dict[str, int] = {}
    folders: dict[str, str] = {}
    papers = []
    for title, text in dict.fromkeys(found):
        if title not in folders:
            folder = file_name(title)
            taken = set(folders.values())
            folders[title] = folder if folder not in taken else f"{folder}-{len(taken)}"
        counts[title] = counts.get(title, 0) + 1
        name = f"{folders[title]}/{counts[title]:03}.txt"
        names[title, text] = name
        papers.append(Paper(name, title.replace("_", " "), text))
    return Paragraphs(tuple(papers), names)


def _stems(text: str) -> set[str]:
    return {stem(word) for word in content_words(text)}
