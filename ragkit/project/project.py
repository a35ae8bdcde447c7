"""A project folder to search, ask and fill from Python, from as many threads as you like."""

from collections.abc import Callable, Generator, Sequence
from dataclasses import replace
from pathlib import Path
from threading import RLock
from typing import Self

from ragkit.ask import AskOptions
from ragkit.errors import UsageError
from ragkit.ingest import IngestReport, ingest
from ragkit.project.events import CompletionPiece, Event, stream_answer
from ragkit.project.holding import Holding
from ragkit.protocols import (
    ALL_DOCUMENTS,
    NoticeListener,
    ProgressListener,
    SentenceListener,
    TextListener,
    ignore_notice,
    ignore_progress,
)
from ragkit.records import (
    Answer,
    AnswerSentence,
    Completion,
    DocumentFilter,
    Hit,
    Message,
    ModelInfo,
    Sampling,
    StoredDocument,
)
from ragkit.retrieval import Retriever
from ragkit.settings import Settings
from ragkit.workspace import Workspace

SettingValue = str | int | float | bool | None
"""What a setting may be; None stands for what ragkit.toml, the environment or the default say."""


class Project:
    """A folder of documents with its index, encoder and model, each opened when first needed.

    Any thread may call any method: calls take turns, since one model speaks at a time. To search
    while a long answer is made, open the folder a second time. An index that an ingest changes
    meanwhile, in this process or another, is read as it is then.

    Args:
        workspace: The folder and its settings.
    """

    def __init__(self, workspace: Workspace) -> None:
        self._turn = RLock()
        self._holding = Holding(workspace)
        self._closed = False

    @property
    def workspace(self) -> Workspace:
        """The folder and its settings."""
        return self._holding.workspace

    @property
    def settings(self) -> Settings:
        """What holds here; `use` changes it."""
        return self._holding.workspace.settings

    @property
    def options(self) -> AskOptions:
        """How questions are answered here; `dataclasses.replace` makes others for one question."""
        return self._holding.workspace.ask_options

    def use(self, **settings: SettingValue) -> None:
        """Change settings, from the next call on: `project.use(model="...", top_n=8)`.

        Another model is opened at once; where that fails, all stays as it was.

        Raises:
            UsageError: There is no such setting, or no such value.
            ModelError: The model is missing, damaged, or does not fit the memory.
        """
        with self._turn:
            self._refuse_closed()
            old = self._holding.workspace
            self._holding.move_to(old.changed(settings))
            if self.settings.model != old.settings.model:
                try:
                    self._holding.load_llm()
                except BaseException:
                    self._holding.move_to(old)
                    raise

    def documents(self) -> tuple[StoredDocument, ...]:
        """Return what the index holds, in the order of paths."""
        with self._turn:
            self._refuse_closed()
            return tuple(self._holding.open().index.documents())

    def search(
        self, query: str, *, top_n: int | None = None, within: DocumentFilter = ALL_DOCUMENTS
    ) -> tuple[Hit, ...]:
        """Return the passages that fit a query, best first; asks no model.

        Args:
            query: Words, or a question.
            top_n: How many; as the settings say by default.
            within: Which documents to search.

        Raises:
            UsageError: The query is empty, or top_n out of range.
            UnusableIndexError: There is no index, or it does not fit the encoder.
            NothingMatchesError: No document is one of those to search.
        """
        if not query.strip():
            raise UsageError("the query is empty", hint="search for something")
        with self._turn:
            self._refuse_closed()
            wanted = self._holding.workspace.changed({"top_n": top_n})
            opened = self._holding.open()
            known = wanted.narrow(opened.index, within)
            return Retriever(opened.index, opened.encoder).search(
                query, top_n=wanted.settings.top_n, within=known
            )

    def ask(
        self,
        question: str,
        *,
        within: DocumentFilter | None = None,
        options: AskOptions | None = None,
        on_text: TextListener | None = None,
        on_sentence: SentenceListener | None = None,
    ) -> Answer:
        """Return the checked answer to a question, or an abstention with its reason.

        Args:
            question: As the user asks it.
            within: Which documents to answer from; as the options say by default.
            options: How to answer, in place of `self.options`.
            on_text: Gets the model's words as they come, unchecked; True ends them.
            on_sentence: Gets each of its sentences once it is checked, while it goes on.

        Raises:
            UsageError: The question is empty, or there is no such strategy or model.
            UnusableIndexError: There is no index, or it does not fit the encoder.
            NothingMatchesError: No document is one of those to answer from.
            ModelError: The model is missing, damaged, or does not fit the memory.
            PromptError: The question does not fit into the model's context window.
        """
        with self._turn:
            self._refuse_closed()
            opened = self._holding.open()
            options = options or self.options
            wanted = options.within if within is None else within
            known = self._holding.workspace.narrow(opened.index, wanted)
            options = replace(options, within=known)
            return opened.assistant.ask(question, options, on_text=on_text, on_sentence=on_sentence)

    def stream(
        self,
        question: str,
        *,
        within: DocumentFilter | None = None,
        options: AskOptions | None = None,
    ) -> Generator[Event]:
        """Yield an answer as it is made: words of the model, its sentences as checked, the answer.

        What is raised is as for `ask`. Whoever stops listening ends the completion.
        """

        def work(tell: Callable[[CompletionPiece | AnswerSentence], bool]) -> Answer:
            return self.ask(
                question,
                within=within,
                options=options,
                on_text=lambda text: tell(CompletionPiece(text)),
                on_sentence=tell,
            )

        return stream_answer(work)

    def complete(self, messages: Sequence[Message], *, sampling: Sampling) -> Completion:
        """Return what the model says to messages: its bare words, which no document backs."""
        with self._turn:
            self._refuse_closed()
            return self._holding.load_llm().generate(messages, sampling=sampling)

    def count_tokens(self, text: str) -> int:
        """Return the number of tokens of a text as the model counts them."""
        with self._turn:
            self._refuse_closed()
            return self._holding.load_llm().count_tokens(text)

    @property
    def model(self) -> ModelInfo:
        """Which weights speak; they are loaded for that."""
        with self._turn:
            self._refuse_closed()
            return self._holding.load_llm().info

    @property
    def state(self) -> object:
        """What differs between any two states of the documents in the index."""
        with self._turn:
            self._refuse_closed()
            return self._holding.open().index.state

    def narrow(self, within: DocumentFilter) -> DocumentFilter:
        """Return a filter with the names that the index knows; see `ask` for what is raised."""
        with self._turn:
            self._refuse_closed()
            return self._holding.workspace.narrow(self._holding.open().index, within)

    def ingest(
        self,
        *paths: Path | str,
        rebuild: bool = False,
        prune: bool | None = None,
        password: str | None = None,
        on_progress: ProgressListener = ignore_progress,
    ) -> IngestReport:
        """Make the index equal to the folder of documents; return what was done.

        A document that cannot be read stands in the report's `failed`, and costs nothing else.

        Args:
            paths: Folders or files; none for the whole corpus.
            rebuild: Read and encode everything again.
            prune: Remove documents whose files are gone; None for yes, unless that is most.
            password: For encrypted documents.
            on_progress: Told how far each phase is.

        Raises:
            StorageError: A path does not exist, most of the documents are gone, the disk is full.
            UnusableIndexError: Another encoder made the index, or another ingest writes it.
        """
        with self._turn:
            self._refuse_closed()
            workspace = self._holding.workspace
            options = workspace.ingest_options(rebuild=rebuild, prune=prune, password=password)
            chosen = tuple(map(Path, paths))
            with workspace.open_for_ingest(chosen, options) as (index, encoder):
                return ingest(
                    chosen,
                    corpus=workspace.corpus,
                    index=index,
                    encoder=encoder,
                    options=options,
                    on_progress=on_progress,
                )

    def close(self) -> None:
        """Free the memory it holds and let go of the files, once running calls are done."""
        with self._turn:
            self._closed = True
            self._holding.release()

    def _refuse_closed(self) -> None:
        if self._closed:
            raise UsageError(
                f"the project in {self.workspace.project} is closed", hint="open it again"
            )

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(self, *_error: object) -> None:
        """Close it."""
        self.close()


def open_project(
    folder: Path | str = ".",
    *,
    on_notice: NoticeListener = ignore_notice,
    debug: bool = False,
    **settings: SettingValue,
) -> Project:
    """Return the project in a folder: documents in corpus/, settings in ragkit.toml if any.

    Nothing is read yet but the settings: `open_project("my-course", model="...", top_n=8)`.

    Args:
        folder: The project.
        on_notice: Told what takes long or is not as wished, such as a model that is prepared.
        debug: Let libraries write to stderr.
        settings: By the names of ragkit.toml; they outweigh it and the environment.

    Raises:
        UsageError: There is no such folder, or a setting is wrong.
    """
    workspace = Workspace.open(
        Path(folder), settings, given_in="the call", on_notice=on_notice, debug=debug
    )
    return Project(workspace)
