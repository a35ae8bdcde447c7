"""Rewrites a zip container so that the same content gives the same bytes."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

STAMP = (2025, 9, 1, 8, 0, 0)


def normalise(path: Path) -> None:
    """Fixes the order and the time stamps of the members of a zip file.

    Args:
        path: an Office document, rewritten in place.
    """
    with zipfile.ZipFile(path) as source:
        members = {name: source.read(name) for name in source.namelist()}
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as target:
        for name in sorted(members, key=lambda n: (n != "[Content_Types].xml", n)):
            info = zipfile.ZipInfo(name, date_time=STAMP)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.create_system = 0
            target.writestr(info, members[name], compresslevel=9)
    path.write_bytes(buffer.getvalue())
