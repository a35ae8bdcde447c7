"""The lists that are open at a place of a LaTeX source, and the numbers of their items."""

from ragkit.documents.ordinals import ordinal_text

_NUMBERING = ("1", "a", "i", "A")
"""Of lists within lists, from the outermost."""


class Lists:
    """A stack; each list has a form: "1" for numbers, ":" for terms, nothing for bullets."""

    def __init__(self) -> None:
        self._forms: list[str] = []
        self._counts: list[int] = []

    @property
    def depth(self) -> int:
        """How many lists are open."""
        return len(self._forms)

    def begin(self, form: str) -> None:
        """Open a list."""
        self._forms.append(form)
        self._counts.append(0)

    def end(self) -> None:
        """Close the innermost list, if one is open."""
        if self._forms:
            self._forms.pop()
            self._counts.pop()

    def label(self, given: str) -> str:
        """Return what stands before the next item.

        Args:
            given: What the author wrote there; may be empty.

        >>> lists = Lists()
        >>> lists.begin("1")
        >>> lists.label(""), lists.label("*"), lists.label("")
        ('1.', '*', '2.')
        """
        form = self._forms[-1] if self._forms else ""
        if form == ":" and given:
            return given.rstrip(":") + ":"
        if form != "1" or given:
            return given
        self._counts[-1] += 1
        numbered = min(self._forms.count("1"), len(_NUMBERING))
        return f"{ordinal_text(self._counts[-1], _NUMBERING[numbered - 1])}."
