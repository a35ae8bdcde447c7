import itertools

import pytest

from tests.documents.looking import assert_well_formed, kinds, texts

SOURCE = """\
.. _start:

=======
Lecture
=======

:Author: Anna

.. contents::
.. toctree::
   :maxdepth: 2

   one

Loss
----

The *loss* of ``f`` at :math:`x_1`, see :ref:`the end <end>` and `a link <http://x.y>`_ [1]_.
:py:func:`~torch.sum` adds; H\\ :sub:`2`\\ O.

.. note:: Not the gain.

   Second.

* one
* two

  - inner

3. three
4. four

Term
   Its meaning.

.. code-block:: python
   :emphasize-lines: 1

   x = 1

Shell::

   ls -l

.. math::

   a^2 + b^2

.. list-table:: Parts
   :header-rows: 1

   * - Part
     - Weight
   * - Exam
     - 60 %

=====  ======  =====
Name   Points  Due
=====  ======  =====
Lab    10      May
=====  ======  =====

.. py:function:: sum(x, axis)

   Adds up.

.. mystery:: Heading
   :option: 3

   Kept text.

.. figure:: a.png
   :alt: A curve that falls

   The curve.

.. include:: /etc/passwd
.. raw:: html

   <b>gone</b>

.. a comment
.. |sub| replace:: replaced

With |sub| and |unknown|.

.. [1] A note.

end
~~~
| Line one
| Line two
"""


def test_structure(read):
    document = read("lecture.rst", SOURCE)
    assert document.title == "Lecture"
    assert kinds(document) == [
        ("heading", "Lecture"),
        ("row", "Author: Anna"),
        ("heading", "Loss"),
        (
            "paragraph",
            "The loss of f at $x_1$, see the end and a link ¹. torch.sum adds; H₂O.",
        ),
        ("paragraph", "Note: Not the gain."),
        ("paragraph", "Second."),
        ("item", "one"),
        ("item", "two"),
        ("item", "inner"),
        ("item", "3. three"),
        ("item", "4. four"),
        ("item", "Term: Its meaning."),
        ("code", "x = 1"),
        ("paragraph", "Shell:"),
        ("code", "ls -l"),
        ("paragraph", "$a^2 + b^2$"),
        ("caption", "Parts"),
        ("row", "Part: Exam; Weight: 60 %"),
        ("row", "Name: Lab; Points: 10; Due: May"),
        ("code", "sum(x, axis)"),
        ("paragraph", "Adds up."),
        ("paragraph", "Heading"),
        ("paragraph", "Kept text."),
        ("caption", "Picture: A curve that falls"),
        ("caption", "The curve."),
        ("paragraph", "With replaced and unknown."),
        ("note", "Footnote: A note."),
        ("heading", "end"),
        ("paragraph", "Line one\nLine two"),
    ]
    assert document.blocks[-1].heading == ("Lecture", "Loss", "end")
    assert_well_formed(document)


def test_files_are_not_opened(read, tmp_path):
    (tmp_path / "secret.txt").write_text("password")
    inclusions = (
        ".. include:: {0}\n", ".. literalinclude:: {0}\n", ".. raw:: html\n   :file: {0}\n",
        ".. csv-table::\n   :file: {0}\n", ".. code-block::\n   :file: {0}\n\n   x\n",
    )  # fmt: skip
    source = "Text.\n\n" + "\n".join(line.format(tmp_path / "secret.txt") for line in inclusions)
    assert "password" not in read("x.rst", source).text


def test_a_directive_with_a_wrong_option_keeps_its_text(read):
    assert read("x.rst", ".. topic:: A\n   :wrong: 1\n\n   Kept.\n").text == "Kept."


def test_substitutions_that_double_end_soon(read):
    names = "abcdefghijklmnopqrstuvwxyz"
    lines = [f".. |{a}| replace:: |{b}| |{b}|" for a, b in itertools.pairwise(names)]
    document = read("x.rst", "Before |a| after.\n\n" + "\n".join([*lines, ".. |z| replace:: word"]))
    assert len(document.text) < 100_000


@pytest.mark.parametrize(
    "source",
    ["Short\n===\nText.", "=====\nno end", "*unclosed `markup |x", ".. bad::\nText.", "- a\nb"],
)
def test_mistakes_lose_no_text(read, source):
    words = [word for word in source.replace("*", "").split() if word.isalpha() and word != "bad"]
    text = read("x.rst", source).text
    assert [word for word in words if word not in text] == []


def test_text_too_deep_for_docutils_is_read_as_plain_text(read):
    source = "".join("  " * depth + "- x\n\n" for depth in range(400))
    assert texts(read("x.rst", source), "item")[:2] == ["x", "x"]
