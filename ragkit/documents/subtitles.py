"""Transcripts (SubRip and WebVTT): what was said, in sentences, and at which moment.

A page is about a minute of speech and its label the time at which it begins, so that a citation
leads to the moment in the recording. Styles, positions and chapters of a player are not kept.
"""

import html
import re
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import NamedTuple

from ragkit.documents.decode import decode_text
from ragkit.documents.draft import Draft, RawBlock, RawFile
from ragkit.errors import DocumentError

_TIME = r"(?:(\d{1,3}):)?(\d{1,2}):(\d{2})(?:[.,](\d{1,3}))?"
_TIMING = re.compile(rf"^\s*{_TIME}\s*-->\s*{_TIME}(?:\s.*)?$")
_VOICE = re.compile(r"<v(?:\.[^\s<>]*)?\s([^<>]*)>")
# Only tags of the two formats: a lecture may well say "a < b".
_TAG = re.compile(
    r"</?(?:c|v|i|b|u|s|em|strong|font|ruby|rt|lang|span)(?:[ .][^<>]*)?>|<\d[\d:.]*>|\{\\[^{}]*\}",
    re.IGNORECASE,
)
_TURN = re.compile(r"^(?:>>+|[-–—])\s*(?=\S)")
_NAMED = re.compile(r"^[A-Z][\w.'’-]*(?: [A-Z][\w.'’-]*){0,3}: ")
# A cue of nothing but one of these says how it sounded, not what was said.
_SOUND = re.compile(
    r"^[\[(♪\s]*(?:music|musik|musique|applause|applaus|laughter|laughs|laughing|silence|noise|cough"
    r"(?:s|ing)?|inaudible|blank_audio|background (?:noise|music)|no audio)?[\])♪\s]*$",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"(?<=[.?!…。！？])\s+")
_ENDS = re.compile(r"[.?!…。！？][\"'”’)]*$")
_PAGE_S = 60.0
_LONGEST_S = 90.0
"""Automatic captions have no full stops: after this long any cue may begin a new paragraph."""
_PAUSE_S = 2.5
_ROLLING_SHARE = 0.2
"""Of the pairs of cues; below, a line that is said twice was said twice."""


class Cue(NamedTuple):
    """A piece of speech with its times in seconds."""

    start: float
    end: float
    lines: tuple[str, ...]
    speaker: str = ""


class _Said(NamedTuple):
    """A sentence or a part of one."""

    start: float
    end: float
    text: str
    speaker: str
    begins_turn: bool
    """The text itself marks that somebody else speaks."""


def read_subtitles(file: RawFile) -> Draft:
    """Return the draft of an .srt or .vtt file."""
    text = decode_text(file.data).replace("\r\n", "\n").replace("\r", "\n")
    cues = parse_cues(text, strict=text.lstrip("\ufeff").startswith("WEBVTT"))
    if not cues:
        raise DocumentError(
            f"{file.name} is broken: it has no line such as 00:01:02,000 --> 00:01:04,000",
            hint="rename it to .txt if it is a plain transcript",
        )
    blocks: list[RawBlock] = []
    labels: list[str] = []
    page_start = 0.0
    for start, paragraph in _paragraphs(_sayings(_without_rolling(cues))):
        if not labels or start >= page_start + _PAGE_S:
            page_start = start
            labels.append(time_label(start))
        blocks.append(RawBlock("paragraph", paragraph, page=len(labels)))
    return Draft(blocks=tuple(blocks), page_labels=tuple(labels))


def time_label(seconds: float) -> str:
    """Return a time as a player shows it.

    >>> time_label(754.9)
    '00:12:34'
    """
    whole = int(seconds)
    return f"{whole // 3600:02}:{whole // 60 % 60:02}:{whole % 60:02}"


def parse_cues(text: str, *, strict: bool) -> tuple[Cue, ...]:
    r"""Return the cues of a transcript in the order of the file.

    Args:
        text: With newlines as line ends.
        strict: An empty line ends a cue, as WebVTT says; SubRip files hold some within.

    >>> parse_cues("7\n00:00:01,500 --> 00:00:02,000\n<i>Hello</i>\nyou\n", strict=False)
    (Cue(start=1.5, end=2.0, lines=('Hello', 'you'), speaker=''),)
    """
    lines = text.split("\n")
    timings = [(place, found) for place, line in enumerate(lines) if (found := _TIMING.match(line))]
    cues = []
    for number, (place, found) in enumerate(timings):
        last = number + 1 == len(timings)
        body = lines[place + 1 : len(lines) if last else timings[number + 1][0]]
        if not last:
            body = _without_identifier(body)
        if strict:
            body = _until_empty_line(body)
        groups = found.groups()
        cues.append(_cue(_seconds(groups[:4]), _seconds(groups[4:]), body))
    return tuple(cues)


