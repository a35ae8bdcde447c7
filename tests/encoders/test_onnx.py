"""The quick path against the original, on tiny models of every kind of pooling."""

import json
import shutil
import subprocess
import sys

import numpy as np
import pytest

from ragkit.encoders import EncoderOptions, OnnxEncoder, SentenceTransformersEncoder, load_encoder
from ragkit.errors import ModelError, StorageError, UsageError
from tests.encoders.tiny_models import make_tiny_model

TEXTS = [
    "Mean pooling",
    "What is the learning rate?",
    "a",
    "",
    "attention " * 40,  # more than the 24 tokens it reads
    "東京 🎓",
    "The mean of the embeddings of the tokens of a sentence",
]

FP32 = EncoderOptions(precision="fp32")

KINDS = {
    "mean": {},
    "cls": {"pooling": "cls"},
    "max": {"pooling": "max"},
    "mean-sqrt-len": {"pooling": "mean_sqrt_len_tokens"},
    "weighted-mean": {"pooling": "weightedmean"},
    "last-token": {"pooling": "lasttoken"},
    "mean-and-max": {"pooling": ("mean", "max")},
    "dense": {"dense": 12},
    "not-normalised": {"pooling": "mean", "normalize": False},
    "max-not-normalised": {"pooling": "max", "normalize": False},
    "lower-case": {"cased": True, "do_lower_case": True},
    "cased": {"cased": True},
    "prompts": {"prompts": {"query": "what is: ", "passage": "sentence: "}},
    "query-prompt": {"prompts": {"query": "what is: "}},
    "default-prompt": {
        "prompts": {"query": "what is: ", "document": "the "},
        "default_prompt_name": "query",
    },
    "prompt-for-all": {"prompts": {"retrieval": "what is: "}, "default_prompt_name": "retrieval"},
    "roberta": {"architecture": "Roberta"},
    "xlm-roberta": {"architecture": "XLMRoberta", "pooling": "cls"},
    "mpnet": {"architecture": "MPNet"},
    "distilbert": {"architecture": "DistilBert"},
}


@pytest.mark.parametrize("kind", KINDS)
def test_the_graph_agrees_with_the_original(tmp_path, kind):
    folder = make_tiny_model(tmp_path / "model", **KINDS[kind])
    graph = OnnxEncoder(folder, name="tiny", cache_dir=tmp_path / "cache", options=FP32)
    original = SentenceTransformersEncoder(folder, name="tiny", cache_dir=tmp_path / "cache")
    assert graph.definition == original.definition
    assert (graph.fingerprint, graph.max_tokens) == (original.fingerprint, original.max_tokens)
    for encode in ("encode_passages", "encode_queries"):
        cosines = np.sum(getattr(graph, encode)(TEXTS) * getattr(original, encode)(TEXTS), axis=1)
        assert cosines.min() > 0.9999


def test_prefixes_are_put_before_the_text_and_count(tmp_path):
    folder = make_tiny_model(tmp_path / "model", **KINDS["prompts"])
    plain = make_tiny_model(tmp_path / "plain")  # the same weights
    prefixed = OnnxEncoder(folder, name="tiny", cache_dir=tmp_path, options=FP32)
    bare = OnnxEncoder(plain, name="tiny", cache_dir=tmp_path)
    assert (prefixed.definition.query_prefix, prefixed.definition.passage_prefix) == (
        "what is: ",
        "sentence: ",
    )
    expected = bare.encode_passages(["what is: pooling", "sentence: pooling"])
    np.testing.assert_allclose(prefixed.encode_queries(["pooling"])[0], expected[0], atol=1e-6)
    np.testing.assert_allclose(prefixed.encode_passages(["pooling"])[0], expected[1], atol=1e-6)
    assert bare.max_tokens == 24 - 2  # [CLS] and [SEP]
    assert prefixed.max_tokens == 24 - 2 - 2  # "sentence" and ":"


