"""Whether a model is large enough to word more than an answer, told before it is loaded."""

from contextlib import suppress
from pathlib import Path

from ragkit.errors import RagkitError, unknown_name
from ragkit.llms.openai_http import is_server_address
from ragkit.models.finding import find_llm
from ragkit.models.opening import SCRIPTED

LEAST_SUMMARY_BYTES = 600_000_000
"""Smaller weights are not asked to word a summary: about a billion parameters in 4 bits. Source: of
what SmolLM2-135M (98 MB) said of ten sections of a lecture, nothing was backed."""


SUMMARIES = ("auto", "quoted", "worded")
"""Values of the setting `summaries`."""


def word_summaries(choice: str, model: str, *, cache_dir: Path | None = None) -> bool:
    """Say whether summaries of documents are worded by a model.

    Args:
        choice: One of `SUMMARIES`; "auto" goes by the model.
        model: Its name.
        cache_dir: Where pulled models are kept.

    Raises:
        UsageError: There is no such choice.
    """
    if choice not in SUMMARIES:
        raise unknown_name("value of summaries", choice, SUMMARIES)
    if choice != "auto" or model.startswith(SCRIPTED):
        return choice == "worded"
    with suppress(RagkitError):  # a model that is not there is told when one is asked
        if is_server_address(model):
            return True
        return find_llm(model, cache_dir=cache_dir).stat().st_size >= LEAST_SUMMARY_BYTES
    return False
