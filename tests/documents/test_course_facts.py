"""What names of files and folders say of a document's place in a course."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ragkit.documents.course import find_course_facts, find_date

PLACES = {
    "Week 03/2024-10-14_lecture5-transformers.pdf": {
        "week": "3", "lecture": "5", "date": "2024-10-14", "kind": "lecture",
    },
    "wk3/slides.pdf": {"week": "3", "kind": "slides"},
    "W3/reading.pdf": {"week": "3"},
    "w03_intro.pptx": {"week": "3"},
    "HS24_W7_optics.pdf": {"week": "7"},
    "week0/x.txt": {"week": "0"},
    "Week-10-review.md": {"week": "10"},
    "week_2_notes.docx": {"week": "2", "kind": "notes"},
    "Woche 3/Folien.pdf": {"week": "3", "kind": "slides"},
    "3. Woche.pdf": {"week": "3"},
    "semaine 4.pdf": {"week": "4"},
    "第3周/x.pdf": {"week": "3"},
    "第三周.pdf": {"week": "3"},
    "第5讲.pdf": {"lecture": "5", "kind": "lecture"},
    "Неделя 2/Лекция 4.pdf": {"week": "2", "lecture": "4", "kind": "lecture"},
    "Lecture_05.pdf": {"lecture": "5", "kind": "lecture"},
    "cs231n-lecture5.pdf": {"lecture": "5", "kind": "lecture"},
    "Lecture12-slides.pdf": {"lecture": "12", "kind": "slides"},
    "lec5.pdf": {"lecture": "5", "kind": "lecture"},
    "Lec 05 - notes.pdf": {"lecture": "5", "kind": "notes"},
    "L05.pdf": {"lecture": "5", "kind": "lecture"},
    "CS101_L07_sorting.pdf": {"lecture": "7", "kind": "lecture"},
    "L5-attention.pdf": {"lecture": "5", "kind": "lecture"},
    "Vorlesung 5.pdf": {"lecture": "5", "kind": "lecture"},
    "VL05_Optik.pdf": {"lecture": "5", "kind": "lecture"},
    "5. Vorlesung.pdf": {"lecture": "5", "kind": "lecture"},
    "myLecture5Slides.pdf": {"lecture": "5", "kind": "slides"},
    "lectures/05-attention.pdf": {"lecture": "5", "kind": "lecture"},
    "lectures/5_attention.pdf": {"lecture": "5", "kind": "lecture"},
    "weeks/03/x.pdf": {"week": "3"},
    "Sem 2/x.pdf": {"semester": "2"},
    "Semester 1/Week 2/hw3.pdf": {"week": "2", "semester": "1", "kind": "assignment"},
    "exam_14.10.2024.pdf": {"date": "2024-10-14", "kind": "exam"},
    "20241014.pdf": {"date": "2024-10-14"},
    "IMG_20241014_120000.pdf": {"date": "2024-10-14"},
    "Oct 14 2024.pdf": {"date": "2024-10-14"},
    "14-Oct-2024.pdf": {"date": "2024-10-14"},
    "14. Oktober 2024.pdf": {"date": "2024-10-14"},
    "March 3rd, 2025.md": {"date": "2025-03-03"},
    "10-14-2024.pdf": {"date": "2024-10-14"},
    "lecture-2024-10-14.pdf": {"date": "2024-10-14", "kind": "lecture"},
    "2024-10-14/week2/x.pdf": {"week": "2", "date": "2024-10-14"},
    "week2/week3.pdf": {"week": "3"},
    "exam-review-slides.pdf": {"kind": "slides"},
    "assignment-2-solutions.pdf": {"kind": "solution"},
    "Übung 3.pdf": {"kind": "exercise"},
    "syllabus.docx": {"kind": "syllabus"},
    "labs/lab1-tokens.ipynb": {"kind": "lab"},
    "homework/x.pdf": {"kind": "assignment"},
}  # fmt: skip

NOTHING = [
    "weekly-plan.pdf", "weekend.pdf", "midweek3.pdf", "10 weeks of rain.pdf", "two-weeks.pdf",
    "L2 norm.pdf", "L2-regularization.pdf", "l1_loss.pdf", "on the L2 norm.pdf", "L2.5.pdf",
    "w2v.pdf", "W3C.html", "w24.pdf", "W-2.pdf", "Windows10.pdf", "win10.txt", "raw3.txt",
    "2004.04906.pdf", "arXiv-1810.04805v2.pdf", "1706.03762.pdf", "2410.14123.pdf",
    "a3f2024101455.pdf", "9f86d081884c7d65.pdf", "120241014.pdf", "2024.pdf", "1984.epub",
    "2024-13-40.pdf", "03-04-2024.pdf", "99.99.2024.pdf", "2024-02-30.pdf",
    "example.pdf", "slideshow.pdf", "notebook.ipynb", "examination-of-x.pdf", "collab.pdf",
    "classification.pdf", "elec5.pdf", "lectern3.pdf", "section 5.pdf", "chapter 2.pdf",
    "sem.pdf", "semantics2.pdf", "assembly 3.pdf", "syllable.pdf", "ResNet50.pdf", "GPT-2.pdf",
    "lab-coat/../x", "", ".", "/",
]  # fmt: skip


@pytest.mark.parametrize(("name", "facts"), PLACES.items())
def test_names_tell_the_place_in_a_course(name, facts):
    assert find_course_facts(name) == facts


@pytest.mark.parametrize("name", NOTHING)
def test_names_that_only_look_like_it_tell_nothing(name):
    assert {k: v for k, v in find_course_facts(name).items() if k != "kind"} == {}
    if "lab-coat" not in name:
        assert find_course_facts(name) == {}


def test_a_lecture_without_a_number_has_none():
    assert find_course_facts("lecture.pdf") == {"kind": "lecture"}
    assert find_course_facts("lecture 2024.pdf") == {"kind": "lecture"}


@pytest.mark.parametrize(
    ("title", "facts"),
    [
        ("Lecture 5: Transformers", {"lecture": "5"}),
        ("CS 2740 – Lecture IV", {"lecture": "4"}),
        ("Introduction to optics (Week 3)", {"week": "3"}),
        ("What happened in week 3 of the war", {}),
        ("The third lecture", {}),
        ("Lecture I gave in Delft", {}),
        ("Lecture 1.5 for the curious", {}),
    ],
)
def test_titles_count_only_where_the_number_is_set_off(title, facts):
    assert find_course_facts("x.pdf", title=title) == facts


def test_first_lines_count_where_they_are_nothing_else():
    lines = ["Attention", "Lecture 5", "Monday, 14 October 2024", "As said in lecture 3."]
    assert find_course_facts("x.pdf", first_lines=lines) == {"lecture": "5", "date": "2024-10-14"}
    assert find_course_facts("x.pdf", first_lines=["Due 14 October 2024"]) == {}
    plan = ["Plan", "Week 1: Light", "Week 2: Lenses"]
    assert find_course_facts("plan.pdf", first_lines=plan) == {}
    assert find_course_facts("w3.pdf", first_lines=["Week 4"]) == {"week": "3"}


DAYS = st.integers(0, 36_000).map(lambda days: date(1990, 1, 1) + timedelta(days % 20_000))


@given(
    DAYS, st.sampled_from(["%Y-%m-%d", "%Y%m%d", "%d.%m.%Y", "%b %d %Y", "%d %B %Y", "%Y_%m_%d"])
)
def test_a_date_is_found_however_it_is_written(day, form):
    assert find_date(f"notes {day.strftime(form)} final") == day.isoformat()


@given(st.text(st.sampled_from("Week Lecture05.-_/ocT2024第周 LWoche"), max_size=60))
def test_any_name_gives_clean_facts(name):
    for fact, value in find_course_facts(name, title=name, first_lines=[name]).items():
        if fact == "date":
            assert date.fromisoformat(value).isoformat() == value
        elif fact != "kind":
            assert value.isdecimal()
            assert str(int(value)) == value
