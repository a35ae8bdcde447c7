"""`import ragkit`: light, typed, and every name there."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import ragkit
from ragkit import library

PACKAGE = Path(ragkit.__file__).parent


def test_importing_it_loads_nothing_else():
    code = (
        "import sys; before = set(sys.modules); import ragkit; ragkit.__version__\n"
        "print(sorted(m for m in set(sys.modules) - before"
        " if m.split('.')[0] not in sys.stdlib_module_names))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "['ragkit']"


def test_opening_a_project_loads_no_heavy_library(tmp_path):
    code = (
        "import sys, ragkit\n"
        "with ragkit.open_project(sys.argv[1]) as course: course.settings, course.options\n"
        "heavy = {'torch', 'transformers', 'onnxruntime', 'faiss', 'llama_cpp', 'rich', 'click'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, tmp_path], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_every_name_is_there():
    for name in library.__all__:
        assert getattr(ragkit, name) is getattr(library, name)
    assert set(dir(ragkit)) == {*library.__all__, "__version__"}
    imported = {
        alias.asname or alias.name
        for node in ast.walk(ast.parse((PACKAGE / "library.py").read_text("utf-8")))
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    assert imported == set(library.__all__)


def test_another_name_is_not():
    with pytest.raises(AttributeError, match="'open_projekt'"):
        ragkit.open_projekt  # noqa: B018


def test_a_type_checker_knows_them():
    """Without the marker file, or with a `__getattr__` that checkers see, all would be Any."""
    assert (PACKAGE / "py.typed").is_file()
    source = ast.parse((PACKAGE / "__init__.py").read_text("utf-8"))
    (condition,) = (node for node in source.body if isinstance(node, ast.If))
    assert "library import *" in ast.unparse(condition.body[0])
