"""llama.cpp's C functions as a few small objects: text to tokens, tokens to the next token.

It does not know messages, templates or stop strings.
"""

from ragkit.llms.native.model import Logits, NativeModel, Step
from ragkit.llms.native.sequences import MOST_SEQUENCES, common_length
from ragkit.llms.native.vocabulary import Vocabulary

__all__ = ["MOST_SEQUENCES", "Logits", "NativeModel", "Step", "Vocabulary", "common_length"]
