"""Summaries such as the measures make, written by hand: what a report has to show."""

from dataclasses import dataclass, field
from pathlib import Path

from ragkit.evaluation.comparing import Changed, ComparedValue, Comparison
from ragkit.evaluation.records import (
    Chart,
    GoldPlace,
    JudgeCard,
    Metric,
    Outcome,
    Passage,
    Reading,
    ReadSentence,
    Sample,
    Score,
    Scored,
    Summary,
    Table,
)

HOSTILE = (
    '<script>alert(1)</script> \x1b[31m & "quotes" \' \u202egnp.exe\u202c'
    ' <img src="http://evil.invalid/x.png"> \ud800 \x00 ]]> --> {{ 7 * 7 }}'
)


@dataclass(frozen=True)
class HandMadeRun:
    """A run as it is loaded from its folder."""

    folder: Path
    summary: Summary
    samples: tuple[Sample, ...] = ()
    scored: tuple[Scored, ...] = ()
    header: dict = field(default_factory=dict)


HEADER = {
    "model": {"name": "smollm2-135m", "sha256": "ab12" * 16},
    "encoder": {"name": "all-minilm-l6-v2", "fingerprint": "cd34" * 4, "precision": "fp32"},
    "suite": {"name": "hallucination", "version": 1, "sha256": "ef56" * 16},
    "seed": 0,
    "threads": 2,
    "started": "2026-11-21T17:40:00+00:00",
    "versions": {"ragkit": "0.1.0", "python": "3.11.9", "llama-cpp-python": "0.3.36"},
}


def both(name, title, shown, model, **facts):
    """Return a metric in both views, from (value, low, high)."""
    return (
        Metric(name, title, *shown, view="shown", **facts),
        Metric(name, title, *model, view="model", **facts),
    )


METRICS = (
    *both(
        "wrong_and_asserted",
        "wrong and asserted, of all questions",
        (0.064, 0.036, 0.11),
        (0.612, 0.54, 0.68),
        n=188,
        group="headline",
        better="lower",
        baseline=0.0,
        baseline_name="always abstaining",
        detectable=0.055,
        note="How often a reader is told something false.",
    ),
    *both(
        "coverage",
        "coverage: answered at all",
        (0.53, 0.46, 0.6),
        (0.98, 0.95, 0.99),
        n=188,
        group="headline",
        better="higher",
        note="How often a reader is told anything.",
    ),
    *both(
        "abstention_f1",
        "abstention F1",
        (0.81, 0.74, 0.87),
        (None, None, None),
        n=188,
        group="abstention",
        better="higher",
        undefined=0,
    ),
    Metric(
        "over_refusal",
        "over-refusal: abstained though the documents say it",
        0.21,
        0.14,
        0.3,
        n=101,
        undefined=3,
        view="shown",
        group="abstention",
        better="lower",
        baseline=0.25,
        baseline_name="constant",
    ),
    Metric(
        "auroc_support",
        "AUROC of support",
        0.83,
        0.75,
        0.9,
        n=99,
        tier="T1",
        group="calibration",
        better="higher",
        baseline=0.61,
        baseline_name="answer length",
    ),
    Metric("seconds", "seconds a question", 1.284, n=188, tier="", group="speed"),
)


def chart(name, kind, title, columns, *rows, note="", **options):
    """Return a chart from its rows."""
    return Chart(name, kind, title, Table(tuple(columns.split()), rows), note, options)


CHARTS = (
    chart(
        "abstention",
        "abstention",
        "Answering and abstaining",
        "asked right wrong abstained",
        ("answerable", 74, 6, 21),
        ("not answerable", 4, 6, 77),
        note="Of what the documents do not hold, most is left unanswered.",
    ),
    chart(
        "risk-coverage",
        "risk-coverage",
        "What is wrong among the surest answers",
        "series coverage risk",
        *(("support", c / 20, 0.02 + 0.2 * (c / 20) ** 2) for c in range(1, 21)),
        *(("sufficiency", c / 20, 0.05 + 0.17 * c / 20) for c in range(1, 21)),
        *(("answer length", c / 20, 0.22) for c in range(1, 21)),
        x_title="share of the questions answered",
        y_title="wrong among them",
    ),
    chart(
        "reliability",
        "reliability",
        "Is it as sure as it is right?",
        "series confidence accuracy low high n",
        *(("support", x, max(0.0, x - 0.08), max(0.0, x - 0.2), x, 20) for x in (0.15, 0.4, 0.7)),
        *(("sufficiency", x, x**0.5, x, 1.0, 20) for x in (0.1, 0.3, 0.55, 0.9)),
    ),
    chart(
        "noise",
        "lines",
        "Right answers among distracting passages",
        "series x y low high",
        *(("shown", x, 0.8 - 0.02 * x, 0.7 - 0.02 * x, 0.88 - 0.02 * x) for x in (0, 2, 4, 8)),
        *(("model", x, 0.5 - 0.04 * x, 0.4 - 0.04 * x, 0.6 - 0.04 * x) for x in (0, 2, 4, 8)),
        x_title="passages beside the one that answers",
        y_title="right",
        y_min=0,
        y_max=1,
    ),
    chart(
        "kinds",
        "bars",
        "Hallucinations by kind",
        "label value low high",
        ("fabrication", 0.031, 0.01, 0.07),
        ("premise accepted", 0.2, 0.08, 0.41),
        ("wrong citation", None, None, None),
        ("leakage", 0.0, 0.0, 0.1),
    ),
)

