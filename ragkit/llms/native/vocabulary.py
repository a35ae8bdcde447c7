"""A model's tokenizer: text to tokens and back, and which tokens are no text but marks.

It does not evaluate anything.
"""

import ctypes
from typing import Any


class Vocabulary:
    """The tokens of a loaded model.

    Args:
        library: llama.cpp.
        model: The model as llama.cpp holds it; it must outlive this.
    """

    def __init__(self, library: Any, model: Any) -> None:
        self._library = library
        self.handle = library.llama_model_get_vocab(model)
        self.size: int = library.llama_vocab_n_tokens(self.handle)
        self._bos: int = library.llama_vocab_bos(self.handle)
        self.eos: int = library.llama_vocab_eos(self.handle)

    @property
    def bos_text(self) -> str:
        """Text of the token that begins a sequence."""
        return self._token_text(self._bos)

    @property
    def eos_text(self) -> str:
        """Text of the token that ends a sequence."""
        return self._token_text(self.eos)

    def tokenize(self, text: str) -> list[int]:
        """Return the tokens of a text, special ones parsed, beginning as the model wants it."""
        tokens = self._text_tokens(text)
        wanted = self._bos >= 0 and self._library.llama_vocab_get_add_bos(self.handle)
        return [self._bos, *tokens] if wanted and tokens[:1] != [self._bos] else tokens

    def tokenize_after(self, prompt: str, text: str) -> list[int]:
        """Return the tokens of a text that goes on from a prompt, whose own tokens do not change.

        A tokenizer that marks the beginning of a text would mark it were it tokenized alone; one
        that would join the prompt's end and the text's beginning into a token must not.
        """
        before = self.tokenize(prompt)
        joined = self.tokenize(prompt + text)
        if joined[: len(before)] == before:
            return joined[len(before) :]
        return self._text_tokens(text)

    def control_texts(self, text: str) -> set[str]:
        """Return the control tokens, such as "<|im_end|>", that a text would be read as."""
        is_control = self._library.llama_vocab_is_control
        found = {token for token in set(self.tokenize(text)) if is_control(self.handle, token)}
        return {
            form
            for token in found
            if (form := self._token_text(token)) in text or token != self._bos
        }

    def disarm(self, text: str) -> str:
        """Return the text with a space inside whatever would be read as a control token."""
        while found := {form for form in self.control_texts(text) if form in text}:
            for form in found:
                text = text.replace(form, f"{form[0]} {form[1:]}")
        return text

    def ends_text(self, token: int) -> bool:
        """Return whether a token says that the text ends."""
        return bool(self._library.llama_vocab_is_eog(self.handle, token))

    def token_bytes(self, token: int) -> bytes:
        """Return what a token adds to a text; it may be a part of a character."""
        size = 64
        while True:
            buffer = ctypes.create_string_buffer(size)
            length = self._library.llama_token_to_piece(self.handle, token, buffer, size, 0, 0)
            if length >= 0:
                return buffer.raw[:length]
            size = -length

    def _text_tokens(self, text: str) -> list[int]:
        add_special, parse_special = False, True
        data = text.encode("utf-8", errors="replace")
        buffer = (self._library.llama_token * (len(data) + 16))()
        count = self._library.llama_tokenize(
            self.handle, data, len(data), buffer, len(buffer), add_special, parse_special
        )
        return list(buffer[:count])

    def _token_text(self, token: int) -> str:
        if token < 0:
            return ""
        return str(self._library.llama_vocab_get_text(self.handle, token).decode("utf-8"))
