"""The picture of a training: whole XML, with the points where the numbers say."""

import re
from xml.etree import ElementTree as ET

import pytest

from ragkit.errors import UsageError
from ragkit.training.curve import draw_curve, save_curve, smooth
from ragkit.training.records import StepReport

SVG = "{http://www.w3.org/2000/svg}"


def report(step, loss, held_out=None):
    return StepReport(
        step=step,
        steps=40,
        loss=loss,
        held_out_loss=held_out,
        rate=1e-3,
        examples=step * 5,
        tokens=step * 2000,
        seconds=step * 2.0,
    )


REPORTS = [report(n, 2.0 if n <= 20 else 1.0, 1.5 if n in (1, 40) else None) for n in range(1, 41)]


def read(reports):
    return ET.fromstring(draw_curve(reports))


def shapes(picture, kind):
    return [one for one in picture if one.get("class") == kind]


def heights(line):
    return [float(place.split(",")[1]) for place in line.get("points").split()]


def test_each_step_has_a_point_and_both_losses_have_a_curve():
    picture = read(REPORTS)
    assert picture.tag == f"{SVG}svg"
    assert len(shapes(picture, "point s1")) == 40
    legend_and_marks = shapes(picture, "mark s2")
    assert len(legend_and_marks) == 1 + 2
    (smoothed,) = [one for one in shapes(picture, "curve s1") if one.get("points")]
    line = heights(smoothed)
    assert line[19] < line[20] < line[39]  # lower losses stand lower, that is further down
    assert line[:20] == [line[0]] * 20
    about = picture.find(f"{SVG}desc").text
    assert about == (
        "Over 40 steps and 80,000 tokens the loss went from 2.00 to 1.01 nats a token, that of"
        " held-out examples from 1.50 to 1.50."
    )


def test_one_step_and_no_held_out_examples_are_a_picture_too(tmp_path):
    save_curve(tmp_path / "curve.svg", [report(1, 0.0)])
    picture = ET.parse(tmp_path / "curve.svg").getroot()
    assert len(shapes(picture, "point s1")) == 1
    assert shapes(picture, "mark s2") == []
    with pytest.raises(UsageError, match="no step to show"):
        draw_curve([])


def test_a_wild_first_step_does_not_flatten_the_rest():
    wild = [report(1, 500.0), *REPORTS[1:]]
    ticks = [one.text for one in read(wild) if one.text and re.fullmatch(r"[\d.]+", one.text)]
    assert "2" in ticks
    assert "500" not in ticks


def test_it_can_be_read_on_light_and_on_dark():
    style = read(REPORTS).find(f"{SVG}style").text
    assert "prefers-color-scheme:dark" in style
    used = {name for kind in _kinds(read(REPORTS)) for name in kind.split()}
    assert used <= set(re.findall(r"\.([a-z][\w-]*)", style)) | {"picture"}


def _kinds(picture):
    return {one.get("class") for one in picture.iter() if one.get("class")}


def test_a_smoothed_value_is_a_mean_of_those_before():
    values = [3.0, 1.0, 4.0, 1.0, 5.0]
    smoothed = list(smooth(values, over=2))
    assert smoothed[1] == pytest.approx((0.5 * 3 + 1) / 1.5)
    assert all(min(values) <= one <= max(values) for one in smoothed)
