"""Preparing the bundled model: once, whole, for several processes, and on a full disk."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from ragkit.errors import ModelError
from ragkit.models import find_llm, load_catalogue, open_llm, prepare_llm, verify_model
from ragkit.models.gguf import FILE_TYPE_Q8_0, read_file_type

NAME = "smollm2-135m-instruct"
ENTRY = next(entry for entry in load_catalogue() if entry.name == NAME)
pytestmark = pytest.mark.model


def test_is_made_once_announced_and_named_after_its_source(tmp_path):
    notices: list[str] = []
    first = prepare_llm(NAME, cache_dir=tmp_path, on_notice=notices.append)
    made = first.path.stat().st_mtime_ns
    second = prepare_llm(NAME, cache_dir=tmp_path, on_notice=notices.append)
    assert first == second
    assert second.path.stat().st_mtime_ns == made
    assert notices == [f"preparing {NAME} for this machine's CPU (once) …"]
    assert first.sha256 == ENTRY.source.sha256
    assert ENTRY.source.sha256[:12] in first.path.name
    assert read_file_type(first.path) == FILE_TYPE_Q8_0


@pytest.mark.parametrize("damage", ["shorter", "changed", "no record"])
def test_a_damaged_prepared_file_is_made_again(tmp_path, damage):
    path = prepare_llm(NAME, cache_dir=tmp_path).path
    whole = path.read_bytes()
    if damage == "shorter":
        path.write_bytes(whole[:-1000])
    elif damage == "changed":
        path.write_bytes(whole[:-1000] + b"\0" * 1000)
    else:
        path.with_name(f"{path.name}.json").write_text("{")
    notices: list[str] = []
    assert prepare_llm(NAME, cache_dir=tmp_path, on_notice=notices.append).path == path
    assert len(notices) == 1
    assert path.read_bytes() == whole


def test_two_at_once_make_it_once(tmp_path):
    notices: list[str] = []
    with ThreadPoolExecutor(2) as pool:
        calls = [
            pool.submit(prepare_llm, NAME, cache_dir=tmp_path, on_notice=notices.append)
            for _ in range(2)
        ]
    assert calls[0].result() == calls[1].result()
    assert len(notices) == 1


def test_other_forms_are_used_as_they_are(tmp_path):
    q8 = prepare_llm(NAME, cache_dir=tmp_path).path
    notices: list[str] = []
    prepared = prepare_llm(q8, cache_dir=tmp_path, on_notice=notices.append)
    assert (prepared.path, notices) == (q8, [])
    assert prepared.name == q8.stem


def test_a_cache_that_cannot_be_written_only_costs_speed(tmp_path):
    (tmp_path / "models").write_text("a file where a folder should be")
    notices: list[str] = []
    prepared = prepare_llm(NAME, cache_dir=tmp_path, on_notice=notices.append)
    assert prepared.path == find_llm(NAME)
    assert prepared.sha256 == ENTRY.source.sha256
    assert notices[-1].startswith(f"using {NAME} as it came, which is slower: ")


FULL_DISK = """
import resource, sys
from pathlib import Path
from ragkit.models import prepare_llm
resource.setrlimit(resource.RLIMIT_FSIZE, (10_000_000, 10_000_000))
print(prepare_llm(sys.argv[1], cache_dir=Path(sys.argv[2]), on_notice=print).path)
"""


def test_a_full_disk_only_costs_speed_and_leaves_nothing(tmp_path):
    """RLIMIT_FSIZE ends every file at 10 MB, as a full disk would."""
    pytest.importorskip("resource")
    done = subprocess.run(
        [sys.executable, "-c", FULL_DISK, NAME, str(tmp_path)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    assert "using smollm2-135m-instruct as it came" in done.stdout
    assert done.stdout.splitlines()[-1] == str(find_llm(NAME))
    assert [path.name for path in (tmp_path / "models").iterdir() if path.suffix != ".lock"] == []


def test_files_that_are_no_model(tmp_path):
    file = tmp_path / "broken.gguf"
    file.write_bytes(find_llm(NAME).read_bytes()[:1_000_000])
    with pytest.raises(ModelError, match="damaged or not a GGUF file"):
        open_llm(str(file), cache_dir=tmp_path / "cache")


def test_verification(cache_dir):
    assert verify_model(NAME, cache_dir=cache_dir).state == "whole"
    assert verify_model("all-minilm-l6-v2", cache_dir=cache_dir).state == "whole"
