"""The page of a run: whole, safe, readable without eyes or colours, and without a network."""

import itertools
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from ragkit.errors import RagkitError
from ragkit.evaluation.records import Table
from ragkit.evaluation.report import render_report, write_report
from ragkit.evaluation.report.charts import DRAWERS
from ragkit.evaluation.report.palette import DARK, GROUNDS, LIGHT, MARKS, TEXTS, contrast
from ragkit.evaluation.report.styles import page_style, picture_style
from tests.evaluation.report.runs import (
    CHARTS,
    COMPARISON,
    DOTS,
    FLIPS,
    HEAT_MAP,
    HOSTILE,
    chart,
    make_run,
)

VOID = {"meta", "br", "link", "img", "hr", "input", "base"}
ALL = (*CHARTS, DOTS, HEAT_MAP, FLIPS)


class Page(HTMLParser):
    """Reads a page strictly: what is opened is closed, in order."""

    def __init__(self, text):
        super().__init__()
        self.open, self.elements, self.texts = [], [], []
        self.feed(text)
        self.close()
        assert not self.open

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if self.open and self.open[-1] != "style":
            self.texts.append(data)

    @property
    def text(self):
        return " ".join("".join(self.texts).split())

    def all(self, tag):
        return [attributes for name, attributes in self.elements if name == tag]


@pytest.fixture
def page(tmp_path):
    return Page(render_report(make_run(tmp_path / "my-run", charts=ALL)))


def test_it_is_well_formed_and_every_id_is_unique(page):
    ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    assert len(ids) == len(set(ids)) > 20
    named = [attributes.get("aria-labelledby", "") for _, attributes in page.elements]
    assert set(" ".join(named).split()) <= set(ids)
    links = {attributes["href"].removeprefix("#") for attributes in page.all("a")}
    assert links <= set(ids)