DOTS = chart(
    "axes",
    "dots",
    "Right answers, by how the question was put",
    "group label value low high",
    ("control", "the same prompt again", 0.79, 0.72, 0.85),
    *(("typos", f"{share}% of the letters", 0.8 - share / 50, 0.6, 0.86) for share in (2, 5, 10)),
    *(("order", place, 0.7 + i / 30, 0.62, 0.84) for i, place in enumerate(("gold last", "first"))),
    ("paraphrase", "another wording of the question by a very patient author", 0.75, 0.66, 0.83),
    band_low=0.75,
    band_high=0.83,
    x_title="right",
)
VERDICTS = ("correct", "abstained", "wrong")
HEAT_MAP = chart(
    "verdicts",
    "heat-map",
    "Every question under every variant",
    "sample variant verdict",
    *(
        (f"sci-{'abcdefghijklmnopqrstuvwx'[s]}.answerable", f"typos/{v}", VERDICTS[s * v % 7 % 3])
        for s in range(24)
        for v in range(36)
        if (s, v) != (3, 3)
    ),
)
PROMPT = "Answer from the sources.\n\n[1] The lake is 212 m deep.\n\nQuestion: {}\nAnswer:"
FLIPS = chart(
    "flips",
    "flips",
    "What made the difference",
    "sample question_a variant_a verdict_a answer_a prompt_a"
    " question_b variant_b verdict_b answer_b prompt_b",
    (
        "sci-depth.answerable",
        "How deep is the lake?",
        "base",
        "correct",
        "The lake is 212 m deep [1].",
        PROMPT.format("How deep is the lake?"),
        "How deep is teh lake?",
        "typos/5",
        "wrong",
        "The lake is 122 m deep [1].",
        PROMPT.format("How deep is teh lake?"),
    ),
    (HOSTILE, HOSTILE, "base", "correct", HOSTILE, HOSTILE, "?", HOSTILE, "wrong", "x", HOSTILE),
)
SAMPLES = (
    Sample(
        "sci-depth.answerable",
        "sci-depth",
        "answerable",
        "How deep is the lake?",
        answers=("212 m",),
        reference="The lake is 212 m deep.",
        gold=(GoldPlace("science/notes.md", 10, 33, "The lake is 212 m deep.", page=2),),
    ),
    Sample("eng-x.near", "eng-x", "unanswerable-near", HOSTILE),
)
PASSAGE = Passage(
    1, "science/notes.md", 0, 60, "Notes. The lake is 212 m deep. It is cold.", page=2
)


def scored(sample, text, verdict, **facts):
    """Return a scored outcome of a sample."""
    answer = ReadSentence(text, (1,), "unsupported")
    outcome = Outcome(
        sample.id,
        sample.base_id,
        sample.kind,
        **{"variant": "base", "axis": "base", "level": "as it is", "call": "ask", **facts},
        question=sample.question,
        passages=(PASSAGE,),
        completion=text,
        readings={"shown": Reading(text, abstained=False, sentences=(answer,), mode="generated")},
    )
    labels = {"hallucination": "fabrication"}
    return Scored(outcome, {"shown": Score(verdict, right=verdict == "correct", labels=labels)})


SCORED = (
    scored(SAMPLES[0], "The lake is 122 m deep.", "wrong"),
    scored(SAMPLES[1], HOSTILE, "wrong"),
    Scored(
        Outcome(
            SAMPLES[0].id,
            SAMPLES[0].base_id,
            "answerable",
            variant="typos/5",
            axis="typos",
            level="5% of the letters",
            call="ask",
            question="How deep is teh lake?",
            error="the prompt does not fit the context window",
        )
    ),
)
CARD = JudgeCard(
    "logits of smollm2-135m",
    "T2",
    "groundedness",
    400,
    0.4,
    0.58,
    0.53,
    0.63,
    0.61,
    {"length": 0.5},
)
NOISE = Metric("noise", "flip rate", 0.0, 0.0, 0.16, n=20, note="verdicts of the same prompt twice")


def make_run(folder, *, measure="hallucination", charts=CHARTS, sentence=None):
    """Return a run of a measure."""
    summary = Summary(
        measure,
        METRICS,
        sentence
        or "Shown answers are wrong for 6 of 100 questions (4 to 11); what the model said, for 61.",
        charts=charts,
        worst=(SCORED[0].outcome.key, SCORED[1].outcome.key),
        errors=(SCORED[2].outcome.key,),
        noise=NOISE,
        judges=(CARD,),
        header=HEADER,
    )
    return HandMadeRun(folder, summary, SAMPLES, SCORED, HEADER)


COMPARISON = Comparison(
    before="monday",
    after="tuesday",
    suite="hallucination",
    measure="hallucination",
    view="shown",
    pairs=188,
    bases=111,
    left_out={},
    warnings=("another sample",),
    changes=("model.name: 'a' then, 'b' now",),
    values=(
        ComparedValue("right", "ask", 0.7, 0.6, -0.1, -0.18, -0.02, 188, 0.01, 0.02, 0.08, "worse"),
        ComparedValue(
            "f1", "oracle", 0.5, 0.5, 0.0, None, None, 9, 1.0, 1.0, None, "no difference shown"
        ),
    ),
    mcnemar_p=0.01,
    broke=(
        Changed(
            "sci-depth.answerable|base|ask",
            "sci-depth.answerable",
            HOSTILE,
            "correct",
            "wrong",
            "The lake is 212 m deep.",
            "The lake is 122 m deep.",
        ),
    ),
    fixed=(Changed("k", "s", "Who?", "wrong", "abstained", HOSTILE, ""),),
    sentence="The second run is worse: 60% right, 70% before.",
)
