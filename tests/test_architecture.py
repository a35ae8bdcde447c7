"""The order of the rooms, the size of files and functions, and what a light start may import."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "ragkit"

# A module may import the rooms above it and its own, never those below it.
ROOMS = (
    "errors",
    "records",
    "forms",
    "protocols",
    "files",
    "machine",
    "words",
    "settings",
    "documents",
    "chunking",
    "encoders",
    "readers",
    "index",
    "retrieval",
    "evidence",
    "prompting",
    "llms",
    "models",
    "overview",
    "ingest",
    "ask",
    "workspace",
    "project",
    "chat",
    "library",
    "evaluation",
    "training",
    "cli",
)

HEAVY = {
    "torch", "sentence_transformers", "transformers", "onnx", "onnxruntime", "faiss",
    "llama_cpp", "httpx2", "tokenizers", "pypdf", "pptx", "docx", "docutils", "bs4", "lxml",
    "py3langid", "pypdfium2", "scipy", "sklearn", "peft", "gguf",
}  # fmt: skip

MODULES = sorted(PACKAGE.rglob("*.py"))


def room_of(module: str) -> str:
    """Return "index" for "ragkit.index.catalog"."""
    return module.split(".")[1] if "." in module else ""


def module_name(path: Path) -> str:
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts).removesuffix(".__init__")


def imports_of(tree: ast.AST) -> Iterator[str]:
    """Yield every module that a source imports, inside functions too."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@pytest.mark.parametrize("path", MODULES, ids=module_name)
def test_imports_point_upstream(path):
    module = module_name(path)
    room = room_of(module)
    if not room or module == "ragkit.__main__":
        return
    assert room in ROOMS, f"{room} is not a room: say in ROOMS where it stands"
    for imported in imports_of(ast.parse(path.read_text())):
        if imported.startswith("ragkit.") and room_of(imported) in ROOMS:
            assert ROOMS.index(room_of(imported)) <= ROOMS.index(room), f"{module} <- {imported}"


@pytest.mark.parametrize("path", MODULES, ids=module_name)
def test_heavy_libraries_are_imported_where_needed(path):
    tree = ast.parse(path.read_text())
    top_level = ast.Module(
        body=[node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)],
        type_ignores=[],
    )
    found = {name.split(".")[0] for name in imports_of(top_level)} & HEAVY
    assert not found, f"{path.name} imports {found} before anyone needs it"


@pytest.mark.parametrize("path", MODULES, ids=module_name)
def test_sizes(path):
    source = path.read_text()
    assert source.count("\n") < 300, f"{path} is too long: make it a package"
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef):
            length = (node.end_lineno or 0) - node.lineno + 1
            documented = ast.get_docstring(node, clean=False)
            length -= documented.count("\n") + 1 if documented else 0
            assert length < 40, f"{path.name}:{node.lineno} {node.name} has {length} lines"


@pytest.mark.parametrize(
    "arguments", [["--help"], ["--version"], ["ask", "--help"], ["chat", "--help"]]
)
def test_light_start(arguments):
    code = (
        "import sys\n"
        "from ragkit.cli.main import main\n"
        "try:\n    main(sys.argv[1:])\n"
        "except SystemExit:\n    pass\n"
        f"print(sorted({HEAVY!r} & set(sys.modules)), file=sys.stderr)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=True
    )
    assert done.stderr.strip() == "[]"