def _until_empty_line(body: list[str]) -> list[str]:
    """Return the text of a WebVTT cue; an empty line above it was a blank one before it was saved.

    >>> _until_empty_line(["", "so", "", "NOTE", "x"]), _until_empty_line(["", "NOTE", "x"])
    (['so'], [])
    """
    begin = next((at for at, line in enumerate(body) if line), len(body))
    if begin and body[begin : begin + 1] and body[begin].startswith(("NOTE", "STYLE", "REGION")):
        return []
    end = next((at for at in range(begin, len(body)) if not body[at]), len(body))
    return body[begin:end]


def _without_identifier(body: list[str]) -> list[str]:
    """Return the lines before a timing line without the number or name of that next cue."""
    if body and body[-1].strip() and (body[-1].strip().isdecimal() or not "".join(body[-2:-1])):
        return body[:-1]
    return body


def _seconds(parts: Iterable[str | None]) -> float:
    hours, minutes, seconds, fraction = (part or "0" for part in parts)
    return int(hours) * 3600 + int(minutes) * 60 + int(seconds) + float(f"0.{fraction}")


def _cue(start: float, end: float, body: list[str]) -> Cue:
    speaker, lines = "", []
    for line in body:
        voice = _VOICE.search(line)
        speaker = voice.group(1) if voice else speaker
        plain = html.unescape(_TAG.sub("", line)).strip()
        if not (len(plain) < 40 and _SOUND.match(plain)):
            lines.append(" ".join(plain.split()))
    return Cue(start, max(start, end), tuple(lines), html.unescape(speaker).strip())


def _without_rolling(cues: Iterable[Cue]) -> list[Cue]:
    """Return the cues without the lines that automatic captions repeat as they roll up.

    >>> rolling = [Cue(0, 2, ("so",)), Cue(2, 4, ("so", "today we")), Cue(4, 6, ("today we",))]
    >>> [cue.lines for cue in _without_rolling(rolling)]
    [('so',), ('today we',)]
    """
    spoken = [cue for cue in cues if cue.lines]
    repeats = [_repeated(before, cue) for before, cue in pairwise(spoken)]
    if sum(map(bool, repeats)) <= _ROLLING_SHARE * len(spoken):
        return spoken
    kept = spoken[:1]
    for before, cue, repeated in zip(spoken, spoken[1:], repeats, strict=False):
        # The line above a new one has been read before, however long nothing was said.
        above = int(len(cue.lines) > 1 and cue.lines[0] == before.lines[-1])
        kept.append(cue._replace(lines=cue.lines[repeated or above :]))
    return [cue for cue in kept if cue.lines]


def _repeated(before: Cue, cue: Cue) -> int:
    """Return how many first lines of a cue are the last ones of the cue that it follows at once."""
    if cue.start - before.end > 0.5:
        return 0
    most = min(len(before.lines), len(cue.lines))
    return next((n for n in range(most, 0, -1) if before.lines[-n:] == cue.lines[:n]), 0)


def _sayings(cues: Iterable[Cue]) -> Iterator[_Said]:
    """Yield the sentences of each cue; one that begins in mid-cue gets its share of the time."""
    for cue in cues:
        start = cue.start
        pace = (cue.end - start) / max(1, sum(map(len, cue.lines)))
        for turn, begins in _turns(cue.lines):
            for place, part in enumerate(_SENTENCE_END.split(turn)):
                end = min(cue.end, start + pace * len(part))
                yield _Said(start, end, part, cue.speaker, begins and place == 0)
                start = end


def _turns(lines: Iterable[str]) -> list[tuple[str, bool]]:
    """Return a cue's lines joined, but for those that begin with the mark or name of a speaker.

    >>> _turns(["so we", "stop", "- Why?", "ANNA: Because."])
    [('so we stop', False), ('Why?', True), ('ANNA: Because.', True)]
    """
    turns: list[tuple[str, bool]] = []
    for line in lines:
        plain = _TURN.sub("", line)
        begins = plain != line or bool(_NAMED.match(line))
        if turns and not begins:
            turns[-1] = (f"{turns[-1][0]} {line}", turns[-1][1])
        else:
            turns.append((plain, begins))
    return turns


def _paragraphs(sayings: Iterable[_Said]) -> Iterator[tuple[float, str]]:
    """Yield paragraphs with the second at which each begins: one speaker, no long pause within."""
    said: list[_Said] = []
    for part in sayings:
        if said and _begins_paragraph(said, part):
            yield said[0].start, _paragraph_text(said)
            said = []
        said.append(part)
    if said:
        yield said[0].start, _paragraph_text(said)


def _begins_paragraph(said: list[_Said], part: _Said) -> bool:
    if part.begins_turn or part.speaker != said[-1].speaker:
        return True
    lasted = part.start - said[0].start
    if not _ENDS.search(said[-1].text):
        return lasted >= _LONGEST_S
    return lasted >= _PAGE_S or part.start - said[-1].end >= _PAUSE_S


def _paragraph_text(said: list[_Said]) -> str:
    text = " ".join(part.text for part in said)
    return f"{said[0].speaker}: {text}" if said[0].speaker else text
