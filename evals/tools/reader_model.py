"""The reader while it is fitted: an encoder's body and two outputs for each token, in torch.

A window that holds no answer is one whose answer begins and ends at [CLS] (Devlin et al., BERT,
2019, section 4.3, on SQuAD 2.0). Where an answer stands several times, any of the places is right.
The embeddings of tokens stay as they are, so that the encoder's own can be used.
"""

import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import torch
from reader_examples import Example
from torch import nn
from transformers import BertModel

from ragkit.encoders.quantisation import quantise_graph
from ragkit.readers.reading import SpanReading, Window
from ragkit.readers.windows import TokenWindow, WindowTokenizer

_ROUNDED = 16
"""Windows are filled up to a multiple of so many tokens."""
_OPSET = 17
_IMPOSSIBLE = -1e4


class Item(NamedTuple):
    """An example as token ids, and the tokens at which its answers begin and end."""

    example: Example
    window: TokenWindow
    places: tuple[tuple[int, int], ...]


class Batch(NamedTuple):
    """Windows side by side, each tensor of shape (windows, tokens)."""

    ids: torch.Tensor
    types: torch.Tensor
    attended: torch.Tensor
    possible: torch.Tensor
    """Where an answer may begin or end: in the passage, or at [CLS]."""
    starts: torch.Tensor
    ends: torch.Tensor


class ReaderModel(nn.Module):
    """Embeddings of tokens to logits of shape (windows, tokens, 2).

    Args:
        encoder: Folder of a BERT-type sentence-transformers model.
        dropout: Share of the numbers that are left out at each step of a fit.
    """

    def __init__(self, encoder: Path, *, dropout: float = 0.1) -> None:
        super().__init__()
        body = BertModel.from_pretrained(
            encoder, add_pooling_layer=False, hidden_dropout_prob=dropout
        )
        self.body = body
        self.outputs = nn.Linear(body.config.hidden_size, 2)
        nn.init.normal_(self.outputs.weight, std=0.02)
        nn.init.zeros_(self.outputs.bias)
        body.embeddings.word_embeddings.weight.requires_grad = False

    def forward(self, ids: torch.Tensor, types: torch.Tensor, attended: torch.Tensor) -> Any:
        """Return the logits of the start and the end of an answer."""
        read = self.body(input_ids=ids, token_type_ids=types, attention_mask=attended)
        return self.outputs(read.last_hidden_state).float()


def itemise(examples: Sequence[Example], tokenizer: WindowTokenizer) -> list[Item]:
    """Return the examples that fit one window, and whose answer has a token of its own."""
    items = []
    for example in examples:
        windows = list(
            tokenizer.windows(example.question, example.passage, heading=example.heading)
        )
        if len(windows) == 1:
            places = tuple(_places(example, windows[0]))
            if places or not example.answers:
                items.append(Item(example, windows[0], places))
    return items


def _places(example: Example, window: TokenWindow) -> Iterator[tuple[int, int]]:
    for start, end in example.answers:
        inside = [
            at for at, span in enumerate(window.spans) if span.start < end and span.end > start
        ]
        if inside:
            yield window.first + inside[0], window.first + inside[-1]


def batches_of(items: Sequence[Item], tokens: int, numbers: Random | None) -> list[list[Item]]:
    """Return batches of windows of about one length, in a mixed order if numbers are given."""
    order = list(items)
    if numbers:
        numbers.shuffle(order)
    batches: list[list[Item]] = []
    for start in range(0, len(order), 1024):
        batch: list[Item] = []
        for item in sorted(order[start : start + 1024], key=lambda one: len(one.window.ids)):
            if batch and (len(batch) + 1) * len(item.window.ids) > tokens:
                batches.append(batch)
                batch = []
            batch.append(item)
        batches.append(batch)
    if numbers:
        numbers.shuffle(batches)
    return batches