@pytest.mark.parametrize("precision", ["half", "bfloat16"])
def test_half_precision_weights_are_run_in_float32(tmp_path, precision):
    """Mended: rows had length 1.003, and the graph could not be made."""
    from sentence_transformers import SentenceTransformer

    whole = SentenceTransformer(str(make_tiny_model(tmp_path / "model")), device="cpu")
    getattr(whole, precision)().save(str(tmp_path / "half"), create_model_card=False)
    graph = OnnxEncoder(tmp_path / "half", name="half", cache_dir=tmp_path, options=FP32)
    original = SentenceTransformersEncoder(tmp_path / "half", name="half", cache_dir=tmp_path)
    rows = graph.encode_passages(TEXTS)
    np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1.0, atol=1e-5)
    np.testing.assert_allclose(rows, original.encode_passages(TEXTS), atol=1e-5)


def test_a_model_that_pools_without_its_prompt_is_refused(tmp_path):
    """Mended: it was run with the prompt pooled, by both runtimes."""
    folder = make_tiny_model(tmp_path / "model", prompts={"document": "pooling of "})
    pooling = folder / "1_Pooling" / "config.json"
    pooling.write_text(json.dumps(json.loads(pooling.read_text()) | {"include_prompt": False}))
    with pytest.raises(ModelError, match="the graph agrees only to a cosine of") as caught:
        OnnxEncoder(folder, name="tiny", cache_dir=tmp_path)
    assert caught.value.hint == "use it as it is: --encoder-runtime sentence-transformers"
    encoder = SentenceTransformersEncoder(folder, name="tiny", cache_dir=tmp_path)
    expected = encoder.model.encode_document(["the rate"], normalize_embeddings=True)
    np.testing.assert_allclose(encoder.encode_passages(["the rate"]), expected, atol=1e-6)
    assert not list((tmp_path / "encoders").glob("*/"))  # nothing half made stays


def test_an_encoder_without_token_counts_is_refused(tmp_path, tiny_folder):
    """Mended: a static embedding ended in a TypeError."""
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.models import StaticEmbedding
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(tiny_folder / "tokenizer.json"))
    static = SentenceTransformer(modules=[StaticEmbedding(tokenizer, embedding_dim=16)])
    static.save(str(tmp_path / "static"), create_model_card=False)
    for kind in (OnnxEncoder, SentenceTransformersEncoder):
        with pytest.raises(ModelError, match="has no fast tokenizer"):
            kind(tmp_path / "static", name="static", cache_dir=tmp_path)


@pytest.mark.parametrize(
    ("file", "content"),
    [
        ("modules.json", b"{"),
        ("model.safetensors", b"torn"),
        ("config.json", b"\0"),
        ("tokenizer.json", b"[]"),
    ],
)
def test_a_damaged_model_is_one_line_and_a_hint(tmp_path, tiny_folder, file, content):
    folder = tmp_path / "model"
    shutil.copytree(tiny_folder, folder)
    (folder / file).write_bytes(content)
    for kind in (OnnxEncoder, SentenceTransformersEncoder):
        with pytest.raises(ModelError, match="'tiny'") as caught:
            kind(folder, name="tiny", cache_dir=tmp_path)
        assert "\n" not in caught.value.message
        assert caught.value.hint


def test_what_has_no_graph_runs_as_it_is_with_one_notice(tmp_path):
    folder = make_tiny_model(tmp_path / "model", prompts={"document": "pooling of "})
    pooling = folder / "1_Pooling" / "config.json"
    pooling.write_text(json.dumps(json.loads(pooling.read_text()) | {"include_prompt": False}))
    notices = []
    for _ in range(2):
        encoder = load_encoder(folder, name="tiny", cache_dir=tmp_path, on_notice=notices.append)
        assert isinstance(encoder, SentenceTransformersEncoder)
    first, second, third = notices  # the second time, no graph is tried
    assert first.startswith("preparing the encoder tiny")
    assert second == third
    assert second.startswith("encoder 'tiny' cannot be run through ONNX: the graph agrees only to")
    for asked in ({"runtime": "onnx"}, {"precision": "int8"}):
        with pytest.raises(ModelError, match="cannot be run through ONNX"):
            load_encoder(folder, name="tiny", cache_dir=tmp_path, options=EncoderOptions(**asked))


