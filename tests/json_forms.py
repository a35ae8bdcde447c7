"""The keys and types of the JSON forms, as docs/commands.md promises them."""

OPTIONAL_INT, OPTIONAL_TEXT = (int, type(None)), (str, type(None))
PLACE = {
    "document": str,
    "title": str,
    "page": OPTIONAL_INT,
    "page_label": OPTIONAL_TEXT,
    "heading": str,
    "text": str,
    "start": int,
    "end": int,
    "chunk_id": str,
}


def typed(form, kinds):
    """Check that a form has exactly these keys, with values of these types."""
    assert form.keys() == kinds.keys()
    for name, kind in kinds.items():
        assert isinstance(form[name], kind), name
        assert kind is int or not isinstance(form[name], bool) or kind is bool, name
    return True
