"""An fp32 graph to one that multiplies 8-bit integers, every token scaled for itself.

Weights are scaled by column, and the activations of each token by their own largest value. Scaling
a whole tensor at once, as onnxruntime's `quantize_dynamic` does, lets one unusual token coarsen all
others. Attention's values stay as they are: a twelfth of the work makes half of the error. The
table of token embeddings is only looked up: it is kept in 16-bit floats, to be small. This module
decides nothing about when to use the result.

Source: all-MiniLM-L6-v2 on 96 chunks of 200 tokens, least and mean cosine with fp32, and speed
relative to fp32 in the same run:

| products in 8 bits | least | mean | speed |
|---|---|---|---|
| none | 1 | 1 | 1 |
| all, scaled by tensor (`quantize_dynamic`) | .9894 | .9934 | 2.3 |
| all, scaled by token | .9972 | .9980 | 2.1 |
| all, scaled by token and smoothed by channel (SmoothQuant, .5) | .9985 | .9989 | 2.1 |
| all but attention's values, scaled by token: what is done here | .9987 | .9991 | 2.0 |
| the same without three of the six widest | .9991 | .9994 | 1.4 |
| all in blocks of 128 (`MatMulNBits`, 8-bit activations) | .9988 | .9992 | 1.2 |

With the table of token embeddings in 8 bits nDCG@10 falls by .015 on adi and .007 on cisi.
"""

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

_LEVELS = 127
_ZERO = 128
"""Activations lie in 1 to 255 around 128: kernels multiply unsigned by signed bytes quickest."""
_LEAST_SCALE = np.float32(1e-9)
_LEAST_TABLE_ROWS = 2048
"""Tables of fewer rows, such as positions, stay as they are: they take no room."""
_LAYOUT = ("Add", "Cast", "Reshape", "Transpose")
"""What stands between a product with a matrix and attention, beside the bias."""
_NAMES = ("ragkit.scale", "ragkit.zero", "ragkit.least")


def quantise_graph(source: Path, target: Path) -> int:
    """Write the 8-bit form of an fp32 graph; return how many matrix products it changed.

    Only products with a constant matrix are changed, but for attention's values; attention scores,
    norms and pooling are not.
    """
    import onnx

    model = onnx.load(str(source))
    rewriter = _Rewriter(model.graph, spared=find_values(model.graph))
    count = rewriter.rewrite()
    onnx.save(model, str(target))
    return count


def find_values(graph: Any) -> frozenset[str]:
    """Return the names of the matrices that make attention's values: what softmax weighs."""
    made_by = {name: node for node in graph.node for name in node.output}
    constants = {one.name for one in graph.initializer}
    found = set()
    for node in graph.node:
        if node.op_type != "MatMul" or _kind(made_by.get(node.input[0])) != "Softmax":
            continue
        source: Any = made_by.get(node.input[1])
        while _kind(source) in _LAYOUT:
            inputs = [made_by[name] for name in source.input if name in made_by]
            source = next((one for one in inputs if one.op_type in (*_LAYOUT, "MatMul")), None)
        if _kind(source) == "MatMul" and source.input[1] in constants:
            found.add(source.input[1])
    return frozenset(found)


def _kind(node: Any) -> str:
    return "" if node is None else str(node.op_type)


