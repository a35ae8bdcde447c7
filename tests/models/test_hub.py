"""A model by its name on a hub: from the cache, downloaded, refused, broken off and resumed."""

import json

import pytest

from ragkit.errors import ModelError
from ragkit.models import Hub, find_encoder
from tests.models.small_hub import SmallHub, serve

NAME = "someone/tiny-encoder"
WEIGHTS = bytes(range(256)) * 2000  # nothing here opens them


@pytest.fixture
def files(tmp_path):
    """The files of a model on a hub, and some that nobody needs."""
    folder = tmp_path / "published"
    for name in ("1_Pooling", "onnx"):
        (folder / name).mkdir(parents=True)
    (folder / "modules.json").write_text("[]")
    (folder / "config.json").write_text("{}")
    (folder / "1_Pooling" / "config.json").write_text(json.dumps({"pooling_mode": "mean"}))
    (folder / "model.safetensors").write_bytes(WEIGHTS)
    (folder / "pytorch_model.bin").write_bytes(WEIGHTS)
    (folder / "onnx" / "model.onnx").write_bytes(WEIGHTS)
    (folder / "onnx" / "config.json").write_text("{}")
    (folder / "modeling.py").write_text("raise SystemExit('code of a stranger')")
    return folder


@pytest.fixture
def remote(files):
    with serve(SmallHub(NAME, files)) as hub:
        yield hub


@pytest.fixture
def hub(remote, tmp_path):
    return Hub(cache_dir=tmp_path / "hub", endpoint=remote.endpoint)


def test_a_model_is_downloaded_once_with_a_notice(remote, hub):
    notices = []
    folder = find_encoder(NAME, hub=hub, on_notice=notices.append)
    assert notices == [f"downloading {NAME}, 0.5 MB, from {remote.endpoint} (once)"]
    assert {path.relative_to(folder).as_posix() for path in folder.rglob("*.*")} == {
        "modules.json",
        "config.json",
        "1_Pooling/config.json",
        "model.safetensors",  # and not the same weights in other forms, nor any code
    }
    assert (folder / "model.safetensors").read_bytes() == WEIGHTS
    remote.asked.clear()
    assert find_encoder(NAME, hub=hub, on_notice=notices.append) == folder
    offline = Hub(offline=True, cache_dir=hub.cache_dir)
    assert find_encoder(NAME, hub=offline) == folder
    assert (remote.asked, len(notices)) == ([], 1)


def test_weights_in_the_older_form(remote, hub):
    del remote.files["model.safetensors"]
    folder = find_encoder(NAME, hub=hub)
    assert (folder / "pytorch_model.bin").read_bytes() == WEIGHTS
    assert find_encoder(NAME, hub=Hub(offline=True, cache_dir=hub.cache_dir)) == folder


def test_offline_nothing_is_asked(remote, hub):
    offline = Hub(offline=True, cache_dir=hub.cache_dir, endpoint=hub.endpoint)
    with pytest.raises(ModelError, match="the network is not to be used") as caught:
        find_encoder(NAME, hub=offline)
    assert caught.value.hint == f"fetch it once: RAGKIT_OFFLINE=0 ragkit doctor --encoder {NAME}"
    assert remote.asked == []


@pytest.mark.parametrize(
    ("refusal", "message", "hint"),
    [
        ((404, "RepoNotFound"), "there is no folder someone/tiny-encoder, and", "check the name"),
        ((401, ""), "has no such model, or keeps it private", "hf auth login"),
        ((403, "GatedRepo"), "given only to those who agreed to its terms", "agree there"),
        ((400, ""), "could not be downloaded from", "run the same command again"),
    ],
)
def test_refusals(remote, hub, refusal, message, hint):
    remote.refusal = refusal
    with pytest.raises(ModelError, match=message) as caught:
        find_encoder(NAME, hub=hub)
    assert hint in caught.value.hint
    assert "\n" not in caught.value.message


def test_what_is_no_encoder_is_not_downloaded(remote, hub):
    del remote.files["modules.json"]
    with pytest.raises(ModelError, match="is not a sentence-transformers model"):
        find_encoder(NAME, hub=hub)
    assert remote.sent == []


def test_nobody_answers(remote, hub, tmp_path):
    unused = Hub(cache_dir=tmp_path / "hub", endpoint="http://127.0.0.1:9")
    with pytest.raises(ModelError, match=r"could not be downloaded from http://127\.0\.0\.1:9"):
        find_encoder(NAME, hub=unused)


def test_a_download_that_broke_off_goes_on_where_it_was(remote, hub):
    weights = WEIGHTS * 50  # what comes is written down every 10 MB
    remote.files["model.safetensors"] = weights
    remote.break_after = 15_000_000
    with pytest.raises(ModelError, match="could not be downloaded") as caught:
        find_encoder(NAME, hub=hub)
    assert caught.value.hint == "run the same command again: what came is kept"
    offline = Hub(offline=True, cache_dir=hub.cache_dir)
    with pytest.raises(ModelError, match="the network is not to be used"):
        find_encoder(NAME, hub=offline)  # half a model is none
    remote.break_after = remote.refusal = None
    folder = find_encoder(NAME, hub=hub)
    assert (folder / "model.safetensors").read_bytes() == weights
    ranges = [wanted for method, path, wanted in remote.asked if path.endswith("model.safetensors")]
    assert "bytes=10485760-" in ranges
