"""XML of untrusted files: parsed without entities, external files or the network."""

from typing import Any

from ragkit.documents.draft import RawFile, plain_reason
from ragkit.errors import DocumentError


def parse_xml(data: bytes, file: RawFile, *, recover: bool = False) -> Any:
    """Return the root element (lxml) of XML.

    Nesting deeper than 256 elements and text longer than 10 MB are refused by the parser itself.

    Args:
        data: The XML.
        file: In which it lies, for the error's message.
        recover: Go on after mistakes.

    Raises:
        DocumentError: It is not well-formed, or declares entities in terms of each other.
    """
    from lxml import etree

    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
        recover=recover,
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise _broken(file, plain_reason(error)) from error
    if root is None:
        raise _broken(file, "nothing in it is XML")
    return root


def _broken(file: RawFile, detail: str) -> DocumentError:
    return DocumentError(
        f"{file.name} is broken: its XML cannot be read ({detail[:120]})",
        hint="open it in the program that made it, save it again, then ingest again",
    )
