"""What a workspace names, opened when it is first needed and kept open: index, encoder, model.

It knows nothing of threads; see `ragkit.project.project`.
"""

from dataclasses import dataclass, fields

from ragkit.ask import Assistant
from ragkit.errors import UnusableIndexError
from ragkit.index import LocalIndex, check_encoder
from ragkit.protocols import LLM, Encoder
from ragkit.workspace import Workspace

_OF_THE_ANSWERS = frozenset(
    {"strategy", "examples", "top_n", "min_sufficiency", "strict"}
    | {"max_new_tokens", "temperature", "top_k", "top_p", "seed"}
)
"""Settings that are looked up with each question; a change of any other opens things anew."""


@dataclass(frozen=True, slots=True)
class Opened:
    """An index with the encoder that made it, and who answers from it."""

    index: LocalIndex
    encoder: Encoder
    assistant: Assistant


class Holding:
    """The open parts of a workspace.

    Args:
        workspace: Says where they are.
    """

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self._opened: Opened | None = None
        self._llm: LLM | None = None

    def open(self) -> Opened:
        """Return what is open, after a look whether it is still what the folder holds.

        Raises:
            UnusableIndexError: There is no index, it is empty, or another encoder made it.
        """
        if self._opened is not None and _is_current(self._opened):
            return self._opened
        self.release_index()
        self.workspace.check_index()
        encoder = self.workspace.load_encoder()
        index = self.workspace.open_index(encoder)
        assistant = self.workspace.assistant(index, encoder, load_llm=self.load_llm)
        self._opened = Opened(index, encoder, assistant)
        return self._opened

    def load_llm(self) -> LLM:
        """Return the model, loaded when it is first needed."""
        if self._llm is None:
            self._llm = self.workspace.load_llm()
        return self._llm

    def move_to(self, workspace: Workspace) -> None:
        """Work with other settings of the same project; what they change is opened anew."""
        old, new = self.workspace.settings, workspace.settings
        self.workspace = workspace
        changed = {f.name for f in fields(new) if getattr(old, f.name) != getattr(new, f.name)}
        if changed - _OF_THE_ANSWERS:
            self.release()

    def release_index(self) -> None:
        """Let go of the index."""
        opened, self._opened = self._opened, None
        if opened is not None:
            opened.index.close()

    def release(self) -> None:
        """Let go of everything."""
        self.release_index()
        llm, self._llm = self._llm, None
        if llm is not None:
            llm.close()


def _is_current(opened: Opened) -> bool:
    if not opened.index.is_in_place:
        return False
    try:
        check_encoder(opened.index, opened.encoder)
    except UnusableIndexError:  # rebuilt by another encoder since
        return False
    return True
