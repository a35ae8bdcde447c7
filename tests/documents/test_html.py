"""What HTML says by its structure: spans of cells, terms, formulas, and what leads elsewhere."""

import pytest

from tests.documents.looking import kinds, texts


def test_cells_over_several_rows_and_columns_keep_their_places(read):
    page = """<table>
      <tr><th>Year</th><th>Month</th><th colspan=2>Money</th></tr>
      <tr><td rowspan=2>2025</td><td>May</td><td>12</td><td>9</td></tr>
      <tr><td>June</td><td colspan=2>none</td></tr>
      <tr><td>2026</td><td>May</td><td>14</td><td>8</td></tr></table>"""
    assert texts(read("x.html", page), "row") == [
        "Year: 2025; Month: May; Money: 12; Money: 9",
        "Year: 2025; Month: June; Money: none",
        "Year: 2026; Month: May; Money: 14; Money: 8",
    ]


def test_names_in_two_lines_are_put_together(read):
    page = """<table><tr><th rowspan=2>Set</th><th colspan=2>Score</th></tr>
      <tr><th>old</th><th>new</th></tr><tr><td>A</td><td>1</td><td>2</td></tr></table>"""
    assert texts(read("x.html", page), "row") == ["Set: A; Score old: 1; Score new: 2"]


def test_a_name_over_the_whole_table_is_its_title(read):
    page = """<table><tr><th colspan=2>Duck</th></tr><tr><th>Class:</th><td>Aves</td></tr>
      <tr><th>Order:</th><td>Anseriformes</td></tr></table>"""
    assert texts(read("x.html", page), "row") == ["Duck", "Class: Aves", "Order: Anseriformes"]


def test_an_absurd_span_costs_nothing(read):
    page = "<table><tr><th>A<th>B</tr>" + "<tr><td colspan=99999 rowspan=99999>x" * 300 + "</table>"
    assert len(read("x.html", page).text) < 100_000


def test_terms_stand_with_their_descriptions(read):
    page = """<dl><dt>Late work</dt><dd>loses 10 %</dd><dt>Exam</dt><dt>Resit</dt>
      <dd>90 minutes</dd><dd>on paper</dd></dl>"""
    assert kinds(read("x.html", page)) == [
        ("item", "Late work: loses 10 %"),
        ("item", "Exam, Resit: 90 minutes"),
        ("paragraph", "on paper"),
    ]


KATEX = (
    "<span class=katex><span class=katex-mathml><math><mi>E</mi><annotation "
    'encoding="application/x-tex">E=mc^2</annotation></math></span>'
    "<span class=katex-html aria-hidden=true>E=mc2</span></span>"
)
MATHJAX = '<span class=MathJax_Preview>E mc2</span><script type="math/tex">E=mc^2</script>'


@pytest.mark.parametrize("formula", [MATHJAX, KATEX, '<math alttext="E=mc^2"><mi>E</mi></math>'])
def test_a_formula_is_read_once_as_it_was_typed(read, formula):
    assert read("x.html", f"<p>So {formula} holds.").text == "So E=mc^2 holds."


def test_an_aside_of_links_is_left_out_and_one_of_text_stays(read):
    page = """<p>Optics is fun.</p><aside><a href=a>Lecture one</a> <a href=b>two</a></aside>
      <aside>Bring a prism, see <a href=c>shop</a>, and a dark room to look at it.</aside>"""
    text = read("x.html", page).text
    assert "Lecture one" not in text
    assert "Bring a prism" in text


def test_a_page_of_nothing_but_links_is_read_after_all(read):
    page = "<title>Links</title><nav><ul><li><a href=a>Lecture one</a></ul></nav>"
    assert texts(read("x.html", page), "item") == ["Lecture one"]
