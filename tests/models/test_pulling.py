"""Models fetched from a hub on this machine: whole or not at all, whatever happens on the way."""

import json
import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from ragkit.errors import ModelError, StorageError, UsageError
from ragkit.models import (
    Hub,
    find_encoder,
    find_llm,
    find_pulled,
    list_models,
    list_pulled,
    pull_model,
    verify_model,
)
from tests.models.small_hub import BLOCK, COMMIT, SmallHub, serve, sha256
from tests.models.tiny_gguf import gguf_bytes

NAME = "someone/tiny-GGUF"
SIZE = 1_000_000
Q4, Q8 = gguf_bytes(SIZE), gguf_bytes(SIZE, seed=1)
LICENCE = b"You may do what you like."
FILES = {
    "README.md": b"# Tiny",
    "LICENSE": LICENCE,
    "mmproj-tiny-F16.gguf": Q8,
    "tiny-q4_k_m.gguf": Q4,
    "tiny-Q8_0.gguf": Q8,
}


@pytest.fixture
def remote():
    with serve(SmallHub(NAME, FILES)) as hub:
        yield hub


@pytest.fixture
def pull(remote, tmp_path):
    """Pull a model into a cache of this test's own."""
    hub = Hub(endpoint=remote.endpoint, patience_s=0.4, first_wait_s=0.01)

    def pull(wanted=f"hf:{NAME}", **options):
        return pull_model(wanted, cache_dir=tmp_path, **{"hub": hub, **options})

    return pull


def names_in(cache_dir):
    return sorted(one.name for one in (cache_dir / "models").glob("*") if ".lock" not in one.name)


def test_a_model_is_pulled_once_and_found_by_its_name(remote, pull, tmp_path):
    notices, sizes = [], []
    model = pull(on_notice=notices.append, on_progress=lambda one: sizes.append(one.done))
    assert model.name == f"{NAME}:Q4_K_M"  # the best of those there are
    assert notices == [f"fetching {NAME}:Q4_K_M, 1.0 MB, from hf:{NAME}:Q4_K_M"]
    assert sizes == sorted(sizes)
    assert sizes[-1] == SIZE + len(LICENCE) == model.size_bytes
    assert (model.kind, model.licence, model.revision) == ("llm", "mit", COMMIT)
    assert (model.context, model.cache_bytes) == (2048, 384)  # as its own head says
    assert [(file.path, file.sha256) for file in model.files] == [
        ("tiny-q4_k_m.gguf", sha256(Q4)),
        ("LICENSE", sha256(LICENCE)),  # nothing else: no other model, no other file
    ]
    for name in (f"{NAME}:Q4_K_M", f"hf:{NAME}:q4_k_m", NAME):
        assert find_llm(name, cache_dir=tmp_path).read_bytes() == Q4
    remote.asked.clear()
    assert pull() == pull(f"{NAME}:Q4_K_M") == model
    assert remote.asked == []
    row = next(row for row in list_models(cache_dir=tmp_path) if row.name == model.name)
    assert (row.present, row.licence, row.context) == (True, "mit", 2048)
    assert names_in(tmp_path) == ["someone--tiny-GGUF--Q4_K_M"]


@pytest.mark.parametrize("part", ["Q8_0", "q8_0", "tiny-Q8_0.gguf"])
def test_a_quantisation_or_a_file_can_be_named(pull, tmp_path, part):
    model = pull(f"hf:{NAME}:{part}", save_as="tiny")
    assert (model.name, model.source) == ("tiny", f"hf:{NAME}:{part}")
    assert find_llm("tiny", cache_dir=tmp_path).read_bytes() == Q8


def test_what_is_not_there_tells_what_is(pull):
    with pytest.raises(ModelError, match=r"holds no Q2_K; there are: Q8_0, Q4_K_M") as raised:
        pull(f"hf:{NAME}:Q2_K")
    assert raised.value.hint == f"name one of them: ragkit models pull hf:{NAME}:Q8_0"


