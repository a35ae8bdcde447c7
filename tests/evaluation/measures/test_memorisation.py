"""The measure "memorisation": a model that learned the documents against one that only reads."""

import re
from collections.abc import Sequence
from dataclasses import replace

import pytest

from ragkit.ask import AskOptions
from ragkit.errors import ModelError, UsageError
from ragkit.evaluation.bench import Bench, perform
from ragkit.evaluation.measures.memorisation import MemorisationMeasure
from ragkit.evaluation.measures.memorisation.swapping import swap_chunk
from ragkit.evaluation.measures.memorisation.verdict import word_verdict
from ragkit.evaluation.protocols import PlanOptions
from ragkit.evaluation.records import GoldPlace, Metric, Sample, Twin
from ragkit.evaluation.scoring import score_outcome
from ragkit.index import LocalIndex
from ragkit.llms import ScriptedLLM
from ragkit.records import Chunk, Completion
from tests.evaluation.small_suite import SUITE
from tests.small_index import ENCODER, change_of

COLOURS = "amber cobalt crimson ivory jade lilac maroon ochre russet teal umber violet".split()
THINGS = "lamp kettle ladder barrel violin anchor basket curtain shovel wagon mirror saddle".split()


def fact(number: int) -> tuple[str, str]:
    thing, colour = THINGS[number], COLOURS[number]
    return thing, f"The {thing} of the harbour museum was painted {colour} by its keeper."


def sample_of(number: int) -> Sample:
    thing, sentence = fact(number)
    colour, other = COLOURS[number], COLOURS[(number + 5) % len(COLOURS)]
    return Sample(
        f"{thing}.answerable",
        thing,
        "answerable",
        f"Which colour has the {thing} of the harbour museum?",
        answers=(colour,),
        gold=(GoldPlace(f"{thing}.txt", 0, len(sentence), sentence),),
        type="name",
        twin=Twin(sentence, sentence.replace(colour, other), (colour, other)),
    )


SAMPLES = tuple(sample_of(number) for number in range(len(THINGS)))
KNOWN = {sample.base_id: sample for sample in SAMPLES}
_SOURCE = re.compile(r"\[(\d+)\] \([^)]*\) (The (\w+) of the harbour museum was .+)$", re.MULTILINE)
_ASKED = re.compile(r"Which colour has the (\w+) of")


class Reader(ScriptedLLM):
    """Says the source about the thing that is asked for, and knows nothing else."""

    def __init__(self) -> None:
        super().__init__("abstain")

    def says(self, text: str) -> str:
        asked = _ASKED.findall(text)
        for number, sentence, thing in _SOURCE.findall(text):
            if asked and thing == asked[-1]:
                return f"{sentence} [{number}]"
        return "The documents do not say."

    def likes(self, prompt: str, sentence: str) -> bool:
        return sentence in prompt

    def generate(self, messages, *, sampling, on_text=None):
        return Completion(self.says(self.render_prompt(messages)), 1, 1, "stop")

    def score_continuations(
        self, messages, continuations: Sequence[str]
    ) -> tuple[tuple[float, ...], ...]:
        prompt = self.render_prompt(messages)
        return tuple(
            tuple(-0.1 if self.likes(prompt, text) else -0.5 for _ in text.split())
            for text in continuations
        )


class Memoriser(Reader):
    """Has learned the sentences, and says what it learned whatever it reads."""

    def says(self, text: str) -> str:
        asked = _ASKED.findall(text)
        if asked:
            return KNOWN[asked[-1]].twin.original
        for sample in SAMPLES:
            half = " ".join(sample.twin.original.split()[:6])
            if text.endswith(half):
                return sample.twin.original.removeprefix(half)
        return "The documents do not say."

    def likes(self, prompt: str, sentence: str) -> bool:
        return any(sentence == sample.twin.original for sample in SAMPLES) or sentence in prompt


class Deaf(Reader):
    """Answers as the reader does, but nothing that it has read is likelier for it."""

    def likes(self, prompt: str, sentence: str) -> bool:
        return False


class Mute(Reader):
    """Cannot tell how likely a text is, as most servers cannot."""

    def score_continuations(self, messages, continuations):
        raise ModelError("it cannot tell")


@pytest.fixture(scope="module")
def index(tmp_path_factory):
    folder = tmp_path_factory.mktemp("museum")
    with LocalIndex(folder, writable=True) as opened:
        opened.set_encoder(ENCODER)
        opened.apply(change_of(f"{thing}.txt", text) for thing, text in map(fact, range(12)))
        yield opened


def told_of(index, llm, samples=SAMPLES):
    bench = Bench(
        replace(SUITE, samples=samples),
        index=index,
        encoder=ENCODER,
        load_llm=lambda: llm,
        options=AskOptions(min_sufficiency=0.0),
    )
    measure, options = MemorisationMeasure(), PlanOptions()
    tasks = measure.plan(samples, options)
    scored = [score_outcome(task.sample, perform(task, bench)) for task in tasks]
    summary = measure.summarise(samples, scored, options)
    return {(m.name, m.view): m for m in summary.metrics}, summary


