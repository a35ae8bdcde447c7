"""Whatever happens to a folder, after an ingest the index is the one that a first ingest makes."""

import os
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from ragkit.encoders import HashingEncoder
from ragkit.index import LocalIndex
from ragkit.ingest import IngestOptions, ingest
from tests.ingest.reading import read_here
from tests.ingest.states import fresh_state, state_of

FOLDERS = ("", "week1/", "week 2/", "Week1/", "lecture03/")
STEMS = ("a", "b", "A", "notes", "02-intro", "2024-10-14 slides")
SUFFIXES = (".md", ".txt", ".html", ".MD")
# Their titles come from the text in one, and from the file's name in the other; some texts are
# equal in parts, so that passages are found again in other documents.
BODIES = (
    "# Zebras\n\nThe zebra is named plainly.\n\n# Stripes\n\nStripes confuse the lion.\n",
    "# Zebras\n\nThe zebra is named plainly.\n\n# Hoofs\n\nHoofs carry the zebra far.\n",
    "The animal of this text is the lion, and it has no heading.\n",
    "The animal of this text is the lion.\n\nAnd it has two paragraphs of which one is longer.\n",
    "Week 3\n\nLecture 5: the heading of week 3 is its date, 2026-10-12.\n",
    "<title>Attention</title><h1>Attention</h1><p>It weighs every token.</p>",
)

names = st.builds("{}{}{}".format, *map(st.sampled_from, (FOLDERS, STEMS, SUFFIXES)))
bodies = st.sampled_from(BODIES)


class CourseFolder:
    """A folder whose files come, go, change and swap."""

    def __init__(self, root, bodies):
        self.corpus = root / "corpus"
        self.clock = 1_700_000_000
        for number, body in enumerate(bodies):
            self.add(f"{FOLDERS[number % 3]}{STEMS[number % 6]}.md", body)

    def files(self):
        return sorted(path for path in self.corpus.rglob("*") if path.is_file())

    def pick(self, number):
        files = self.files()
        return files[number % len(files)]

    def stamp(self, path):
        """Give a file a time of its own, as if the clock were fine enough."""
        self.clock += 1
        os.utime(path, (self.clock, self.clock))

    def add(self, name, body):
        path = self.corpus / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(body, encoding="utf-8")
        self.stamp(path)

    def change(self, number, body):
        self.add(self.pick(number).relative_to(self.corpus), body)

    def edit_and_keep_the_time(self, number):
        path = self.pick(number)
        status = path.stat()
        path.write_text(path.read_text(encoding="utf-8") + "And more.\n", encoding="utf-8")
        os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))

    def rename(self, number, name):
        target = self.corpus / name
        target.parent.mkdir(parents=True, exist_ok=True)
        self.pick(number).rename(target)

    def rename_and_edit(self, number, name, body):
        self.rename(number, name)
        self.add(name, body)

    def swap(self, number, other):
        first, second = self.pick(number), self.pick(other)
        aside = self.corpus.parent / "aside"
        first.rename(aside)
        if second.exists():
            second.rename(first)
        aside.rename(second)

    def rename_folder(self, folder, other):
        if (self.corpus / folder).is_dir() and not (self.corpus / other).exists():
            (self.corpus / folder).rename(self.corpus / other)

    def copy(self, number, name):
        if not (self.corpus / name).exists():
            self.add(name, self.pick(number).read_text(encoding="utf-8"))

    def touch(self, number):
        self.stamp(self.pick(number))

    def delete(self, number):
        if len(self.files()) > 1:
            self.pick(number).unlink()


def step(method, *arguments):
    return st.tuples(st.just(method), *arguments)


picks, folders = st.integers(0, 9), st.sampled_from(FOLDERS[1:])
steps = st.one_of(
    step(CourseFolder.add, names, bodies),
    step(CourseFolder.change, picks, bodies),
    step(CourseFolder.edit_and_keep_the_time, picks),
    step(CourseFolder.rename, picks, names),
    step(CourseFolder.rename, picks, names),
    step(CourseFolder.rename_and_edit, picks, names, bodies),
    step(CourseFolder.swap, picks, picks),
    step(CourseFolder.rename_folder, folders, folders),
    step(CourseFolder.copy, picks, names),
    step(CourseFolder.touch, picks),
    step(CourseFolder.delete, picks),
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    bodies=st.lists(bodies, min_size=3, max_size=5),
    rounds=st.lists(st.lists(steps, min_size=1, max_size=4), min_size=1, max_size=2),
)
@example(bodies=BODIES[:3], rounds=[[(CourseFolder.swap, 0, 1)], [(CourseFolder.swap, 0, 2)]])
@example(bodies=BODIES[:3], rounds=[[(CourseFolder.rename, 0, "week1/c.md")]])
@example(bodies=BODIES[:3], rounds=[[(CourseFolder.rename, 2, "week1/c.md")]])
@example(bodies=BODIES[:2], rounds=[[(CourseFolder.rename_folder, "week1/", "lecture03/")]])
def test_an_index_follows_its_folder(bodies, rounds):
    encoder = HashingEncoder(dim=64)
    with tempfile.TemporaryDirectory(prefix="ragkit-equality-") as name:
        root = Path(name)
        folder = CourseFolder(root, bodies)
        options = IngestOptions(prune=True, read=read_here)
        with LocalIndex(root / "indexes/kept", writable=True) as index:
            for changes in [[], *rounds]:
                for method, *arguments in changes:
                    method(folder, *arguments)
                report = ingest(
                    (), corpus=folder.corpus, index=index, encoder=encoder, options=options
                )
                told = len(report.new) + len(report.changed) + len(report.renamed)
                assert told + report.unchanged == len(folder.files())
            followed = state_of(index, encoder)
            assert ingest((), corpus=folder.corpus, index=index, encoder=encoder).unchanged == len(
                folder.files()
            )
        fresh = fresh_state(folder.corpus, root / "indexes/fresh")
    for part, value in fresh.items():
        assert followed[part] == value, part
