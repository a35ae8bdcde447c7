"""A project folder and its settings, and what they name: the index, the encoder, the model.

It opens them when asked and holds none of them; see `ragkit.project`.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Self

from ragkit.ask import AskOptions, Assistant
from ragkit.documents import Ocr, ReadingLimits
from ragkit.encoders import HASHING, EncoderOptions, HashingEncoder, load_encoder
from ragkit.errors import RagkitError, UnusableIndexError, UsageError, unknown_name
from ragkit.index import LocalIndex, check_encoder, check_filter, has_index, missing_index
from ragkit.ingest import IngestOptions, check_paths, find_something, name_within
from ragkit.llms import LlmOptions
from ragkit.models import find_encoder, open_llm, open_reader, word_summaries
from ragkit.protocols import LLM, Encoder, NoticeListener, Reader, ignore_notice
from ragkit.records import DocumentFilter, Sampling
from ragkit.settings import Settings, change_settings, load_settings

_LONGEST_NAME = 100


@dataclass(frozen=True, slots=True)
class Workspace:
    """A project folder and its settings."""

    project: Path
    settings: Settings
    on_notice: NoticeListener = ignore_notice
    debug: bool = False

    @classmethod
    def open(
        cls,
        project: Path,
        given: Mapping[str, Any],
        *,
        given_in: str = "the command line",
        on_notice: NoticeListener = ignore_notice,
        debug: bool = False,
    ) -> Self:
        """Return the workspace of a folder with the settings that hold there.

        Args:
            project: The folder.
            given: Settings that outweigh all others; None means not given.
            given_in: Where they stood, for errors.
            on_notice: Told what takes long or is not as wished.
            debug: Let libraries write to stderr.

        Raises:
            UsageError: There is no such folder, or a setting is wrong.
        """
        if not project.is_dir():
            raise UsageError(f"{project} is not a folder", hint="give one with --project DIR")
        return cls(
            project, load_settings(project, flags=given, given_in=given_in), on_notice, debug
        )

    def changed(self, given: Mapping[str, Any]) -> Self:
        """Return the same folder with some settings changed; None leaves one as it is.

        Raises:
            UsageError: A setting is wrong.
        """
        settings = change_settings(self.settings, given, given_in="the call")
        return replace(self, settings=settings)

    @property
    def corpus(self) -> Path:
        """The folder of documents."""
        return self.project / self.settings.corpus

    @property
    def indexes(self) -> Path:
        """The folder of indexes."""
        return self.project / self.settings.indexes

    @property
    def index_folder(self) -> Path:
        """The folder of the chosen index."""
        name = self.settings.index
        if not 0 < len(name) <= _LONGEST_NAME or name in (".", "..") or set(name) & set("/\\\0"):
            raise UsageError(
                f"{name!r} is no name for an index", hint="use letters, digits, - and _"
            )
        return self.indexes / name

    @property
    def prompts_dir(self) -> Path:
        """The folder of the user's own strategies; it need not exist."""
        return self.project / "prompts"

    @property
    def evals_dir(self) -> Path:
        """The folder of the project's own suites and of what came of runs; it need not exist."""
        return self.project / "evals"

    @property
    def reading_limits(self) -> ReadingLimits:
        """How much of the machine one document may use while it is read."""
        return ReadingLimits(
            timeout_s=self.settings.reading_timeout_s,
            memory_bytes=self.settings.reading_memory_mb << 20,
        )

    @property
    def ocr(self) -> Ocr | None:
        """How pictures of pages are read; None to leave them unread.

        Raises:
            UsageError: The setting is none of its values.
        """
        if self.settings.ocr not in ("auto", "off"):
            raise unknown_name("value of ocr", self.settings.ocr, ("auto", "off"))
        return Ocr(self.settings.ocr_languages) if self.settings.ocr == "auto" else None

    @property
    def ask_options(self) -> AskOptions:
        """How questions are answered here."""
        settings, cache_dir = self.settings, self.settings.cache_path
        return AskOptions(
            strategy=settings.strategy,
            examples=settings.examples,
            top_n=settings.top_n,
            reader=self.load_reader(),
            min_sufficiency=settings.min_sufficiency,
            strict=settings.strict,
            word_summaries=word_summaries(settings.summaries, settings.model, cache_dir=cache_dir),
            sampling=Sampling(**settings.sampling_values),
        )

    def ingest_options(
        self,
        *,
        rebuild: bool = False,
        prune: bool | None = None,
        password: str | None = None,
    ) -> IngestOptions:
        """Return how documents are read and cut here; see `IngestOptions`."""
        return IngestOptions(
            chunk_tokens=self.settings.chunk_tokens,
            rebuild=rebuild,
            prune=prune,
            password=password,
            limits=self.reading_limits,
            ocr=self.ocr,
            debug=self.debug,
        )

    @contextmanager
    def open_for_ingest(
        self, paths: Sequence[Path], options: IngestOptions
    ) -> Iterator[tuple[LocalIndex, Encoder]]:
        """Give the chosen index, open for writing, and the encoder for it.

        Raises:
            StorageError: A path does not exist, or there is nothing to make an index of.
            UnusableIndexError: Another encoder made it, or another ingest writes it.
        """
        check_paths(paths, self.corpus)
        if not has_index(self.index_folder):
            find_something(paths, self.corpus)  # before an empty index is made
        encoder = self.load_encoder(anew=options.rebuild, bulk=True)
        with LocalIndex(self.index_folder, writable=True) as index:
            if not options.rebuild:
                check_encoder(index, encoder)
            yield index, encoder

    def load_encoder(self, *, anew: bool = False, bulk: bool = False) -> Encoder:
        """Return the encoder that the settings name, in the precision that the index was built in.

        Args:
            anew: The index will be made anew, so that its precision does not count.
            bulk: Many passages will be encoded, for which a GPU is worth starting.
        """
        settings = self.settings
        if settings.encoder == HASHING:
            return HashingEncoder()
        options = EncoderOptions(
            runtime=settings.encoder_runtime,
            precision=settings.encoder_precision,
            device=settings.device,
            bulk=bulk,
            threads=settings.threads,
            built_with="" if anew else self._built_with(),
        )
        return load_encoder(
            find_encoder(settings.encoder, cache_dir=settings.cache_path),
            name=settings.encoder,
            cache_dir=settings.cache_path,
            options=options,
            on_notice=self.on_notice,
        )

    def load_reader(self) -> Reader | None:
        """Return what looks for the answer in passages; None to do without."""
        settings = self.settings
        return open_reader(
            settings.reader,
            encoder=settings.encoder,
            cache_dir=settings.cache_path,
            threads=settings.threads,
        )

    def _built_with(self) -> str:
        """Return the fingerprint of the chosen index's encoder; empty where it holds nothing.

        What is wrong with the index is said when it is opened to be used.
        """
        if not has_index(self.index_folder):
            return ""
        with suppress(RagkitError), LocalIndex(self.index_folder) as index:
            return index.encoder_fingerprint if index.chunk_count() else ""
        return ""

    def check_index(self) -> None:
        """Raise an UnusableIndexError where there is no index, before anything slow is loaded."""
        if not has_index(self.index_folder):
            raise missing_index(self.index_folder)

    def open_index(self, encoder: Encoder) -> LocalIndex:
        """Return the chosen index for reading, checked against the encoder."""
        index = LocalIndex(self.index_folder)
        try:
            check_encoder(index, encoder)
            self._refuse_empty(index)
        except BaseException:
            index.close()
            raise
        return index

    def narrow(self, index: LocalIndex, within: DocumentFilter) -> DocumentFilter:
        """Return a filter with the names that the index knows, some document meeting all of it."""
        known = replace(
            within,
            documents=tuple(name_within(path, self.corpus) for path in within.documents),
            under=tuple(name_within(path, self.corpus) for path in within.under),
        )
        check_filter(index, known)
        return known

    def _refuse_empty(self, index: LocalIndex) -> None:
        if not index.chunk_count():
            raise UnusableIndexError(
                f"index {self.settings.index!r} holds no documents",
                hint=f"put some into {self.corpus}, then: ragkit ingest",
            )

    @property
    def llm_options(self) -> LlmOptions:
        """How models are run here."""
        settings = self.settings
        return LlmOptions(
            context_window=settings.context_window,
            threads=settings.threads,
            gpu_layers=settings.gpu_layers,
            lora=settings.lora,
            lora_scale=settings.lora_scale,
            offline=settings.offline,
            server_timeout_s=settings.server_timeout_s,
            verbose=self.debug,
        )

    def load_llm(self) -> LLM:
        """Return the model that the settings name."""
        settings = self.settings
        return open_llm(
            settings.model,
            cache_dir=settings.cache_path,
            options=self.llm_options,
            on_notice=self.on_notice,
        )

    def assistant(
        self, index: LocalIndex, encoder: Encoder, *, load_llm: Callable[[], LLM] | None = None
    ) -> Assistant:
        """Return who answers questions from an index; the model is loaded when first needed.

        Args:
            index: What is asked.
            encoder: The one that made it.
            load_llm: In place of loading what the settings name.
        """
        return Assistant(
            index, encoder, load_llm=load_llm or self.load_llm, prompts_dir=self.prompts_dir
        )
