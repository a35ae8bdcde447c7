"""That a sample cannot be put in some way, which is no mistake of anybody's."""

from ragkit.errors import RagkitError


class InapplicableError(RagkitError):
    """A sample lacks what a variant needs, such as a translation: the pair is left out."""
