"""What charts and numbers mean, in words for someone who has never read an evaluation."""

from collections.abc import Mapping

from ragkit.evaluation.records import Chart, ChartKind

INTERVAL = (
    "Every number comes from a limited number of questions, so chance plays a part. The interval"
    " beside it says how far: drawn again and again from questions of the same kind, such"
    " intervals hold the true value 95 times in 100. Two numbers whose intervals overlap widely"
    " may well be the same."
)
VIEWS = (
    "“As shown” is what a user of ragkit gets: every sentence checked against the documents, and"
    " “your documents do not say” where there is too little to go on. “The model alone” is what"
    " the language model said to the same prompt, taken as it is, with nothing checked."
)
TIERS = (
    "The tier says who judged. T0: fixed rules, such as comparing numbers and names with the gold"
    " answer. T1: an encoder, which knows how alike two texts are. T2: the language model's own"
    " yes or no. T3: a separate detector. Rules can be checked by hand; the other judges err, and"
    " their cards below say how often."
)
BASELINE = (
    "The baseline is what something much simpler would have reached on the same questions. A"
    " number that does not beat it has not shown anything yet. It counts as better or worse only"
    " where the baseline lies outside the interval."
)
NOISE = (
    "The same prompts were put again, and once more in another order. The noise floor is how often"
    " the verdict changed although nothing had been changed. No difference smaller than this means"
    " anything."
)
JUDGE = (
    "Before its numbers are used, a judge is tried on sentences that people have labelled."
    " Balanced accuracy is how often it agrees with them, with both labels counting alike: 0.5 is"
    " a coin, 1 is perfect. AUROC is how often it scores a backed sentence above one that is not."
)
COMPARED = (
    "Both runs answered the same questions, so each answer is held against its own counterpart."
    " p is how often a difference at least as large would come about by chance if the runs were"
    " equally good, adjusted for how many numbers are looked at. “No difference shown” is not “the"
    " same”: with this many questions, smaller differences could not show."
)
REPEAT = (
    "With these models, documents, settings and versions, the same run gives the same numbers"
    " again on the same machine. Differing hashes mean that something else was measured."
)
WORST = (
    "Numbers hide what went wrong; these answers show it. Each stands beside what would have been"
    " right and the passages that it rests on."
)
ERRORS = "These have no answer. They are counted as wrong, so that a crash can never help a score."

LEADS: Mapping[str, str] = {
    "hallucination": (
        "How often does it say something that the documents do not hold, and does it notice when"
        " it should say nothing?"
    ),
    "brittleness": "How much do answers change when a question is put differently but means the"
    " same?",
    "memorisation": "Does it answer from the documents, or from what the model has read before?",
    "retrieval": "Are the passages found that hold the answer, and where do answers get lost?",
    "reasoning": "Does letting the model reason before it answers make more answers right?",
}

CHARTS: Mapping[ChartKind, str] = {
    "bars": (
        "Each bar is a number, and the thin line at its end is the interval: how far chance may"
        " have moved it. A row with a dash could not be computed."
    ),
    "lines": (
        "Follow a line from left to right to see what the change on the lower axis does. The"
        " shaded strip around it is the interval: where strips overlap, the lines may not differ."
    ),
    "dots": (
        "Each point is a number, and the thin line through it its interval: how far chance may have"
        " moved it."
    ),
    "abstention": (
        "Above: questions that the documents answer. A good assistant answers them; abstaining"
        " there is being too careful. Below: questions that they do not answer. There, abstaining"
        " is right, or to put right what a question wrongly takes for granted; any other answer is"
        " an invention."
    ),
    "reliability": (
        "If an assistant that is 70% sure is right 7 times in 10, its points lie on the dashed"
        " line. Below the line it is surer than it should be, above the line less sure."
    ),
    "risk-coverage": (
        "Sort the answers from the surest to the least sure. At the left, only the surest are"
        " given; at the right, all. A line that starts low and rises knows which of its answers"
        " to doubt; a flat one does not."
    ),
    "heat-map": (
        "Each row is a question and each column a way to put it. A row of one colour is a question"
        " whose answer holds however it is put; a mixed row is brittle. A column that differs from"
        " its neighbours is a way of asking that does harm."
    ),
    "flips": (
        "The same question, put in two ways that mean the same, and two different verdicts. What"
        " differs between the two is marked."
    ),
}

NAMED: Mapping[str, str] = {
    "way": (
        "Each row is a question that was not answered rightly, and the columns are the steps from"
        " the question to the answer. The first cross in a row says where the answer got lost:"
        " not found, not put before the model, not read, or not shown."
    ),
    "excess_spread": (
        "The best of several ways of asking always looks better than the worst, by chance alone. A"
        " bar says how much further they lie apart than chance explains. At zero or below, there is"
        " nothing to explain; the table says how often chance alone would give as much (p)."
    ),
}
"""Of charts that their kind does not explain, by name."""


GROUPS: Mapping[str, str] = {
    "abstention": (
        "Precision: when it abstains, how often that is right. Recall: of what it should leave"
        " unanswered, how much it does. F1 puts both into one number."
    ),
    "citations": (
        "A citation is right where the passage that it points to holds the answer. Precision is"
        " the share of right ones among those given, recall the share of needed ones that were"
        " given."
    ),
    "confidence": (
        "How well a signal tells right answers from wrong ones. AUROC: 0.5 is chance, 1 is"
        " perfect. ECE and Brier: lower is better, 0 is perfect. AURC: how much is wrong, taken"
        " over all shares of the surest answers; lower is better."
    ),
    "hallucinations": (
        "What was asserted and is wrong, by what is wrong about it: made up, against the source,"
        " from memory instead of the documents, a false premise accepted, or a wrong citation."
    ),
    "grounds": "How much of what is asserted has a source that backs it.",
    "memory": (
        "Questions asked without any document show what the model knows by heart, or guesses. Only"
        " what it gets right beyond that is owed to the documents."
    ),
    "noise": "The passage that answers stands among others that look alike and do not.",
    "flips": (
        "A flip is a question whose verdict changes though it means the same. Agreement is how"
        " often two ways of asking give the same verdict; kappa takes away what chance would give."
    ),
    "excess spread": (
        "The best way of asking always looks better than the worst, by chance alone. Excess spread"
        " is what remains once that is taken away: 0 is none, and p is how often chance alone would"
        " give as much."
    ),
    "right answers": (
        "How many answers are right when questions are put in the ways of one kind, beside the same"
        " questions as they were first put."
    ),
    "likelihood": (
        "A text that a model has read before is more likely to it than the same text with a name"
        " or a number swapped. Both are needed: a text can be likely because it is plain."
    ),
    "ranking": (
        "Hit and recall: whether, and how much of, what answers is among the first passages. MRR"
        " and nDCG also count how far up it stands."
    ),
    "failures": (
        "Each answer that is not right is lost at one place: not found, ranked too low, left out of"
        " the prompt, or misread by the model."
    ),
    "separability": (
        "Whether questions that the documents answer can be told from those that they do not,"
        " before a model is asked. 0.5 is chance, 1 is perfect."
    ),
}


BAND = (
    "The shaded strip is noise: how far the same prompt, asked again and again, moves by itself."
    " Only points whose lines leave the strip say that the change mattered."
)


def meaning_of(chart: Chart) -> str:
    """Return what a chart means."""
    meaning = NAMED.get(chart.name) or CHARTS.get(chart.kind, "")
    return f"{meaning} {BAND}" if chart.options.get("band_high") is not None else meaning