def test_headings_skip_no_level(page):
    levels = [int(tag[1]) for tag, _ in page.elements if re.fullmatch(r"h\d", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(later - earlier <= 1 for earlier, later in itertools.pairwise(levels))


def test_it_loads_nothing_and_runs_nothing(page, tmp_path):
    names = {tag for tag, _ in page.elements}
    assert not names & {"script", "link", "img", "iframe", "object", "embed", "base", "form", "use"}
    for _, attributes in page.elements:
        assert not {name for name in attributes if name.startswith("on")}
        assert not {"src", "srcset", "style", "action", "xlink:href"} & set(attributes)
    policy = next(one["content"] for one in page.all("meta") if "http-equiv" in one)
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    text = render_report(make_run(tmp_path, charts=ALL))
    style = text.partition("<style>")[2].partition("</style>")[0]
    assert not re.search(r"url\(|@import|https?:", style)


def test_the_policy_allows_exactly_the_style_that_stands_there(tmp_path):
    import base64
    import hashlib

    text = render_report(make_run(tmp_path))
    style = text.partition("<style>")[2].partition("</style>")[0]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"sha256-{digest}" in text.replace("&#43;", "+").replace("&#39;", "'")


def test_what_documents_and_models_wrote_stays_text(page, tmp_path):
    hostile = replace(
        make_run(tmp_path, charts=ALL).summary,
        sentence=HOSTILE,
        measure=HOSTILE,
        header={HOSTILE: {"x": HOSTILE}},
        charts=tuple(replace(one, title=HOSTILE, note=HOSTILE) for one in ALL),
        metrics=tuple(
            replace(metric, title=HOSTILE, note=HOSTILE, baseline_name=HOSTILE, group=HOSTILE)
            for metric in make_run(tmp_path).summary.metrics
        ),
    )
    text = render_report(replace(make_run(tmp_path / HOSTILE[:30]), summary=hostile))
    assert "<script>alert" not in text
    assert "<img" not in text
    assert "{{ 7 * 7 }}" in text
    assert "49" not in Page(text).text.split()
    for steering in ("\x1b", "\x00", "\u202e", "\u202c", "\ud800"):
        assert steering not in text
    assert "⟨U+202E⟩gnp.exe" in text
    text.encode()
    assert {tag for tag, _ in Page(text).elements} <= {tag for tag, _ in page.elements}


@pytest.mark.parametrize("one", ALL, ids=lambda one: one.kind)
def test_every_picture_has_words_and_its_data(tmp_path, one):
    page = Page(render_report(make_run(tmp_path, charts=(one,))))
    pictures = [one for one in page.all("svg") if one["class"] in ("wide", "narrow")]
    if one.kind != "flips":
        assert [picture["class"] for picture in pictures] == ["wide", "narrow"]
        assert all(picture["role"] == "img" for picture in pictures)
        heads = [one for one in page.all("th") if one.get("scope") == "col"]
        rows = [one for one in page.all("th") if one.get("scope") == "row"]
        assert heads
        assert len(rows) >= len({row[0] for row in one.data.rows})
    assert len(page.all("th")) == sum(th.get("scope") in ("col", "row") for th in page.all("th"))
    assert "What this means" in page.text
    assert one.title in page.text


def test_noise_is_explained_where_it_is_drawn(tmp_path):
    plain = replace(DOTS, options={})
    assert "The shaded strip" in Page(render_report(make_run(tmp_path, charts=(DOTS,)))).text
    assert "The shaded strip" not in Page(render_report(make_run(tmp_path, charts=(plain,)))).text


def test_what_a_kind_of_chart_means_is_told_once(tmp_path):
    again = replace(CHARTS[-1], name="again", title="The same once more")
    page = Page(render_report(make_run(tmp_path, charts=(CHARTS[-1], again))))
    assert page.text.count("Each bar is a number") == 1
    assert "To be read like Hallucinations by kind ." in page.text.replace("kind.", "kind .")


def test_each_number_stands_in_both_views_with_what_it_needs(page):
    for told in ("0.064", "0.036–0.110", "0.612", "0.540–0.680", "always abstaining", "188"):
        assert told in page.text
    assert "1013 undefined" in page.text  # the number, and below it what it leaves out
    assert "The lake is 122 m deep. [1]" in page.text
    assert "balanced accuracy" in page.text
    assert "all-minilm-l6-v2" in page.text
    assert "llama-cpp-python" in page.text


def test_who_was_asked_is_told_with_its_adapter(tmp_path):
    run = make_run(tmp_path)
    model = {**run.summary.header["model"], "adapter": "grounded x0.5 3f2a"}
    summary = replace(run.summary, header={**run.summary.header, "model": model})
    adapted = Page(render_report(replace(run, summary=summary))).text
    assert "smollm2-135m + grounded x0.5" in adapted
    assert "3f2a" in adapted  # among all that the run depends on
    assert "smollm2-135m +" not in Page(render_report(run)).text


def test_what_changed_between_two_answers_is_marked(tmp_path):
    text = render_report(make_run(tmp_path, charts=(FLIPS,)))
    assert "<mark>212</mark>" in text
    assert "<mark>122</mark>" in text
    assert "How deep is <mark>teh</mark> lake?" in text


def test_an_earlier_run_stands_beside_it(tmp_path):
    text = render_report(make_run(tmp_path), comparison=COMPARISON)
    page = Page(text)
    assert "The second run is worse: 60% right, 70% before." in page.text
    assert "−0.100−0.180 to −0.020" in page.text
    assert "What broke: 1" in page.text
    assert "The lake is <mark>122</mark> m deep." in text
    assert "Your documents do not say." in page.text  # an abstention is no empty answer
    assert "<script>alert" not in text
    assert "\u202e" not in text


def test_an_abstention_without_words_is_told(tmp_path):
    row = dict(zip(FLIPS.data.columns, FLIPS.data.rows[0], strict=True))
    row |= {"verdict_b": "abstained", "answer_b": ""}
    told = replace(FLIPS, data=Table(FLIPS.data.columns, (tuple(row.values()),)))
    assert (
        "Your documents do not say." in Page(render_report(make_run(tmp_path, charts=(told,)))).text
    )


def test_bars_below_zero_have_a_line_at_zero():
    both = chart("x", "bars", "x", "label value", ("a", -0.5), ("b", 1.5))
    above = chart("x", "bars", "x", "label value", ("a", 0.5), ("b", 1.5))
    lines = [
        DRAWERS["bars"](one, 640).markup(id="x", title="", description="", kind="wide")
        for one in (both, above)
    ]
    assert [markup.count('class="axis"') for markup in lines] == [2, 1]


@pytest.mark.parametrize("kind", DRAWERS)
def test_an_empty_chart_is_drawn_without_complaint(tmp_path, kind):
    full = next(one for one in ALL if one.kind == kind)
    empty = replace(full, data=Table(full.data.columns, ()), options={})
    assert full.title in Page(render_report(make_run(tmp_path, charts=(empty,)))).text


@pytest.mark.parametrize("kind", DRAWERS)
def test_undefined_values_are_not_drawn_as_zero(kind):
    full = next(one for one in ALL if one.kind == kind)
    count = len(full.data.columns)
    numbers = [at for at in range(count) if isinstance(full.data.rows[0][at], int | float)]
    holes = tuple(
        tuple(None if at in numbers else value for at, value in enumerate(row))
        for row in full.data.rows
    )
    markup = DRAWERS[kind](replace(full, data=Table(full.data.columns, holes)), 640).markup(
        id="x", title="x", description="x", kind="wide"
    )
    assert "nan" not in markup
    assert 'class="bar' not in markup
    in_legend = len({row[0] for row in full.data.rows}) if full.data.columns[0] == "series" else 0
    assert markup.count('class="mark') == in_legend


def test_a_chart_without_its_column_is_an_error_that_names_it():
    with pytest.raises(RagkitError, match=r"'x' \(bars\) has no column 'value'"):
        DRAWERS["bars"](chart("x", "bars", "x", "label worth", ("a", 1)), 640)


def test_an_empty_run_has_a_page(tmp_path):
    run = make_run(tmp_path)
    summary = replace(
        run.summary,
        metrics=(), charts=(), worst=(), errors=(), noise=None, judges=(), header={},
    )  # fmt: skip
    page = Page(render_report(replace(run, summary=summary, samples=(), scored=())))
    assert summary.sentence in page.text


def test_it_is_written_whole_and_the_same_twice(tmp_path):
    run = make_run(tmp_path / "run", charts=ALL)
    write_report(run, tmp_path / "run/report.html")
    text = (tmp_path / "run/report.html").read_text(encoding="utf-8")
    assert text == render_report(run)
    assert text.endswith("</html>")
    assert list((tmp_path / "run").iterdir()) == [tmp_path / "run/report.html"]


# --- colours --------------------------------------------------------------------------------------


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
def test_colours_stand_out_from_every_ground(palette):
    for ground in GROUNDS:
        assert min(contrast(palette[name], palette[ground]) for name in TEXTS) >= 4.5
        assert min(contrast(palette[name], palette[ground]) for name in MARKS) >= 3
    assert contrast(palette["ink"], palette["mark"]) >= 4.5
    assert min(contrast(palette[name], palette["band"]) for name in MARKS) >= 3


@pytest.mark.parametrize("style", [page_style(), picture_style()])
def test_both_palettes_have_the_same_colours_and_the_style_no_other(style):
    assert LIGHT.keys() == DARK.keys()
    assert set(re.findall(r"var\(--([\w-]+)\)", style)) <= LIGHT.keys()
    assert set(re.findall(r"#[0-9a-f]{3,8}\b", style)) <= {*LIGHT.values(), *DARK.values(), "#fff"}
