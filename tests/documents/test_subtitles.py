import pytest

from ragkit.errors import DocumentError
from tests.documents.looking import assert_well_formed, kinds, page_texts

SPOKEN = """1
00:00:01,000 --> 00:00:04,000
Welcome to the <i>course</i>.
Today we

2
00:00:04,000 --> 00:00:06,500
{\\an8}look at a < b. And

3
00:01:03,000 --> 00:01:05,000
[Music]

4
00:01:05,000 --> 00:01:07,000
at the loss.

5
01:02:03,500 --> 01:02:04,000
2024

that is the year.
"""


def test_srt(read):
    document = read("lecture1.srt", SPOKEN)
    assert page_texts(document) == [
        "Welcome to the course. Today we look at a < b. And at the loss.",
        "2024 that is the year.",
    ]
    assert [page.label for page in document.pages] == ["00:00:01", "01:02:03"]
    assert {kind for kind, _ in kinds(document)} == {"paragraph"}
    assert_well_formed(document)


def test_vtt(read):
    source = (
        "\ufeffWEBVTT - a title\r\nKind: captions\r\n\r\nSTYLE\r\n::cue {}\r\n\r\nNOTE\r\nhidden"
        "\r\n\r\nintro\r\n00:01.000 --> 00:03.000 line:0\r\n<v.loud Anna>So a &lt; b.</v>\r\n\r\n"
        "NOTE\r\nmore\r\n\r\n00:03.000 --> 00:04.000\r\n"
        "<v Bob Lee>Why <00:03.500><c.red>not</c>?\r\n"
    )
    assert read("x.vtt", source).text == "Anna: So a < b.\n\nBob Lee: Why not?"


def test_speakers_named_in_the_text_begin_paragraphs(read):
    source = (
        "00:00:01,000 --> 00:00:02,000\n- Is it done?\n- Yes.\n\n"
        "00:00:02,000 --> 00:00:03,000\nPROF. LEE: Then\n\n"
        "00:00:03,000 --> 00:00:04,000\n>> go on.\n"
    )
    assert read("x.srt", source).text == "Is it done?\n\nYes.\n\nPROF. LEE: Then\n\ngo on."


def rolling(lines):
    """Return captions as YouTube makes them: each line is shown again above the next one."""
    cues = []
    for second, (above, line) in enumerate(zip(["", *lines], lines, strict=False)):
        cues.append(f"00:00:{second:02}.000 --> 00:00:{second:02}.990\n{above or ' '}\n{line}\n")
        cues.append(f"00:00:{second:02}.990 --> 00:00:{second + 1:02}.000\n{line}\n")
    return "WEBVTT\n\n" + "\n".join(cues)


def test_lines_that_roll_up_the_screen_are_said_once(read):
    said = "hello everyone|and welcome|to the course|on models".split("|")
    later = "\n00:09:00.000 --> 00:09:02.000\non models\nafter a pause\n"
    assert read("auto.vtt", rolling(said)).text == " ".join(said)
    assert read("auto.vtt", rolling(said) + later).text.split("\n\n")[-1].endswith("after a pause")
    assert read("auto.vtt", rolling(said) + later).text.count("on models") == 1


def test_what_is_said_twice_stays_twice(read):
    times = [f"00:00:{n:02},000 --> 00:00:{n + 1:02},000" for n in range(10)]
    said = ["No.", "No.", *(f"Point {n}." for n in range(8))]
    source = "\n\n".join(f"{time}\n{line}" for time, line in zip(times, said, strict=True))
    assert read("x.srt", source).text.startswith("No. No. Point 0.")


def test_a_page_is_about_a_minute_even_without_full_stops(read):
    cues = [
        f"{n // 60:02}:{n % 60:02}:00,000 --> {n // 60:02}:{n % 60:02}:59,000\nword{n} and\n"
        for n in range(90)
    ]
    document = read("x.srt", "\n".join(cues))
    assert 40 <= len(document.pages) <= 90
    assert document.pages[-1].label.startswith("01:2")
    assert document.text.split() == [w for n in range(90) for w in (f"word{n}", "and")]


def test_windows_encoding(read):
    source = "1\r\n00:00:01,000 --> 00:00:02,000\r\nDie Übung fällt aus.\r\n"
    assert read("x.srt", source.encode("cp1252")).text == "Die Übung fällt aus."


def test_a_file_without_times_is_one_clear_line(read):
    with pytest.raises(DocumentError, match="00:01:02,000 --> 00:01:04,000") as caught:
        read("x.srt", "Just text.")
    assert ".txt" in caught.value.hint
