"""llama.cpp's C functions as a few small objects: text to tokens, tokens to the next token.

It does not know messages, templates or stop strings.
"""

from ragkit.llms.native.model import NativeModel, common_length
from ragkit.llms.native.vocabulary import Vocabulary

__all__ = ["NativeModel", "Vocabulary", "common_length"]
