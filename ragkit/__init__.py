"""Answers from your own course documents, offline, with receipts.

>>> import ragkit
>>> with ragkit.open_project("my-course") as course:  # doctest: +SKIP
...     print(course.ask("When is the exam?").text)

Its public names are those of `ragkit.library`, which is imported when the first of them is used:
importing `ragkit` costs nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING

__version__ = "0.1.0"

if TYPE_CHECKING:
    from ragkit.library import *  # noqa: F403 - exactly what its __all__ names
else:  # a checker that saw this would believe in any name

    def __getattr__(name: str) -> object:
        """Return a public name."""
        if name.startswith("_"):  # what tools look for in every module
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        library = import_module("ragkit.library")
        if name not in library.__all__:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        return getattr(library, name)

    def __dir__() -> list[str]:
        """Return the public names."""
        library = import_module("ragkit.library")
        return [*library.__all__, "__version__"]
