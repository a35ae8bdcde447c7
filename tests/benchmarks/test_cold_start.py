"""One search from a cold process: ragkit beside a script that imports sentence-transformers.

Run with: make bench, after make demo, which builds the index. To reach: at least 8 times quicker.
"""

import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]
QUERY = "What does temperature do?"
SCRIPT = """
import sys
from pathlib import Path
from sentence_transformers import SentenceTransformer, util
from ragkit.index.catalog import Catalog
catalog = Catalog(Path("indexes/default/catalog.sqlite"), writable=False)
keys, embeddings = catalog.embeddings()
model = SentenceTransformer(sys.argv[1])
hits = util.semantic_search(model.encode([sys.argv[2]]), embeddings, top_k=5)[0]
for hit in hits:
    print(round(hit["score"], 3), catalog.chunks([int(keys[hit["corpus_id"]])])[0].text[:80])
"""

pytestmark = [
    pytest.mark.model,
    pytest.mark.benchmark(group="one cold search", min_rounds=5, warmup=True),
    pytest.mark.skipif(
        not (REPOSITORY / "indexes/default/catalog.sqlite").is_file(),
        reason="there is no index of corpus/: run make demo",
    ),
]


def run(*command):
    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=True)
    assert done.stdout
    return done.stdout


def test_ragkit_search(benchmark):
    benchmark(run, sys.executable, "-m", "ragkit", "search", QUERY)


def test_sentence_transformers_script(benchmark, minilm_folder):
    benchmark(run, sys.executable, "-c", SCRIPT, str(minilm_folder), QUERY)
