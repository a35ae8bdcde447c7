"""Attention for a batch of families in one row: no member sees another, or another family.

What a family shares looks to the left. A member's own tokens see all that is shared, and of their
own those to the left. That is what each example would compute alone.

Source of the idea: prefix trees in training, e.g. Hydragen (Juravsky et al. 2024) for inference.
"""

import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, NamedTuple

from ragkit.training.batches import Span

NAME = "ragkit-packed"
"""By which transformers knows it."""


class _Grid(NamedTuple):
    """A family's members side by side, padded to the longest, as tensors."""

    tokens: Any
    """(members * longest,): for each cell its token among the family's own; the padding takes the
    first, and what comes of it is dropped."""
    cells: Any
    """(own tokens,): the cell of each token."""
    mask: Any
    """(longest, shared + longest), true where one may look."""


_layout: ContextVar[Sequence[tuple[Span, _Grid | None]] | None] = ContextVar("layout", default=None)


def register() -> None:
    """Make this attention known to transformers; without a layout it is torch's usual one."""
    import torch
    from transformers import AttentionInterface, AttentionMaskInterface
    from transformers.masking_utils import sdpa_mask

    uncompiled: Any = torch.compiler.disable
    AttentionInterface.register(NAME, uncompiled(_attend))
    AttentionMaskInterface.register(NAME, sdpa_mask)


@contextmanager
def laid_out(spans: Sequence[Span], device: str) -> Iterator[Any]:
    """Let models that use this attention read a row so, and give the mask to call them with.

    It is a mask of four dimensions, which transformers hands on as it is, and which nobody reads.
    """
    import torch

    grids = [_lay_out(span, device) if span.shared else None for span in spans]
    token = _layout.set(list(zip(spans, grids, strict=True)))
    try:
        yield torch.zeros(1, 1, 1, 1, dtype=torch.bool, device=device)
    finally:
        _layout.reset(token)


def _lay_out(span: Span, device: str) -> _Grid:
    import torch

    longest = max(span.own)
    grid = torch.zeros(len(span.own), longest, dtype=torch.long)
    cells, first = [], 0
    for row, count in enumerate(span.own):
        grid[row, :count] = torch.arange(first, first + count)
        cells.append(torch.arange(count) + row * longest)
        first += count
    mask = torch.ones(longest, span.shared + longest, dtype=torch.bool).tril(span.shared)
    return _Grid(grid.flatten().to(device), torch.cat(cells).to(device), mask.to(device))


def _attend(
    module: Any, query: Any, key: Any, value: Any, attention_mask: Any, **options: Any
) -> tuple[Any, None]:
    """Return what each token attends to, (1, tokens, heads, width), as transformers asks for it.

    Args:
        module: The attention's layer.
        query: (1, heads, tokens, width).
        key: (1, groups of heads, tokens, width).
        value: As the keys.
        attention_mask: Not read where there is a layout.
        options: Of transformers; `scaling` is a factor.
    """
    import torch
    from transformers.integrations.sdpa_attention import repeat_kv, sdpa_attention_forward

    layout = _layout.get()
    if layout is None:
        usual: tuple[Any, None] = sdpa_attention_forward(
            module, query, key, value, attention_mask, **options
        )
        return usual
    groups = query.shape[1] // key.shape[1]
    sizes = [size for span, _ in layout for size in (span.shared, sum(span.own))]
    parts = [
        matrix.split(sizes, dim=2)
        for matrix in (query, repeat_kv(key, groups), repeat_kv(value, groups))
    ]
    found = []
    for number, (_, grid) in enumerate(layout):
        shared, own = ([part[2 * number + after] for part in parts] for after in (0, 1))
        if grid is None:
            found.append(_look_left(own, options["scaling"]))
        else:
            found += _attend_family(grid, shared, own, options["scaling"])
    return torch.cat(found, dim=2).transpose(1, 2), None


def _attend_family(
    grid: _Grid, shared: Sequence[Any], own: Sequence[Any], scale: float
) -> list[Any]:
    """Return what a family's shared tokens attend to, and its members' own, each (1, heads, ...).

    Args:
        grid: Of the family.
        shared: Queries, keys and values of what is shared, each (1, heads, tokens, width).
        own: Those of the members, one after another.
        scale: Of the products.
    """
    import torch

    rows = [_side_by_side(matrix, grid) for matrix in own]
    before = [matrix.expand(len(rows[0]), -1, -1, -1) for matrix in shared]
    keys, values = (torch.cat((before[one], rows[one]), dim=2) for one in (1, 2))
    # Written out: of few rows and many columns, torch's own takes twice as long, mostly backwards.
    scores = (rows[0] * scale) @ keys.transpose(2, 3)
    mixed = scores.masked_fill(~grid.mask, -math.inf).softmax(-1) @ values
    flat = mixed.transpose(0, 1).flatten(1, 2).index_select(1, grid.cells)
    return [_look_left(shared, scale), flat[None]]


def _look_left(heads: Sequence[Any], scale: float) -> Any:
    """Return what each token of some queries, keys and values attends to among those before it."""
    from torch.nn.functional import scaled_dot_product_attention

    query, key, value = heads
    return scaled_dot_product_attention(query, key, value, is_causal=True, scale=scale)


def _side_by_side(matrix: Any, grid: _Grid) -> Any:
    """Return a family's own (1, heads, tokens, width) as (members, heads, longest, width)."""
    heads, width, longest = matrix.shape[1], matrix.shape[3], len(grid.mask)
    cells = matrix[0].index_select(1, grid.tokens)
    return cells.view(heads, -1, longest, width).transpose(0, 1)
