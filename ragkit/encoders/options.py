"""How an encoder is run: by what, on what, how exactly, on how many threads. It runs nothing."""

from dataclasses import dataclass

from ragkit.errors import unknown_name

RUNTIMES = ("auto", "onnx", "sentence-transformers")
PRECISIONS = ("auto", "fp32", "int8")
DEVICES = ("auto", "cpu", "cuda")


@dataclass(frozen=True, slots=True)
class EncoderOptions:
    """How to run an encoder.

    Raises:
        UsageError: An unknown runtime, precision or device.
    """

    runtime: str = "auto"
    """One of `RUNTIMES`; "auto" is onnx, or sentence-transformers for what has no graph."""
    precision: str = "auto"
    """One of `PRECISIONS`; "auto" is what an index was built with, else what is quicker here."""
    threads: int = 0
    """CPU threads; 0 for one per physical core."""
    device: str = "auto"
    """One of `DEVICES`; "auto" is a GPU for bulk work where there is one, else the CPU."""
    bulk: bool = False
    """Many passages will be encoded, not some queries."""
    built_with: str = ""
    """Fingerprint of the index that will be searched; empty for a new one."""

    def __post_init__(self) -> None:
        """Refuse unknown names."""
        if self.runtime not in RUNTIMES:
            raise unknown_name("encoder runtime", self.runtime, RUNTIMES)
        if self.precision not in PRECISIONS:
            raise unknown_name("encoder precision", self.precision, PRECISIONS)
        if self.device not in DEVICES:
            raise unknown_name("device", self.device, DEVICES)


DEFAULT_OPTIONS = EncoderOptions()
