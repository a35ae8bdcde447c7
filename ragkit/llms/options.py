"""How a model is run, whichever it is."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LlmOptions:
    """How to run a model; what a back end has no use for it ignores."""

    context_window: int = 4096
    """Tokens of prompt and completion; less where the model was trained on less."""
    threads: int = 0
    """CPU threads; 0 for one per physical core."""
    engines: int = 1
    """Prompts that may be asked at a time, by as many threads; 0 for as many as there are cores and
    memory for. They share weights and the CPU threads; a GPU serves one at a time."""
    gpu_layers: int = -1
    """Layers to keep on a GPU; below 0 for as many as fit."""
    lora: str = "auto"
    """Path of a LoRA adapter for the model; "none" or empty for none; "auto" for the one that comes
    with ragkit for these very weights, if any does."""
    lora_scale: float = 1.0
    """How strongly it works; 1 as it was trained."""
    offline: bool = False
    """Ask no server but one on this machine."""
    server_timeout_s: float = 120.0
    """The longest silence of a server."""
    verbose: bool = False
    """Let libraries write to stderr."""