class _Rewriter:
    """One pass over a graph's nodes."""

    def __init__(self, graph: Any, *, spared: frozenset[str]) -> None:
        from onnx import numpy_helper

        self._spared = spared
        self._graph = graph
        self._constants = {one.name: one for one in graph.initializer}
        self._as_array = numpy_helper.to_array
        self._as_tensor = numpy_helper.from_array
        self._nodes: list[Any] = []
        self._scaled: set[str] = set()
        self._added: set[str] = set()

    def rewrite(self) -> int:
        """Change what can be, drop the weights that nothing uses any more, and count products."""
        count = 0
        values = (np.float32(1 / _LEVELS), np.uint8(_ZERO), _LEAST_SCALE)
        for name, value in zip(_NAMES, values, strict=True):
            self._add_constant(name, np.array(value))
        for node in self._graph.node:
            if node.op_type == "MatMul" and (matrix := self._matrix(node.input[1])) is not None:
                self._multiply(node, matrix)
                count += 1
            elif node.op_type == "Gather" and (table := self._table(node)) is not None:
                self._look_up(node, table)
            else:
                self._nodes.append(node)
        del self._graph.node[:]
        self._graph.node.extend(self._nodes)
        used = {name for node in self._nodes for name in node.input}
        kept = [one for one in self._graph.initializer if one.name in used]
        del self._graph.initializer[:]
        self._graph.initializer.extend(kept)
        return count

    def _matrix(self, name: str) -> npt.NDArray[np.float32] | None:
        """Return a constant of that name if it is a matrix of float32 that is not spared."""
        if name not in self._constants or name in self._spared:
            return None
        array = self._as_array(self._constants[name])
        return array if array.ndim == 2 and array.dtype == np.float32 else None

    def _table(self, node: Any) -> npt.NDArray[np.float32] | None:
        """Return the large table that a node looks rows up in, if it does."""
        by_row = all(one.i == 0 for one in node.attribute if one.name == "axis")
        table = self._matrix(node.input[0]) if by_row else None
        return table if table is not None and len(table) >= _LEAST_TABLE_ROWS else None

    def _multiply(self, node: Any, matrix: npt.NDArray[np.float32]) -> None:
        """Replace x @ W by (integers of x) @ (integers of W), times both scales."""
        left, weights = node.input
        output = node.output[0]
        scale, zero, _least = _NAMES
        self._scale_rows(left)
        step = np.maximum(np.abs(matrix).max(axis=0), _LEAST_SCALE) / np.float32(_LEVELS)
        self._add_constant(f"{weights}.int8", _round(matrix / step))
        self._add_constant(f"{weights}.step", step / np.float32(_LEVELS))
        self._add_node("QuantizeLinear", [f"{left}.unit", scale, zero], f"{left}.uint8")
        self._add_node(
            "MatMulInteger", [f"{left}.uint8", f"{weights}.int8", zero], f"{output}.sums"
        )
        self._add_node("Cast", [f"{output}.sums"], f"{output}.float", to=1)
        self._add_node("Mul", [f"{output}.float", f"{weights}.step"], f"{output}.units")
        self._add_node("Mul", [f"{output}.units", f"{left}.largest"], output)

    def _scale_rows(self, name: str) -> None:
        """Add the largest value of each token, and the values divided by it."""
        self._add_node("Abs", [name], f"{name}.abs")
        self._add_node("ReduceMax", [f"{name}.abs"], f"{name}.most", axes=[-1], keepdims=1)
        self._add_node("Max", [f"{name}.most", _NAMES[2]], f"{name}.largest")
        self._add_node("Div", [name, f"{name}.largest"], f"{name}.unit")

    def _look_up(self, node: Any, table: npt.NDArray[np.float32]) -> None:
        """Replace a table of 32-bit floats by one of 16-bit floats."""
        name, positions = node.input
        output = node.output[0]
        self._add_constant(f"{name}.half", table.astype(np.float16))
        self._add_node("Gather", [f"{name}.half", positions], f"{output}.half")
        self._add_node("Cast", [f"{output}.half"], output, to=1)

    def _add_constant(self, name: str, value: npt.NDArray[Any]) -> None:
        if name not in self._added:
            self._added.add(name)
            self._graph.initializer.append(self._as_tensor(np.ascontiguousarray(value), name))

    def _add_node(self, kind: str, inputs: list[str], output: str, **attributes: Any) -> None:
        """Add a node unless an earlier product of the same activations did."""
        from onnx import helper

        if output not in self._scaled:
            self._scaled.add(output)
            self._nodes.append(helper.make_node(kind, inputs, [output], **attributes))


def _round(values: npt.NDArray[np.float32]) -> npt.NDArray[np.int8]:
    """Return values as the nearest integers of 8 bits.

    >>> _round(np.array([-127.4, 0.4, 99.6], dtype=np.float32)).tolist()
    [-127, 0, 100]
    """
    return np.clip(np.rint(values), -_LEVELS, _LEVELS).astype(np.int8)
