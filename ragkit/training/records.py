"""What training passes along: questions, examples made of them, how to train, how it goes."""

from dataclasses import dataclass
from typing import Literal

ExampleKind = Literal[
    "answer",
    "counterfactual",
    "conflicting",
    "unanswerable-near",
    "unanswerable-far",
    "false-premise",
]
"""What is right: an answer from the sources for the first three, else to abstain."""

ANSWERED: frozenset[ExampleKind] = frozenset({"answer", "counterfactual", "conflicting"})
"""Kinds for which an answer is right."""


@dataclass(frozen=True, slots=True)
class TrainingItem:
    """A question and what is right to say, with the text that answers it."""

    id: str
    question: str
    answers: tuple[str, ...]
    """Accepted short forms, as they stand in the context; the first is learnt. Empty where the
    context does not answer."""
    context: str
    """The passage that the question is about, also where it does not answer it."""
    document: str
    """What the passage stands in: items of one document are never split between training and
    held out."""
    reference: str = ""
    """The answer as sentences of its own; empty to answer with the words of the context."""
    reasoning: str = ""
    """How the answer is found, where the data says so."""
    language: str = "en"
    quotes: tuple[str, ...] = ()
    """The words that answer, where an item of the project's own documents has no context."""
    within: tuple[str, ...] = ()
    """The documents to answer from; empty for all."""
    elsewhere: bool = False
    """Other passages may answer it too, so that without its own it is not unanswerable."""


@dataclass(frozen=True, slots=True)
class Example:
    """What a model reads, and what it is to say."""

    id: str
    kind: ExampleKind
    strategy: str
    document: str
    prompt: str
    """The rendered prompt, chat template included: exactly what llama.cpp would read."""
    completion: str
    """Without the token that ends it."""


@dataclass(frozen=True, slots=True)
class TokenizedExample:
    """An example in the tokens of the model's own file."""

    id: str
    prompt: tuple[int, ...]
    completion: tuple[int, ...]
    """With the token that ends a turn; the loss is taken on these alone."""

    @property
    def length(self) -> int:
        """Tokens of both together."""
        return len(self.prompt) + len(self.completion)


@dataclass(frozen=True, slots=True)
class Recipe:
    """How an adapter is trained; part of its model card."""

    rank: int = 16
    alpha: float = 32.0
    """The adapter is scaled by alpha / rank."""
    targets: tuple[str, ...] = ("q", "k", "v", "o", "gate", "up", "down")
    """Linear layers of each block that are adapted."""
    rate: float = 4e-4
    """Highest learning rate of AdamW; it rises over the first steps and falls along a cosine."""
    warmup: float = 0.03
    """Share of the steps over which the rate rises."""
    weight_decay: float = 0.0
    clip: float = 1.0
    """Largest norm of a gradient."""
    epochs: float = 1.0
    tokens_per_step: int = 8192
    """Tokens that a step of the optimiser computes; what prompts share counts once."""
    max_tokens: int = 1024
    """Longer examples are left out."""
    seed: int = 0


@dataclass(frozen=True, slots=True)
class StepReport:
    """How training stands after a step of the optimiser."""

    step: int
    steps: int
    loss: float
    """Mean over the completion tokens of the step, in nats."""
    held_out_loss: float | None
    """Over the held-out examples, where it was measured at this step."""
    rate: float
    examples: int
    """Seen so far."""
    tokens: int
    """Computed so far; what the prompts of a family share counts once."""
    seconds: float
    """Spent so far, earlier runs included."""
