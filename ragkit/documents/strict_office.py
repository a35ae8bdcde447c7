"""Office files in the strict form of the standard, turned into the form that libraries read.

The two differ in the names of their XML namespaces only, as far as text goes.
"""

import io
import re
import zipfile

_STRICT = re.compile(rb"http://purl\.oclc\.org/ooxml/([A-Za-z]+)/")
_COMMON = rb"http://schemas.openxmlformats.org/\1/2006/"
_MARK = b"http://purl.oclc.org/ooxml/"


def to_common_form(data: bytes) -> bytes:
    """Return an Office file with the usual namespaces; one that has them already comes back as is.

    Raises:
        zipfile.BadZipFile: It is no Office file.
    """
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = archive.namelist()
        if "_rels/.rels" not in names or _MARK not in archive.read("_rels/.rels"):
            return data
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as changed:
            for name in dict.fromkeys(names):
                content = archive.read(name)
                if name.endswith((".xml", ".rels")):
                    content = _STRICT.sub(_COMMON, content)
                changed.writestr(name, content)
        return buffer.getvalue()
