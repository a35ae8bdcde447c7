"""Reading comprehension: which stretch of a passage answers a question, and whether any does.

A reader is fitted to find answers and to see that there is none (extractive question answering with
a "no answer", as SQuAD 2.0 asks it). What follows from that is decided in `ragkit.evidence`.
"""

from ragkit.readers.onnx import OnnxReader

__all__ = ["OnnxReader"]
