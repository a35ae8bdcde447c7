"""A tiny encoder, made once."""

from pathlib import Path

import pytest

from tests.encoders.tiny_models import make_tiny_model


@pytest.fixture(scope="session")
def tiny_folder(tmp_path_factory) -> Path:
    """A tiny encoder with mean pooling."""
    return make_tiny_model(tmp_path_factory.mktemp("models") / "tiny")