def test_sentence_transformers_runs_fp32_only(tmp_path, tiny_folder):
    options = EncoderOptions(runtime="sentence-transformers", precision="int8")
    with pytest.raises(UsageError, match="in fp32 only"):
        load_encoder(tiny_folder, name="tiny", cache_dir=tmp_path, options=options)


def test_the_graph_is_made_once_and_announced(tmp_path, tiny_folder):
    notices = []
    for _ in range(2):
        OnnxEncoder(tiny_folder, name="tiny", cache_dir=tmp_path, on_notice=notices.append)
    assert notices == ["preparing the encoder tiny for quick starts (once, about 15 s)"]
    (exported,) = (tmp_path / "encoders").glob("*/")
    assert {path.name for path in exported.iterdir()} == {
        "comparison.json",
        "definition.json",
        "model.int8.onnx",
        "model.onnx",
        "tokenizer.json",
    }


@pytest.mark.parametrize("file", ["model.onnx", "tokenizer.json"])
@pytest.mark.parametrize("content", [b"", b"garbage", None])
def test_a_damaged_graph_is_one_line_and_a_hint(tmp_path, tiny_folder, cache_dir, file, content):
    exported = copy_exported(tiny_folder, cache_dir, tmp_path)
    if content is None:
        (exported / file).unlink()
    else:
        (exported / file).write_bytes(content)
    with pytest.raises(ModelError) as caught:
        OnnxEncoder(tiny_folder, name="tiny", cache_dir=tmp_path, options=FP32)
    assert "\n" not in caught.value.message
    assert caught.value.hint.startswith(f"delete {exported}")


def test_a_damaged_definition_is_made_anew(tmp_path, tiny_folder, cache_dir):
    exported = copy_exported(tiny_folder, cache_dir, tmp_path)
    (exported / "definition.json").write_text('{"format_version": 4}')
    encoder = OnnxEncoder(tiny_folder, name="tiny", cache_dir=tmp_path)
    assert encoder.definition.dim == 16


def copy_exported(tiny_folder, cache_dir, target):
    """Return the folder of a copy of the session's graph, to be damaged."""
    encoder = OnnxEncoder(tiny_folder, name="tiny", cache_dir=cache_dir, options=FP32)
    exported = target / "encoders" / encoder.fingerprint
    shutil.copytree(cache_dir / "encoders" / encoder.fingerprint, exported)
    return exported


def test_a_cache_that_cannot_be_written(tmp_path, tiny_folder):
    """Mended: the lock's own error came through as a traceback."""
    encoder = SentenceTransformersEncoder(tiny_folder, name="tiny", cache_dir=tmp_path)
    (tmp_path / "encoders" / f"{encoder.fingerprint}.lock").mkdir(parents=True)
    with pytest.raises(StorageError, match="cannot use"):
        OnnxEncoder(tiny_folder, name="tiny", cache_dir=tmp_path)
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(StorageError):
        OnnxEncoder(tiny_folder, name="tiny", cache_dir=tmp_path / "file")


USE = """
import sys
from pathlib import Path
from ragkit.encoders import load_encoder
folder, cache_dir = map(Path, sys.argv[1:])
encoder = load_encoder(folder, name="tiny", cache_dir=cache_dir)
print(encoder.encode_queries(["mean pooling"]).tobytes().hex())
print(sorted({"torch", "sentence_transformers", "transformers", "onnx"} & set(sys.modules)))
"""


def start(*arguments):
    return subprocess.Popen(
        [sys.executable, "-c", USE, *map(str, arguments)], stdout=subprocess.PIPE, text=True
    )


def test_two_processes_prepare_at_once_and_a_later_one_needs_no_torch(tmp_path, tiny_folder):
    both = [start(tiny_folder, tmp_path), start(tiny_folder, tmp_path)]
    rows = [process.communicate(timeout=120)[0].splitlines()[0] for process in both]
    assert [process.returncode for process in both] == [0, 0]
    later = start(tiny_folder, tmp_path)
    row, imported = later.communicate(timeout=60)[0].splitlines()
    assert rows == [row, row]
    assert imported == "[]"