EXPECTED = {
    # metric: of the reader, of the memoriser
    "closed_book_hits": (0.0, 1.0),
    "prefers_original": (0.5, 1.0),
    "prefers_original_informed": (1.0, 1.0),
    "delta_mean": (0.0, 0.4),
    "auroc_original": (0.5, 1.0),
    "recited": (0.0, 1.0),
    "recited_value": (0.0, 1.0),
    "recited_whole": (0.0, 1.0),
    "reads_original": (1.0, 1.0),
    "follows_swapped": (1.0, 0.0),
    "keeps_original": (0.0, 1.0),
    "memorisation_ratio": (0.0, 1.0),
}


def test_a_memoriser_and_a_reader_are_told_apart(index):
    reader, read = told_of(index, Reader())
    memoriser, memorised = told_of(index, Memoriser())
    found = {
        name: (reader[name, "model"].value, memoriser[name, "model"].value) for name in EXPECTED
    }
    assert found == {name: pytest.approx(pair) for name, pair in EXPECTED.items()}
    assert read.sentence.startswith("No sign that the model has learned these texts")
    assert memorised.sentence.startswith("The model has learned these texts: 100% of 12 originals")
    assert "100% right without documents" in memorised.sentence
    assert read.errors == memorised.errors == ()
    assert read.worst == ()
    assert len(memorised.worst) == 5


def test_without_pairs_there_is_no_verdict(index):
    plain = tuple(replace(sample, twin=None) for sample in SAMPLES)
    told, summary = told_of(index, Memoriser(), plain)
    assert told["closed_book_hits", "model"].value == 1.0, "it is told all the same"
    assert summary.sentence.startswith("No verdict: there is no pair")


def test_a_model_that_tells_no_likelihood_gets_no_verdict(index):
    told, summary = told_of(index, Mute())
    assert told["prefers_original", "model"].value is None
    assert told["prefers_original", "model"].undefined == 12
    assert summary.errors == (), "it is no failure that a server cannot tell"
    assert summary.sentence.startswith("No verdict")


def test_where_the_control_fails_there_is_no_verdict(index):
    _, summary = told_of(index, Deaf())
    assert summary.sentence.startswith("No verdict: even after reading")


def test_one_pair_is_too_few(index):
    _, summary = told_of(index, Memoriser(), SAMPLES[:1])
    assert summary.sentence.startswith("No verdict")
    assert "too few" in summary.sentence


def test_likelier_originals_alone_may_be_commoner_values():
    def metric(name, low, value, baseline):
        return Metric(name, name, value, low, 1.0, n=80, baseline=baseline)

    told = {
        "prefers_original": metric("prefers_original", 0.55, 0.7, 0.5),
        "prefers_original_informed": metric("prefers_original_informed", 0.9, 0.95, 0.5),
        "closed_book_hits": metric("closed_book_hits", 0.0, 0.01, 0.01),
    }
    assert "may be the commoner ones" in word_verdict(told)
    told["closed_book_hits"] = metric("closed_book_hits", 0.2, 0.3, 0.01)
    assert word_verdict(told).startswith("The model has learned these texts")
    told["prefers_original"] = metric("prefers_original", 0.45, 0.5, 0.5)
    assert word_verdict(told).startswith("The model recalls something")
    told["closed_book_hits"] = metric("closed_book_hits", 0.002, 0.012, 0.0)
    assert word_verdict(told).startswith("No sign"), "one lucky hit of 84 is no memory"


def test_a_swapped_passage_says_nothing_of_the_original():
    _, sentence = fact(0)
    twin = SAMPLES[0].twin
    chunk = Chunk("c", "lamp.txt", f"Lamps. {sentence} It stays amber.", 0, 90)
    swapped = swap_chunk(chunk, twin)
    assert "amber" not in swapped.text
    assert swapped.text.count(twin.swap[1]) == 2
    assert swapped.end - swapped.start == len(swapped.text)
    assert swap_chunk(replace(chunk, text="Other words."), twin).text == "Other words."


def test_a_plan_asks_each_fact_once():
    closed = replace(SAMPLES[0], id="closed", kind="closed-book", twin=None, of=SAMPLES[0].id)
    tasks = MemorisationMeasure().plan((*SAMPLES, closed), PlanOptions())
    assert len({task.key for task in tasks}) == len(tasks) == 4 * 12
    asked = [task.sample.id for task in tasks if task.call == "closed-book"]
    assert asked[0] == "closed"
    assert len(asked) == 12
    assert len(MemorisationMeasure().plan(SAMPLES, PlanOptions(budget=9))) == 8
    with pytest.raises(UsageError, match="could have learned"):
        MemorisationMeasure().plan([replace(SAMPLES[0], kind="leak", twin=None)], PlanOptions())