def test_a_model_in_parts_is_pulled_with_all_of_them(remote, pull, tmp_path):
    parts = {f"q/big-Q4_K_M-0000{i}-of-00002.gguf": gguf_bytes(300_000, seed=i) for i in (1, 2)}
    remote.files = {**parts, "q/big-Q8_0-00001-of-00002.gguf": Q8}
    model = pull()
    assert [file.path for file in model.files] == [
        "big-Q4_K_M-00001-of-00002.gguf",  # the one to open; llama.cpp finds the others beside it
        "big-Q4_K_M-00002-of-00002.gguf",
    ]
    first = find_llm(model.name, cache_dir=tmp_path)
    assert first.read_bytes() == parts["q/big-Q4_K_M-00001-of-00002.gguf"]
    assert first.with_name(model.files[1].path).is_file()


def test_an_encoder_is_pulled_whole_and_nothing_beside_it(remote, pull, tmp_path):
    wanted = {
        "modules.json": b"[]",
        "config.json": b"{}",
        "tokenizer.json": b"{}" * 100_000,
        "1_Pooling/config.json": b'{"pooling_mode": "mean"}',
        "model.safetensors": Q8,
    }
    unwanted = ("pytorch_model.bin", "onnx/model.onnx", "onnx/config.json", "modeling.py")
    remote.files = {**wanted, **dict.fromkeys(unwanted, Q8), "gguf/tiny-f16.gguf": Q8}
    model = pull()
    folder = find_encoder(NAME, cache_dir=tmp_path)
    assert {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*.*")
    } == wanted
    assert (model.name, model.kind) == (NAME, "encoder")
    del remote.files["model.safetensors"]  # the older form, where there is no other
    pull(save_as="older")
    assert (find_encoder("older", cache_dir=tmp_path) / "pytorch_model.bin").read_bytes() == Q8


def test_what_is_no_model_is_not_pulled(remote, pull):
    remote.files = {"README.md": b"# Tiny", "data.csv": Q8}
    with pytest.raises(ModelError, match="holds no GGUF file, and is no sentence-transformers"):
        pull()
    assert remote.sent_bytes == 0


def test_names_that_lead_out_of_the_folder_are_not_followed(remote, pull, tmp_path):
    """A hub may be any server; what it lists must stay in the model's folder."""
    out = ("../x.json", "1_A/../../../x.json", "LICENSE/../../../../x", "..\\x.json", "C:x.json")
    remote.files = {"modules.json": b"[]", "model.safetensors": Q8, **dict.fromkeys(out, b"{}")}
    model = pull(save_as="plain")
    assert [file.path for file in model.files] == ["modules.json", "model.safetensors"]
    assert {path.name for path in tmp_path.iterdir()} == {"models"}
    remote.files = {"../../tiny-Q8_0.gguf": Q8}
    with pytest.raises(ModelError, match="holds no GGUF file"):
        pull(save_as="other")


def test_a_name_of_one_s_own_is_known_the_next_time(remote, pull):
    model = pull(save_as="tiny")
    remote.asked.clear()
    assert pull(save_as="tiny") == pull("tiny") == model
    assert remote.asked == []


# --- secrets --------------------------------------------------------------------------------------


def test_the_token_goes_to_the_hub_and_no_further(remote, pull, monkeypatch):
    monkeypatch.setenv("HF_TOKEN", "hf_secret")
    remote.token = "hf_secret"
    with serve(SmallHub(NAME, FILES)) as store:  # where large files are, on another host
        remote.store = store.endpoint
        model = pull()
        assert [one.token for one in store.asked] == [""]
    assert all(one.token == "Bearer hf_secret" for one in remote.asked)
    assert "hf_secret" not in repr(model)


def test_without_the_token_it_is_said_what_to_do(remote, pull, monkeypatch):
    monkeypatch.delenv("HF_TOKEN", raising=False)
    monkeypatch.setenv("HF_TOKEN_PATH", "/nowhere")
    remote.token = "hf_secret"
    with pytest.raises(ModelError, match="given only to those who agreed to its terms") as raised:
        pull()
    assert "hf auth login, or set HF_TOKEN" in raised.value.hint


# --- connections that break, stall, and servers that refuse ---------------------------------------


