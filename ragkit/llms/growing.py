"""A completion while it comes: tokens to text, up to a stop string or a listener's word.

It chooses no tokens.
"""

import codecs

from ragkit.llms.native import Step, Vocabulary
from ragkit.llms.streaming import TextStream
from ragkit.protocols import TextListener
from ragkit.records import Completion


class GrowingCompletion:
    """Collects the tokens of one completion.

    Args:
        vocabulary: Whose tokens they are.
        stop: Strings that end it.
        on_text: Gets each piece as it comes, in whole characters; True ends it.
    """

    def __init__(
        self, vocabulary: Vocabulary, stop: tuple[str, ...], on_text: TextListener | None
    ) -> None:
        self._vocabulary = vocabulary
        self._decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")
        self._stream = TextStream(stop, on_text)
        self._logprobs: list[float] = []
        self.ended = False

    def add(self, step: Step) -> bool:
        """Take the next token and return whether a stop string or the listener ended it."""
        self._logprobs.append(step.logprob)
        piece = self._decoder.decode(self._vocabulary.token_bytes(step.token))
        self.ended = self._stream.push(piece)
        return self.ended

    def finish(
        self, *, prompt_tokens: int, limit: int, first_token_s: float, generate_s: float
    ) -> Completion:
        """Return the whole, after the last token."""
        self._stream.finish()
        count = len(self._logprobs)
        return Completion(
            text=self._stream.text,
            prompt_tokens=prompt_tokens,
            completion_tokens=count,
            finish_reason="stop" if self.ended or count < limit else "length",
            first_token_s=first_token_s,
            generate_s=generate_s,
            token_logprobs=tuple(self._logprobs),
        )
