"""What the outcomes of a run depend on, and how two runs differ in it.

Times and paths are no part of what is compared.
"""

import hashlib
import platform
from collections.abc import Mapping
from importlib.metadata import version
from typing import Any

import ragkit
from ragkit.evaluation.bench import Bench
from ragkit.evaluation.protocols import PlanOptions
from ragkit.evaluation.runs.forms import form_of
from ragkit.machine import cpu_identity, physical_cores
from ragkit.protocols import Index

NOT_COMPARED = ("started", "given")
"""What of a header has no say in the outcomes."""


def describe_run(
    bench: Bench, measure: str, options: PlanOptions, *, asks_model: bool, threads: int = 0
) -> dict[str, Any]:
    """Return what a run depends on, as JSON values.

    Args:
        bench: What the tasks are done with.
        measure: Its name.
        options: Which part of the suite is run.
        asks_model: Whether any task asks the model; if none does, it is not loaded.
        threads: CPU threads; 0 for one per physical core.
    """
    suite, asked = bench.suite, bench.options
    return {
        "ragkit": ragkit.__version__,
        "suite": {
            "name": suite.name,
            "version": suite.version,
            "sha256": suite.sha256,
            "built_in": suite.built_in,
        },
        "measure": measure,
        "plan": form_of(options),
        "model": _describe_model(bench) if asks_model else None,
        "encoder": {"name": bench.encoder.name, "fingerprint": bench.encoder.fingerprint},
        "corpus": describe_corpus(bench.index),
        "ask": {
            "strategy": bench.strategy.name,
            "strategy_sha256": _sha256(repr(bench.strategy)),
            "examples": asked.examples,
            "top_n": asked.top_n,
            "reader": f"{asked.reader.name} {asked.reader.sha256}" if asked.reader else None,
            "min_sufficiency": asked.min_sufficiency,
            "strict": asked.strict,
        },
        "sampling": form_of(asked.sampling),
        "seed": options.seed,
        "threads": threads or physical_cores(),
        "platform": _describe_platform(),
    }


def describe_corpus(index: Index) -> dict[str, Any]:
    """Return which documents an index holds, and how they were read and cut."""
    stored = sorted(index.documents(), key=lambda document: document.path)
    content = "\n".join(f"{document.sha256} {document.path}" for document in stored)
    return {
        "sha256": _sha256(content),
        "documents": len(stored),
        "chunks": index.chunk_count(),
        "chunking": sorted({document.recipe for document in stored}),
    }


def differences(before: Mapping[str, Any], now: Mapping[str, Any]) -> tuple[str, ...]:
    """Return in what two headers differ, each with both values.

    >>> differences({"seed": 0, "model": {"name": "a"}}, {"seed": 0, "model": {"name": "b"}})
    ("model.name: 'a' then, 'b' now",)
    """
    then, today = dict(_leaves(before)), dict(_leaves(now))
    return tuple(
        f"{name}: {then.get(name)!r} then, {today.get(name)!r} now"
        for name in dict.fromkeys((*then, *today))
        if then.get(name) != today.get(name)
    )


def _leaves(form: Mapping[str, Any], before: str = "") -> list[tuple[str, Any]]:
    found = []
    for name, value in form.items():
        if not before and name in NOT_COMPARED:
            continue
        if isinstance(value, Mapping):
            found += _leaves(value, f"{before}{name}.")
        else:
            found.append((f"{before}{name}", value))
    return found


def _describe_model(bench: Bench) -> dict[str, Any]:
    info = bench.llm.info
    return {
        "name": info.name,
        "sha256": info.sha256,
        "adapter": info.adapter,
        "context_window": bench.llm.context_window,
    }


def _describe_platform() -> dict[str, str]:
    return {
        "system": f"{platform.system()} {platform.machine()}",
        "cpu": cpu_identity(),
        "python": platform.python_version(),
        "llama-cpp-python": version("llama-cpp-python"),
    }


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
