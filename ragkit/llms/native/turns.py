"""Prompt and completion in a model's own tokens, with the token by which it would end its turn.

It does not render; see `ragkit.llms.chat_template`.
"""

from ragkit.llms.chat_template import ChatTemplate
from ragkit.llms.native.vocabulary import Vocabulary
from ragkit.records import Message

_MARK = "Here."


def tokenize_turn(
    vocabulary: Vocabulary, template: ChatTemplate, prompt: str, completion: str
) -> tuple[list[int], list[int]]:
    """Return the tokens of a rendered prompt, and of what is to follow, its end included.

    The completion holds no control tokens, like a message.
    """
    said = vocabulary.tokenize_after(prompt, vocabulary.disarm(completion))
    return vocabulary.tokenize(prompt), [*said, find_end(vocabulary, template)]


def find_end(vocabulary: Vocabulary, template: ChatTemplate) -> int:
    """Return the token by which a model ends a turn.

    It is the first token that ends a text after the words of the assistant where a template goes on
    to another turn; a model whose template writes none there ends as its vocabulary says.
    """
    turns = (Message("user", "Where?"), Message("assistant", _MARK), Message("user", "Why?"))
    after = template.render(turns).rpartition(_MARK)[2]
    for token in vocabulary.tokenize_after(_MARK, after):
        if vocabulary.ends_text(token):
            return token
    return vocabulary.eos
