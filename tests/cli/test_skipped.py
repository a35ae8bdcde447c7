from tests.small_project import write_project

ODDITIES = {
    "mail.eml": "x", "old.doc": "x", "slides.ppt": "x", "marks.xlsx": "x", "all.zip": "x",
    "lecture.mp4": "x", "talk.key": "x", "page.mht": "x", "notes.org": "x", "Makefile": "x",
    "scan.djvu": "x",
}  # fmt: skip
NEXT_STEPS = (
    "save it as .docx", "save it as .pptx", "as .csv", "unpack it", "transcript as .srt",
    "convert it to .md", "save it as HTML or PDF", "convert it to PDF",
)  # fmt: skip


def test_a_folder_of_oddities_gives_a_short_report(project, ragkit):
    pictures = {f"figures/f{n}.png": "x" for n in range(200)}
    strange = {f"dump/x.{n}": "x" for n in range(200)}
    write_project(project, ODDITIES | pictures | strange)
    done = ragkit("ingest")
    lines = done.lines("skipped: ")
    assert (done.code, len(lines)) == (0, len(ODDITIES) + 2)
    assert "200 files, such as dump/x.0 and dump/x.1: unsupported type" in lines
    (shared,) = [line for line in lines if "figures" in line]
    assert shared.startswith("200 files, such as figures/f0.png and figures/f1.png: ")
    assert len(ragkit("ingest", "--json").form["skipped"]) == len(ODDITIES) + 400


def test_each_oddity_has_its_next_step(project, ragkit):
    write_project(project, ODDITIES)
    report = "\n".join(ragkit("ingest").lines("skipped: "))
    assert [step for step in NEXT_STEPS if step not in report] == []
