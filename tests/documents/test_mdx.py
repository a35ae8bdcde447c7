import time

import pytest

from ragkit.documents.mdx import drop_components
from tests.documents.looking import assert_well_formed, kinds, texts

SOURCE = """---
title: Quiz
---
import Youtube, { Tip } from "x"
import {
  Card,
} from '../components'

export const meta = {
  author: "hidden",

}

# What is learned?

<Youtube id="hidden" />{/* hidden
too */}

<Callout type="info" emoji="⚠️">
Mind the **loss**, a < b and `<Code>`.
</Callout>

<Tabs items={['hidden', "}"]}>
    <Tab title="In Python">

    ```python
    import os
    <Keep/>
    ```
    </Tab>
</Tabs>

<CourseCard
  title="Buy another course"
  href="https://example.org"
/>

<Question
	choices={[
		{
			text: "A loss of \\"0\\"",
			explain: "See <a href=\\"x\\">the page</a>.",
		},
		{ text: "The gradient", correct: true }
	]}
/>

<Shot src={IMG} alt="A curve that falls slowly" />

<div style={{color: "red"}}>Indented prose</div>

    is no code in MDX.
"""


def test_components_go_and_their_text_stays(read):
    document = read("quiz.mdx", SOURCE)
    assert document.title == "Quiz"
    assert kinds(document) == [
        ("heading", "What is learned?"),
        ("paragraph", "Mind the loss, a < b and <Code>."),
        ("heading", "In Python"),
        ("code", "import os\n<Keep/>"),
        ("item", 'Wrong: A loss of "0" (See the page.)'),
        ("item", "Right: The gradient"),
        ("paragraph", "A curve that falls slowly"),
        ("paragraph", "Indented prose"),
        ("paragraph", "is no code in MDX."),
    ]
    assert_well_formed(document)


def test_roles_alerts_and_boxes(read):
    source = (
        "> [!TIP]\n> Rest.\n\nSee :numref:`sec_a` :cite:`V.1998` and {ref}`b`. :label:`here`\n\n"
        ":::warning Take care\n\nHot.\n\n:::\n\n:begin_tab:`mxnet`\nText.\n:end_tab:\n\n"
        "```\n:label:`kept`\n```\n{#if fw}\n{/if}\n"
    )
    assert kinds(read("x.md", source)) == [
        ("paragraph", "Tip: Rest."),
        ("paragraph", "See [sec_a] [V.1998] and [b]."),
        ("heading", "Take care"),
        ("paragraph", "Hot."),
        ("paragraph", "Text."),
        ("code", ":label:`kept`"),
    ]


def test_the_title_is_the_name_where_headings_are_sections(read):
    """Mended: all assignments of a course were called "Setup"."""
    source = "---\nlayout: page\npermalink: /a/2/\n---\nDue in May.\n\n### Setup\n\n### Questions\n"
    document = read("2016/assignment2.md", source)
    assert document.title == "assignment2"
    assert "permalink" not in document.text
    assert read("x.md", "## Only one\n\nText.").title == "Only one"
    assert read("x.md", "Intro.\n\n# One\n\n## Two\n\n## Three").title == "One"


@pytest.mark.parametrize(
    "piece", ["<A ", "<A {", "<A b={", "`", "{/*", "<a b={", "<A b='", "</A", '<A b={"{']
)
def test_pathological_components_take_a_moment(piece):
    before = time.process_time()
    drop_components(piece * 30_000)
    assert time.process_time() - before < 2


def test_an_unclosed_fence_or_tag_loses_no_text(read):
    assert "kept" in read("x.mdx", "<A b={ kept\n\ntext").text
    assert texts(read("x.mdx", "```\nkept <A/>"), "code") == ["kept <A/>"]


def test_a_table_of_contents_is_no_text(read):
    contents = "Table of Contents:\n\n- [One](#one)\n  - [Inner](#inner)\n- [Two](#two)\n\n"
    assert read("x.md", contents + "## One\n\nText.").text == "One\n\nText."
    links = "- [One](#one)\n- [Two](https://x.y)\n- [Three](#three)\n"
    assert read("x.md", links).text == "One\nTwo\nThree"
    assert read("x.md", "- [A](#a) says why\n- [B](#b)\n- [C](#c)").text.startswith("A says why")


def test_r_markdown_and_quarto_are_markdown(read):
    source = "---\ntitle: Lab\n---\n\n## Fit\n\n```{r, echo=FALSE}\nlm(y ~ x)\n```\n"
    for name in ("lab.Rmd", "lab.qmd"):
        document = read(name, source)
        assert (document.title, kinds(document)) == (
            "Lab",
            [("heading", "Fit"), ("code", "lm(y ~ x)")],
        )
