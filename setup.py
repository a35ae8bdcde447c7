"""Packs the built-in suites into the package; all else stands in pyproject.toml.

They live in evals/, where a reader looks for them, and are put into ragkit/evals/ of a wheel, where
`ragkit.evaluation.suites.built_in_folder` finds them. An editable install uses evals/ as it is.
"""

import shutil
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

EVALS = Path(__file__).parent / "evals"
PACKED = ("hallucination", "brittleness", "memorisation", "retrieval", "fixture")
LEFT_OUT = shutil.ignore_patterns("src", "bundles", "__pycache__")
"""What the suites are made of, and nobody needs who only runs them."""


class BuildWithSuites(build_py):
    """Builds the package, then puts the suites into it."""

    def run(self) -> None:
        """Build, and copy."""
        super().run()
        if self.editable_mode:
            return
        target = Path(self.build_lib) / "ragkit" / "evals"
        shutil.rmtree(target, ignore_errors=True)
        for name in PACKED:
            shutil.copytree(EVALS / name, target / name, ignore=LEFT_OUT)


setup(cmdclass={"build_py": BuildWithSuites})
