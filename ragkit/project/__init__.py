"""A project held open: the library's way in, as `import ragkit` shows it.

`holding` opens what a workspace names and keeps it open, `project` lets threads take turns at it,
and `events` tells an answer while it is made.
"""

from ragkit.project.events import CompletionPiece, Event, stream_answer
from ragkit.project.project import Project, open_project

__all__ = ["CompletionPiece", "Event", "Project", "open_project", "stream_answer"]
