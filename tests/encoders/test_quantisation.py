"""8-bit products against numpy, and a whole graph against its fp32 form."""

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from ragkit.encoders.quantisation import quantise_graph
from ragkit.encoders.runtime import load_onnxruntime

RANDOM = np.random.default_rng(0)
WEIGHTS = RANDOM.normal(size=(32, 6)).astype(np.float32)
TABLE = RANDOM.normal(size=(3000, 4)).astype(np.float32)


def write_graph(path, nodes, constants, kind, shape):
    """Save a graph from `x` to `y`."""
    source = helper.make_tensor_value_info("x", kind, shape)
    result = helper.make_tensor_value_info("y", TensorProto.FLOAT, None)
    tensors = [numpy_helper.from_array(array, name) for name, array in constants.items()]
    graph = helper.make_graph(nodes, "test", [source], [result], tensors)
    opsets = [helper.make_opsetid("", 17)]
    onnx.save(helper.make_model(graph, opset_imports=opsets, ir_version=9), str(path))
    return path


def run_graph(path, x):
    return load_onnxruntime().InferenceSession(str(path)).run(None, {"x": x})[0]


@pytest.fixture
def product(tmp_path):
    """The 8-bit form of x @ WEIGHTS."""
    nodes = [helper.make_node("MatMul", ["x", "w"], ["y"])]
    path = write_graph(
        tmp_path / "a.onnx", nodes, {"w": WEIGHTS}, TensorProto.FLOAT, [1, "length", 32]
    )
    assert quantise_graph(path, tmp_path / "b.onnx") == 1
    return tmp_path / "b.onnx"


def test_a_product_is_one_of_rounded_values(product):
    """Oracle: round each row and each column to 127 steps of its largest value, then multiply."""
    x = RANDOM.normal(size=(1, 5, 32)).astype(np.float32)
    rows = np.abs(x).max(axis=-1, keepdims=True) / 127
    columns = np.abs(WEIGHTS).max(axis=0) / 127
    expected = (np.rint(x / rows) * rows) @ (np.rint(WEIGHTS / columns) * columns)
    np.testing.assert_allclose(run_graph(product, x), expected, atol=1e-4)
    np.testing.assert_allclose(run_graph(product, x), x @ WEIGHTS, atol=0.1)


def test_an_unusual_token_coarsens_no_other(product):
    x = RANDOM.normal(size=(1, 5, 32)).astype(np.float32)
    unusual = x.copy()
    unusual[0, 0] *= 1000
    before, after = run_graph(product, x), run_graph(product, unusual)
    assert before[0, 1:].tobytes() == after[0, 1:].tobytes()


def test_a_row_of_zeros(product):
    assert not run_graph(product, np.zeros((1, 2, 32), dtype=np.float32)).any()


def test_products_share_what_is_scaled_once(tmp_path):
    nodes = [
        helper.make_node("MatMul", ["x", "w"], ["a"]),
        helper.make_node("MatMul", ["x", "w"], ["b"]),
        helper.make_node("Add", ["a", "b"], ["y"]),
    ]
    path = write_graph(tmp_path / "a.onnx", nodes, {"w": WEIGHTS}, TensorProto.FLOAT, [1, 5, 32])
    assert quantise_graph(path, tmp_path / "b.onnx") == 2
    kinds = [node.op_type for node in onnx.load(tmp_path / "b.onnx").graph.node]
    assert (kinds.count("QuantizeLinear"), kinds.count("MatMulIntegerToFloat")) == (1, 2)
    x = RANDOM.normal(size=(1, 5, 32)).astype(np.float32)
    np.testing.assert_allclose(run_graph(tmp_path / "b.onnx", x), 2 * x @ WEIGHTS, atol=0.2)


def test_a_large_table_takes_half_the_room(tmp_path):
    nodes = [helper.make_node("Gather", ["t", "x"], ["y"], axis=0)]
    path = write_graph(tmp_path / "a.onnx", nodes, {"t": TABLE}, TensorProto.INT64, [1, "length"])
    assert quantise_graph(path, tmp_path / "b.onnx") == 0
    found = run_graph(tmp_path / "b.onnx", np.array([[7, 2999]]))
    np.testing.assert_allclose(found[0], TABLE[[7, 2999]], rtol=1e-3)
    assert (tmp_path / "b.onnx").stat().st_size < 0.6 * path.stat().st_size


def test_products_of_two_activations_stay(tmp_path):
    nodes = [helper.make_node("MatMul", ["x", "x"], ["y"])]
    path = write_graph(tmp_path / "a.onnx", nodes, {}, TensorProto.FLOAT, [4, 4])
    assert quantise_graph(path, tmp_path / "b.onnx") == 0
    assert [node.op_type for node in onnx.load(tmp_path / "b.onnx").graph.node] == ["MatMul"]


def test_a_square_product_is_scaled_by_text_and_adds_its_bias(tmp_path):
    matrix, bias = RANDOM.normal(size=(8, 8)).astype(np.float32), np.ones(8, dtype=np.float32)
    nodes = [
        helper.make_node("MatMul", ["x", "w"], ["product"]),
        helper.make_node("Add", ["bias", "product"], ["y"]),
    ]
    constants = {"w": matrix, "bias": bias}
    path = write_graph(tmp_path / "a.onnx", nodes, constants, TensorProto.FLOAT, [1, "length", 8])
    assert quantise_graph(path, tmp_path / "b.onnx") == 1
    kinds = [node.op_type for node in onnx.load(tmp_path / "b.onnx").graph.node]
    assert kinds == ["DynamicQuantizeLinear", "MatMulIntegerToFloat"]
    x = RANDOM.normal(size=(1, 5, 8)).astype(np.float32)
    np.testing.assert_allclose(run_graph(tmp_path / "b.onnx", x), x @ matrix + 1, atol=0.1)


def test_what_has_no_tokens_stays_as_it_is(tmp_path):
    nodes = [helper.make_node("MatMul", ["x", "w"], ["y"])]
    path = write_graph(tmp_path / "a.onnx", nodes, {"w": WEIGHTS}, TensorProto.FLOAT, [1, 32])
    assert quantise_graph(path, tmp_path / "b.onnx") == 0
