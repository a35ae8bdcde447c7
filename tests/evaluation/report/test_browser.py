"""The page in a real browser: nothing runs off its side, the style holds, nobody is shut out."""

import html
import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from ragkit.evaluation.report import render_report
from ragkit.evaluation.report.palette import LIGHT
from tests.evaluation.report.runs import CHARTS, DOTS, FLIPS, HEAT_MAP, make_run

BROWSER = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), ""
)
AXE = os.environ.get("RAGKIT_AXE", "")
"""Path of axe.min.js of axe-core, which is no part of this project."""
QUIET = """--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-sync
    --disable-background-networking --disable-component-update --host-resolver-rules=MAP*~NOTFOUND
    --virtual-time-budget=60000""".split()
WIDTHS = (1280, 375)

pytestmark = pytest.mark.skipif(not BROWSER, reason="no chromium here to look at the page with")

HARNESS = """<!DOCTYPE html><meta charset="utf-8"><title>not finished</title>
{frames}<pre id="told"></pre>
<script>{library}</script>
<script>
const looks = {looks};
addEventListener("load", async () => {{
  const told = [];
  for (const frame of document.querySelectorAll("iframe")) told.push(await looks(frame));
  document.getElementById("told").textContent = JSON.stringify(told);
}});
</script>"""


def look_at(tmp_path, page, looks, *, library=""):
    """Return what a function of the browser says of a page, at each width."""
    frames = "".join(
        f'<iframe width="{width}" height="900" srcdoc="{html.escape(page)}"></iframe>'
        for width in WIDTHS
    )
    harness = tmp_path / "harness.html"
    harness.write_text(HARNESS.format(frames=frames, looks=looks, library=library), "utf-8")
    done = subprocess.run(
        [
            BROWSER,
            *QUIET,
            f"--user-data-dir={tmp_path / 'profile'}",
            "--dump-dom",
            harness.as_uri(),
        ],
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    told = re.search(r'<pre id="told">(.+?)</pre>', done.stdout, re.DOTALL)
    assert told, done.stderr[-2000:]
    return dict(zip(WIDTHS, json.loads(html.unescape(told[1])), strict=True))


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    folder = tmp_path_factory.mktemp("run")
    return render_report(make_run(folder, charts=(*CHARTS, DOTS, HEAT_MAP, FLIPS)))


def test_it_fits_a_phone_and_a_desktop(tmp_path, page):
    told = look_at(
        tmp_path,
        page,
        """frame => {
            const page = frame.contentDocument;
            page.querySelectorAll("details").forEach(one => one.open = true);
            const shown = kind => [...page.querySelectorAll("svg." + kind)]
                .filter(one => getComputedStyle(one).display != "none").length;
            const scale = one => one.getBoundingClientRect().width / one.viewBox.baseVal.width;
            const letters = [...page.querySelectorAll("svg text")].map(one =>
                parseFloat(getComputedStyle(one).fontSize) * scale(one.ownerSVGElement));
            return {over: page.documentElement.scrollWidth - page.documentElement.clientWidth,
                    wide: shown("wide"), narrow: shown("narrow"),
                    ground: getComputedStyle(page.documentElement).backgroundColor,
                    scripts: page.scripts.length,
                    least: Math.min(...letters.filter(one => one > 0))};
        }""",
    )
    charts = len(CHARTS) + 2  # those that are pictures
    assert [told[width]["over"] for width in WIDTHS] == [0, 0]
    assert (told[1280]["wide"], told[1280]["narrow"]) == (charts, 0)
    assert (told[375]["wide"], told[375]["narrow"]) == (0, charts)
    assert min(told[width]["least"] for width in WIDTHS) >= 11  # pixels of the smallest letters
    red, green, blue = (int(LIGHT["ground"][at : at + 2], 16) for at in (1, 3, 5))
    for width in WIDTHS:  # the policy lets its own style pass
        assert told[width]["ground"] == f"rgb({red}, {green}, {blue})"
        assert told[width]["scripts"] == 0


@pytest.mark.skipif(not Path(AXE).is_file(), reason="RAGKIT_AXE does not name an axe.min.js")
def test_nobody_is_shut_out(tmp_path, page):
    """Rules of accessibility, as axe-core checks them; the policy would keep it out, so it goes."""
    open_page = re.sub(r"<meta http-equiv[^>]+>", "", page).replace("<details", "<details open")
    told = look_at(
        tmp_path,
        open_page,
        """async frame => {
            frame.contentWindow.eval(document.scripts[0].textContent);
            const found = await frame.contentWindow.axe.run();
            return {violations: found.violations.map(one => one.id), passes: found.passes.length};
        }""",
        library=Path(AXE).read_text("utf-8").replace("</script", "<\\/script"),
    )
    for width in WIDTHS:
        assert told[width]["violations"] == []
        assert told[width]["passes"] > 20
