"""Streams: nothing of a stop string is ever shown, and nothing else is lost."""

from hypothesis import given
from hypothesis import strategies as st

from ragkit.llms.streaming import TextStream

texts = st.text(alphabet="ab\n€", max_size=30)


@given(texts, st.lists(texts, max_size=3), st.data())
def test_stream_ends_exactly_before_the_first_stop_string(text, stop, data):
    stop = [string for string in stop if string]
    shown: list[str] = []
    stream = TextStream(stop, shown.append)
    ended = False
    rest = text
    while rest and not ended:
        length = data.draw(st.integers(1, len(rest)))
        piece, rest = rest[:length], rest[length:]
        ended = stream.push(piece)
    stream.finish()
    consumed = text[: len(text) - len(rest)]
    found = [consumed.find(string) for string in stop if string in consumed]
    assert ended == bool(found)
    assert "".join(shown) == stream.text == (consumed[: min(found)] if found else consumed)


def test_text_that_only_begins_like_a_stop_string_is_shown_at_the_end():
    stream = TextStream(["END"], None)
    stream.push("THE EN")
    assert stream.text == "THE "
    stream.finish()
    assert stream.text == "THE EN"
