"""Ways to put a sample that keep its meaning: pure changes of a case, by axis.

What is random in a change is seeded by names. Which samples are put in which way is for a measure
to plan; nothing is asked here.
"""

from ragkit.evaluation.errors import InapplicableError
from ragkit.evaluation.variants.axes import (
    AXES,
    BASE,
    applies,
    check_axes,
    make_variants,
    usual_strategy,
)
from ragkit.evaluation.variants.instructions import own_instructions, read_instructions

__all__ = [
    "AXES",
    "BASE",
    "InapplicableError",
    "applies",
    "check_axes",
    "make_variants",
    "own_instructions",
    "read_instructions",
    "usual_strategy",
]
