"""A LoRA adapter: a small file that changes how a model speaks.

It is not opened here; see `ragkit.llms.native`.
"""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class LoraAdapter:
    """An adapter in GGUF form, made for the model that it is applied to."""

    path: Path
    sha256: str
    scale: float = 1.0
    """How strongly it works: 0 not at all, 1 as it was trained."""

    @property
    def label(self) -> str:
        """Its name, its scale where that is not 1, and its sha256.

        >>> LoraAdapter(Path("short.gguf"), "3f2a", scale=0.5).label
        'short x0.5 3f2a'
        """
        scale = "" if self.scale == 1.0 else f" x{self.scale:g}"
        return f"{self.path.stem}{scale} {self.sha256}"
