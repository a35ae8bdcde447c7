"""The workspace that the common options of a command name."""

from collections.abc import Mapping
from typing import Any

from ragkit.cli.options import Common
from ragkit.cli.render.console import Remarks
from ragkit.workspace import Workspace


def open_workspace(common: Common, flags: Mapping[str, Any], remarks: Remarks) -> Workspace:
    """Return the workspace that a command works in, with the settings that hold there."""
    return Workspace.open(common.project, flags, on_notice=remarks.note, debug=common.debug)