def collate(items: Sequence[Item]) -> Batch:
    """Return a batch, its windows filled up to one length."""
    longest = max(len(item.window.ids) for item in items)
    shape = len(items), -(-longest // _ROUNDED) * _ROUNDED
    batch = Batch(*(torch.zeros(shape, dtype=torch.long) for _ in range(3)),
                  *(torch.zeros(shape, dtype=torch.bool) for _ in range(3)))  # fmt: skip
    for row, (_, window, places) in enumerate(items):
        count = len(window.ids)
        batch.ids[row, :count] = torch.tensor(window.ids)
        batch.types[row, :count] = torch.tensor(window.types)
        batch.attended[row, :count] = 1
        batch.possible[row, window.first : window.first + len(window.spans)] = True
        batch.possible[row, 0] = True
        for start, end in places or [(0, 0)]:
            batch.starts[row, start] = True
            batch.ends[row, end] = True
    return batch


def loss_of(logits: torch.Tensor, batch: Batch) -> torch.Tensor:
    """Return the mean of -log p(any right start) and -log p(any right end), in nats."""
    losses = []
    for column, right in ((0, batch.starts), (1, batch.ends)):
        scores = logits[..., column].masked_fill(~batch.possible, _IMPOSSIBLE)
        held = scores.masked_fill(~right, _IMPOSSIBLE).logsumexp(1)
        losses.append((scores.logsumexp(1) - held).mean())
    return torch.stack(losses).mean()


@torch.no_grad()
def read_items(model: ReaderModel, items: Sequence[Item]) -> Iterator[tuple[Item, SpanReading]]:
    """Yield each item with what the model reads in it."""
    model.eval()
    for batch in batches_of(items, 8192, None):
        tensors = collate(batch)
        with torch.autocast("cpu", torch.bfloat16):
            logits = model(tensors.ids, tensors.types, tensors.attended).float().numpy()
        for item, rows in zip(batch, logits, strict=True):
            first, spans = item.window.first, item.window.spans
            body = rows[first : first + len(spans)]
            window = Window(spans, body[:, 0], body[:, 1], float(rows[0].sum()))
            yield item, SpanReading((window,))
    model.train()


class _Graph(nn.Module):
    """What is behind the embeddings of tokens: rows (1, tokens, dim) to logits (1, tokens, 2)."""

    def __init__(self, model: ReaderModel) -> None:
        super().__init__()
        self.embeddings, self.layers = model.body.embeddings, model.body.encoder.layer
        self.outputs = model.outputs

    def forward(self, rows: torch.Tensor, types: torch.Tensor) -> Any:
        """Return what the model says of one window."""
        table = self.embeddings
        places = table.position_embeddings(torch.arange(rows.shape[1])[None])
        state = table.LayerNorm(rows + table.token_type_embeddings(types) + places)
        for layer in self.layers:
            read = layer(state)
            state = read[0] if isinstance(read, tuple) else read
        return self.outputs(state)


def export_model(model: ReaderModel, path: Path) -> None:
    """Write the graph behind the embeddings of tokens, its products in 8-bit integers."""
    model.eval()
    model.body.config._attn_implementation = "eager"  # noqa: SLF001 - as the library sets it
    graph = _Graph(model).eval()
    ids = torch.tensor([[101, *range(2000, 2020), 102]])
    types = torch.zeros_like(ids)
    rows = model.body.embeddings.word_embeddings(ids)
    with warnings.catch_warnings(), torch.no_grad(), TemporaryDirectory() as folder:
        warnings.simplefilter("ignore")
        torch.testing.assert_close(graph(rows, types), model(ids, types, torch.ones_like(ids)))
        whole = Path(folder) / "reader.onnx"
        torch.onnx.export(
            graph,
            (rows, types),
            str(whole),
            input_names=["rows", "types"],
            output_names=["logits"],
            dynamic_axes={"rows": {1: "length"}, "types": {1: "length"}},
            opset_version=_OPSET,
            dynamo=False,
        )
        quantise_graph(whole, path)