def test_a_connection_that_breaks_is_made_anew_and_goes_on(remote, pull):
    remote.break_after = [SIZE // 4, SIZE // 4, SIZE // 4]
    model = pull()
    assert model.files[0].sha256 == sha256(Q4)
    assert remote.sent_bytes == SIZE  # nothing twice
    ranges = [one.range for one in remote.asked if one.path.startswith("/store/")]
    assert ranges == ["", "bytes=250000-", "bytes=500000-", "bytes=750000-"]


def test_a_connection_that_stalls_is_made_anew(remote, pull):
    remote.stall_after = [SIZE // 2]
    assert pull().files[0].sha256 == sha256(Q4)
    assert remote.sent_bytes == SIZE


def test_what_came_before_all_attempts_failed_is_kept(remote, pull, tmp_path):
    remote.break_after = [SIZE // 2, 0, 0, 0, 0]
    with pytest.raises(ModelError, match=r"tiny-q4_k_m\.gguf could not be fetched") as raised:
        pull()
    assert raised.value.hint == "run the same command again: what came is kept"
    assert list_pulled(tmp_path) == ()  # half a model is none
    with pytest.raises(ModelError, match="not on this machine"):
        find_llm(NAME, cache_dir=tmp_path)
    assert pull().files[0].sha256 == sha256(Q4)
    assert remote.sent_bytes == SIZE


def test_a_server_without_ranges_sends_all_again(remote, pull):
    remote.ranges = False
    remote.break_after = [SIZE // 2]
    assert pull().files[0].sha256 == sha256(Q4)
    assert remote.sent_bytes == SIZE * 3 // 2


def test_refusals_that_pass(remote, pull):
    remote.refuse_files = [(503, ""), (429, ""), (500, "")]
    assert pull().files[0].sha256 == sha256(Q4)


@pytest.mark.parametrize(
    ("refusal", "message", "step"),
    [
        ((404, "RepoNotFound"), "has no model someone/tiny-GGUF, or keeps it private", "name"),
        ((401, ""), "has no model someone/tiny-GGUF, or keeps it private", "hf auth login"),
        ((403, "GatedRepo"), "given only to those who agreed to its terms", "agree there"),
        ((500, ""), "does not tell what someone/tiny-GGUF holds", "again"),
    ],
)
def test_a_repository_that_is_refused(remote, pull, refusal, message, step):
    remote.refusal = refusal
    with pytest.raises(ModelError, match=message) as raised:
        pull()
    assert step in raised.value.hint
    assert "\n" not in raised.value.message


@pytest.mark.parametrize(
    ("status", "message"),
    [
        (404, "tiny-q4_k_m.gguf is not there: its server answered 404"),
        (403, "tiny-q4_k_m.gguf is not given to everyone: its server answered 403"),
        (500, "tiny-q4_k_m.gguf could not be fetched: its server answered 500"),
    ],
)
def test_a_file_that_is_refused(remote, pull, status, message):
    remote.refuse_files = [(status, "")] * 5
    with pytest.raises(ModelError, match=message):
        pull()


def test_nobody_answers(pull):
    with pytest.raises(ModelError, match=r"http://127\.0\.0\.1:9 does not tell what") as raised:
        pull(hub=Hub(endpoint="http://127.0.0.1:9"))
    assert "check the connection" in raised.value.hint


# --- what comes is not what was listed ------------------------------------------------------------


@pytest.mark.parametrize(
    ("instead", "message"),
    [
        (Q8, "its sha256 is not the one published"),
        (Q4 + b"more", "bytes instead of 1000000"),
    ],
)
def test_what_comes_damaged_is_deleted(remote, pull, tmp_path, instead, message):
    remote.lie = {"tiny-q4_k_m.gguf": instead}
    with pytest.raises(ModelError, match=f"came damaged and was deleted: .*{message}"):
        pull()
    assert list_pulled(tmp_path) == ()
    assert not list(tmp_path.rglob("*.gguf*"))
    remote.lie = {}
    assert pull().files[0].sha256 == sha256(Q4)


def test_what_comes_too_short_is_asked_for_again_and_never_taken(remote, pull, tmp_path):
    remote.lie = {"tiny-q4_k_m.gguf": Q4[: SIZE // 2]}
    with pytest.raises(ModelError, match="could not be fetched"):
        pull()
    remote.lie = {}
    assert pull().files[0].sha256 == sha256(Q4)


def test_small_files_are_checked_too(remote, pull):
    remote.lie = {"LICENSE": b"You may not do what you like."[: len(LICENCE)]}
    with pytest.raises(ModelError, match=r"LICENSE came damaged .* git hash is not the one"):
        pull()


def test_what_is_no_gguf_is_not_taken_for_a_model(remote, pull, tmp_path):
    remote.files = {"tiny-Q8_0.gguf": b"<html>" * 100_000}
    with pytest.raises(ModelError, match="gave is not a GGUF file"):
        pull()
    assert list_pulled(tmp_path) == ()


def test_a_new_version_does_not_go_on_where_an_old_one_was(remote, pull, tmp_path):
    remote.break_after = [SIZE // 2, 0, 0, 0, 0]
    with pytest.raises(ModelError):
        pull()
    remote.files["tiny-q4_k_m.gguf"] = Q8
    remote.commit = COMMIT[::-1]
    assert pull().files[0].sha256 == sha256(Q8)
    assert not list((tmp_path / "models").glob(".*.part"))  # what nobody can go on with is gone


# --- the disk -------------------------------------------------------------------------------------


def test_no_room_is_told_before_anything_is_fetched(remote, pull):
    remote.claimed = {"tiny-q4_k_m.gguf": 10**15}
    with pytest.raises(StorageError, match=r"needs 1000000\.1 GB more on the disk") as raised:
        pull()
    assert "RAGKIT_CACHE_DIR" in raised.value.hint
    assert remote.sent_bytes == 0


CODE = """
import resource, sys
from pathlib import Path
from ragkit.errors import RagkitError
from ragkit.models import Hub, pull_model
limit = int(sys.argv[3])
if limit:
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
try:
    pull_model(sys.argv[1], cache_dir=Path(sys.argv[2]), hub=Hub(endpoint=sys.argv[4]))
except RagkitError as error:
    sys.exit(f"{error.message} next: {error.hint}")
"""


def start(remote, cache_dir, *, limit=0):
    arguments = (f"hf:{NAME}", str(cache_dir), str(limit), remote.endpoint)
    return subprocess.Popen(
        [sys.executable, "-c", CODE, *arguments], stderr=subprocess.PIPE, text=True
    )


def test_a_full_disk_keeps_what_came(remote, pull, tmp_path):
    """RLIMIT_FSIZE ends every file at half of it, as a full disk would."""
    pytest.importorskip("resource")
    process = start(remote, tmp_path, limit=SIZE // 2)
    _, told = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "no space left to write" in told
    assert "what was saved is kept" in told
    assert list_pulled(tmp_path) == ()
    came = remote.sent_bytes
    assert pull().files[0].sha256 == sha256(Q4)
    second = next(one for one in reversed(remote.asked) if one.path.startswith("/store/"))
    assert second.range == f"bytes={SIZE // 2}-"
    assert remote.sent_bytes - came == SIZE // 2


# --- processes that end, and processes beside each other ------------------------------------------


@pytest.mark.skipif(os.name != "posix", reason="SIGKILL")
def test_what_a_killed_process_fetched_is_not_fetched_again(remote, pull, tmp_path):
    remote.pause_s = 0.05
    process = start(remote, tmp_path)
    deadline = time.monotonic() + 60
    while remote.sent_bytes < SIZE // 2 and time.monotonic() < deadline:
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=60)
    remote.pause_s = 0.0
    assert list_pulled(tmp_path) == ()
    (part,) = (tmp_path / "models").rglob("*.gguf.part")
    kept = part.stat().st_size
    time.sleep(0.2)  # for the server to notice
    before = remote.sent_bytes
    assert pull().files[0].sha256 == sha256(Q4)
    assert remote.sent_bytes - before == SIZE - kept
    assert kept >= SIZE // 2 - 4 * BLOCK


def test_two_at_once_fetch_it_once(remote, pull):
    remote.pause_s = 0.01
    notices = []
    with ThreadPoolExecutor(2) as pool:
        calls = [pool.submit(pull, on_notice=notices.append) for _ in range(2)]
    assert calls[0].result() == calls[1].result()
    assert remote.sent_bytes == SIZE
    assert sum("waiting for another process" in notice for notice in notices) == 1


def test_a_good_model_is_never_overwritten(remote, pull, tmp_path):
    pull()
    file = find_llm(NAME, cache_dir=tmp_path)
    changed = file.stat().st_mtime_ns
    remote.files["tiny-q4_k_m.gguf"] = Q8
    pull()
    assert file.stat().st_mtime_ns == changed
    pull(f"hf:{NAME}:Q8_0", save_as="tiny")
    with pytest.raises(UsageError, match="there is another model 'tiny'"):
        pull(f"hf:{NAME}:Q4_K_M", save_as="tiny")
    with pytest.raises(UsageError, match="there is another model 'qwen3-4b'"):
        pull(save_as="qwen3-4b")


def test_a_damaged_model_is_found_and_replaced(pull, tmp_path):
    pull()
    file = find_llm(NAME, cache_dir=tmp_path)
    file.write_bytes(Q4[:-1])
    with pytest.raises(ModelError, match=r"is damaged: tiny-q4_k_m\.gguf is missing") as raised:
        find_llm(NAME, cache_dir=tmp_path)
    assert raised.value.hint == f"ragkit models pull {NAME}:Q4_K_M"
    pull(f"{NAME}:Q4_K_M")
    assert file.read_bytes() == Q4
    assert names_in(tmp_path) == ["someone--tiny-GGUF--Q4_K_M"]


def test_a_flipped_byte_is_found(pull, tmp_path):
    name = pull().name
    file = find_llm(name, cache_dir=tmp_path)
    stat = file.stat()
    file.write_bytes(Q4[:500_000] + bytes([Q4[500_000] ^ 1]) + Q4[500_001:])
    os.utime(file, ns=(stat.st_atime_ns, stat.st_mtime_ns))  # as a failing disk does
    assert verify_model(name, cache_dir=tmp_path, afresh=True).state == "damaged"


def test_offline_nothing_is_asked(remote, pull):
    with pytest.raises(ModelError, match="the network is not to be used") as raised:
        pull(hub=Hub(endpoint=remote.endpoint, offline=True))
    assert "--offline" in raised.value.hint
    assert remote.asked == []


# --- URLs -----------------------------------------------------------------------------------------


def test_a_url(remote, pull, tmp_path):
    url = f"{remote.endpoint}/store/tiny-Q8_0.gguf"
    model = pull(f"{url}?signature=secret#sha256={sha256(Q8)}")
    assert (model.name, model.source, model.licence) == ("tiny-Q8_0", url, "")
    assert find_llm("tiny-Q8_0", cache_dir=tmp_path).read_bytes() == Q8
    record = (tmp_path / "models/tiny-Q8_0/record.json").read_text()
    assert "secret" not in record
    assert json.loads(record)["format_version"] == 1
    assert find_pulled(url, cache_dir=tmp_path) == model


def test_a_url_that_breaks_off_goes_on(remote, pull):
    remote.break_after = [0, SIZE // 2, 0, 0, 0, 0]  # the first only learns the size
    url = f"{remote.endpoint}/store/tiny-Q8_0.gguf"
    with pytest.raises(ModelError, match="could not be fetched"):
        pull(url)
    before = remote.sent_bytes
    assert pull(url).files[0].sha256 == sha256(Q8)
    assert remote.sent_bytes - before == SIZE // 2 + 1


def test_a_url_with_another_sha256(remote, pull, tmp_path):
    with pytest.raises(ModelError, match="its sha256 is not the one published"):
        pull(f"{remote.endpoint}/store/tiny-Q8_0.gguf#sha256={'0' * 64}")
    assert list_pulled(tmp_path) == ()


@pytest.mark.parametrize(
    "wanted", ["https://", "https://x.org/a.gguf#md5=1", "ftp://x.org/a", "a/b/c", "a b", "hf:a"]
)
def test_what_is_no_source(pull, wanted):
    with pytest.raises(UsageError):
        pull(wanted)
