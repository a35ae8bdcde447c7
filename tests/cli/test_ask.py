"""`ragkit ask`: the three kinds of answer, for people and for machines, alone and in batches."""

import io
import json
import math
import sys

from ragkit.cli.render.explain import RANKING_WORDS, SUFFICIENCY_WORDS
from ragkit.evidence import ranking, sufficiency
from tests.json_forms import OPTIONAL_TEXT, PLACE, typed
from tests.small_project import ANSWER, QUESTION, UNANSWERABLE


def flat(text):
    """Return a text on one line: where lines break is up to the terminal."""
    return " ".join(text.split())


# --- ask ------------------------------------------------------------------------------------------

ANSWER_FORM = {
    "format_version": int,
    "question": str,
    "filter": (dict, type(None)),
    "answer": str,
    "abstained": bool,
    "reason": str,
    "mode": str,
    "scope": str,
    "notice": str,
    "sentences": list,
    "sources": list,
    "completion": OPTIONAL_TEXT,
    "reasoning": str,
    "corrected_citations": int,
    "removed_citations": int,
    "dropped_sentences": int,
    "token_logprobs": (list, type(None)),
    "sufficiency": dict,
    "prompt": (dict, type(None)),
    "model": (dict, type(None)),
    "encoder": dict,
    "reader": (dict, type(None)),
    "sampling": dict,
    "usage": dict,
    "timings_s": dict,
}
SENTENCE = {
    "text": str,
    "citations": list,
    "support": str,
    "score": float,
    "quote": str,
    "features": dict,
    "label": str,
    "answer_span": str,
}
EVIDENCE = {
    "text": str, "start": int, "end": int, "score": float, "features": dict, "answer_span": str,
}  # fmt: skip
SUFFICIENCY = {"score": float, "threshold": float, "features": dict, "contributions": dict}
PROMPT = {
    "strategy": str,
    "version": int,
    "tokens": int,
    "context_window": int,
    "dropped_sources": int,
    "left_out": list,
    "examples": list,
}


def check_answer(form, mode):
    """Check a whole answer against the contract."""
    assert typed(form, ANSWER_FORM)
    assert (form["format_version"], form["mode"]) == (1, mode)
    assert form["abstained"] is (mode == "abstained")
    for sentence in form["sentences"]:
        assert typed(sentence, SENTENCE)
        assert sentence["support"] in ("quoted", "supported", "unsupported", "none")
        assert set(sentence["citations"]) <= {source["id"] for source in form["sources"]}
    for source in form["sources"]:
        assert typed(source, {"id": int, "score": float, "evidence": list} | PLACE)
        for piece in source["evidence"]:
            assert typed(piece, EVIDENCE)
    assert typed(form["sufficiency"], SUFFICIENCY)
    assert typed(form["encoder"], {"name": str, "fingerprint": str})
    assert typed(form["usage"], {"prompt_tokens": int, "completion_tokens": int})
    assert form["sampling"] == {
        "max_new_tokens": 128,
        "temperature": 0.0,
        "top_k": 40,
        "top_p": 0.95,
        "seed": 0,
    }
    asked = {"prompt", "generate", "first_token", "check"} if form["completion"] else set()
    assert form["timings_s"].keys() == {"load", "retrieve", "evidence", "total"} | asked
    assert all(isinstance(seconds, float) for seconds in form["timings_s"].values())


def test_a_generated_answer(indexed, ragkit):
    done = ragkit("ask", QUESTION, "--json")
    assert (done.code, done.err) == (0, "")
    form = done.form
    check_answer(form, "generated")
    assert typed(form["prompt"], PROMPT)
    assert form["model"] == {"name": "scripted:copy-first-source", "sha256": "", "adapter": None}
    assert form["reason"] == ""
    assert ANSWER in form["answer"]
    assert form["answer"] == " ".join(sentence["text"] for sentence in form["sentences"])
    assert {sentence["support"] for sentence in form["sentences"]} == {"quoted"}
    assert form["sources"][0]["document"] == "notes.md"
    assert form["usage"]["prompt_tokens"] == form["prompt"]["tokens"] > 0
    assert form["sufficiency"]["score"] >= form["sufficiency"]["threshold"] == 0.5


def test_a_quoted_answer(indexed, ragkit):
    done = ragkit("ask", QUESTION, "--json", "--model", "scripted:invent")
    assert done.code == 0
    form = done.form
    check_answer(form, "quoted")
    assert form["sentences"][0] == {
        "text": ANSWER, "citations": [1], "support": "quoted", "score": 1.0, "quote": ANSWER,
        "features": {}, "label": "", "answer_span": "",
    }  # fmt: skip
    assert "Geneva" in form["completion"]
    assert "Geneva" not in form["answer"]
    assert "do not back" in form["reason"]


def test_an_abstention_without_a_model(indexed, ragkit):
    done = ragkit("ask", UNANSWERABLE, "--json", "--model", "nowhere.gguf")
    assert done.code == 3
    form = done.form
    check_answer(form, "abstained")
    assert (form["answer"], form["sentences"]) == ("", [])
    assert (form["completion"], form["prompt"], form["model"]) == (None, None, None)
    assert form["reason"]
    assert form["sufficiency"]["score"] < form["sufficiency"]["threshold"]
    assert 1 <= len(form["sources"]) <= 3


def test_an_abstention_of_the_model(indexed, ragkit):
    """Strong evidence is quoted all the same; where it is middling, the model is heard."""
    strong = ragkit("ask", QUESTION, "--json", "--model", "scripted:abstain")
    assert strong.code == 0
    check_answer(strong.form, "quoted")
    assert strong.form["completion"] == "The documents do not say."
    middling = "Which dropout did the Transformer use at night?"
    done = ragkit("ask", middling, "--json", "--model", "scripted:abstain")
    assert 0.5 <= done.form["sufficiency"]["score"] < 0.8
    assert done.code == 3
    check_answer(done.form, "abstained")


def test_answers_for_people(indexed, ragkit):
    done = ragkit("ask", QUESTION)
    assert (done.code, done.err) == (0, "")
    shown = flat(done.out)
    assert f"{ANSWER} [1]" in shown
    assert "Sources [1] notes.md" in shown
    assert "checked: word for word in its source · scripted:copy-first-source" in shown
    quoted = ragkit("ask", QUESTION, "--model", "scripted:invent")
    why = "(the sources do not back the model's own words)"
    assert f"In the words of your documents {why}: “{ANSWER}” [1]" in flat(quoted.out)
    abstained = ragkit("ask", UNANSWERABLE)
    assert abstained.code == 3
    assert flat(abstained.out).startswith("Your documents do not say. Why: ")
    assert "Closest passages" in abstained.out
    assert "no model was asked" in abstained.out


def test_raw(indexed, ragkit):
    assert "Geneva" not in ragkit("ask", QUESTION, "--model", "scripted:invent").out
    done = ragkit("ask", QUESTION, "--model", "scripted:invent", "--raw")
    assert "What the model said, unchecked: It was first described in 1987" in flat(done.out)
    done = ragkit("ask", UNANSWERABLE, "--raw", "--json")
    assert (done.code, done.form["mode"]) == (3, "abstained")
    assert done.form["completion"]  # asked all the same


def test_show_prompt(indexed, ragkit):
    """Mended: with --json the prompt stood before the JSON object."""
    alone = ragkit("prompt", "show", QUESTION).out
    done = ragkit("ask", QUESTION, "--show-prompt")
    assert done.out.startswith(alone)
    form = ragkit("ask", QUESTION, "--show-prompt", "--json").form
    text = ragkit("prompt", "show", QUESTION, "--json").form["text"]
    assert form["prompt"].pop("text") == text
    check_answer(form, "generated")
    assert text in alone  # lines are not broken


def test_a_long_question_that_fits(indexed, ragkit):
    """Mended: any question of more than 1,024 bytes ended in an error."""
    form = ragkit("ask", f"{QUESTION} " * 40, "--json").form
    check_answer(form, "generated")
    assert len(form["question"]) > 2000


def test_greedy_answers_repeat(indexed, ragkit):
    first, again = (ragkit("ask", QUESTION, "--json").form for _ in range(2))
    first.pop("timings_s"), again.pop("timings_s")
    assert first == again


def test_options_reach_the_answer(indexed, ragkit):
    options = ["--strategy", "zero-shot", "--max-new-tokens", "3", "--temperature", "0.5"]
    options += ["--top-k", "7", "--top-p", "0.5", "--seed", "11", "--context-window", "2048"]
    form = ragkit("ask", QUESTION, "--json", *options).form
    assert form["sampling"] == {
        "max_new_tokens": 3, "temperature": 0.5, "top_k": 7, "top_p": 0.5, "seed": 11,
    }  # fmt: skip
    assert (form["prompt"]["strategy"], form["prompt"]["context_window"]) == ("zero-shot", 2048)
    assert form["usage"]["completion_tokens"] == 3
    assert ragkit("ask", QUESTION, "--min-sufficiency", "1").code == 3


# --- batches --------------------------------------------------------------------------------------


def test_a_batch_of_lines(indexed, ragkit):
    (indexed / "questions.txt").write_text(f"\ufeff{QUESTION}\r\n\n  {UNANSWERABLE}\n", "utf-8")
    done = ragkit("ask", "--batch", "questions.txt")
    assert (done.code, done.err) == (0, "")
    answered, abstained = done.forms
    check_answer(answered, "generated")
    check_answer(abstained, "abstained")
    assert (answered["question"], abstained["question"]) == (QUESTION, UNANSWERABLE)


def test_a_batch_of_objects(indexed, ragkit):
    lines = [{"id": 7, "question": QUESTION}, {"question": QUESTION, "id": "b", "more": []}]
    (indexed / "q.jsonl").write_text("\n".join(map(json.dumps, lines)))
    assert [form["id"] for form in ragkit("ask", "--batch", "q.jsonl").forms] == [7, "b"]


def test_a_batch_from_stdin(indexed, ragkit, monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(f"{QUESTION}\n".encode())))
    (form,) = ragkit("ask", "--batch", "-").forms
    check_answer(form, "generated")


def test_a_question_that_fails_does_not_stop_a_batch(indexed, ragkit):
    """Mended: the first bad line ended the batch."""
    lines = [
        "{not json",
        '{"id": 1}',
        '{"id": 2, "question": null}',
        '{"id": 3, "question": " "}',
        '{"id": 4, "question": "half \\ud800"}',
        json.dumps({"id": 5, "question": "word " * 5000}),
        "[" * 5,
        json.dumps({"id": 6, "question": QUESTION}),
    ]
    (indexed / "q.jsonl").write_text("\n".join(lines))
    done = ragkit("ask", "--batch", "q.jsonl")
    assert (done.code, done.err) == (1, "")
    forms = done.forms
    assert [form.get("id") for form in forms] == [None, 1, 2, 3, 4, 5, None, 6]
    for form in (*forms[:6],):
        assert form.keys() - {"id"} == {"format_version", "question", "error", "hint"}
        assert form["format_version"] == 1
        assert form["hint"]
    assert forms[0]["error"].startswith("q.jsonl:1 is not JSON")
    assert forms[1]["error"] == "q.jsonl:2 has no `question` that is a text"
    assert forms[3]["error"] == "the question is empty"
    assert forms[5]["error"].startswith("the question is 5000 tokens long")
    assert forms[6]["mode"] == "abstained"
    assert ANSWER in forms[7]["answer"]


def test_a_wrong_command_is_told_once_in_a_batch(indexed, ragkit):
    """Mended: every question had an `error` about the same wrong option."""
    (indexed / "q.txt").write_text(f"{QUESTION}\n" * 3)
    done = ragkit("ask", "--batch", "q.txt", "--strategy", "nope")
    assert (done.code, done.out) == (2, "")
    assert len(done.lines("error: ")) == 1


def test_reasoning_is_shown_apart_and_unchecked(indexed, ragkit, monkeypatch):
    monkeypatch.setenv("RAGKIT_MODEL", "scripted:reason-first")
    done = ragkit("ask", QUESTION, "--strategy", "zero-shot-cot")
    answer, reasoning = done.out.split("Reasoning of the model (unchecked)\n")
    assert ANSWER in answer
    assert "I think" not in answer
    assert reasoning.startswith(" The first source is the one to look at, I think.\n")
    form = ragkit("ask", QUESTION, "--strategy", "zero-shot-cot", "--json").form
    assert form["mode"] == "generated"
    assert form["answer"].startswith(ANSWER)
    assert form["reasoning"] == "The first source is the one to look at, I think."
    assert (
        form["sampling"]["max_new_tokens"]
        > ragkit("ask", QUESTION, "--json").form["sampling"]["max_new_tokens"]
    )


def test_explain_tells_what_an_answer_was_decided_by(indexed, ragkit):
    done = ragkit("ask", QUESTION, "--explain")
    shown = flat(done.out)
    assert "at least the 0.50 that is needed" in shown
    assert "Sentences selected from these sources, best first" in shown
    form = ragkit("ask", QUESTION, "--json").form
    evidence = form["sources"][0]["evidence"][0]
    assert f"[1] {evidence['score']:.2f} close {evidence['features']['cosine']:.2f}" in shown
    contributions = form["sufficiency"]["contributions"]
    for value in contributions.values():
        assert f"{value:+.2f}" in shown
    log_odds = sum(contributions.values())
    assert abs(1 / (1 + math.exp(-log_odds)) - form["sufficiency"]["score"]) < 1e-3


def test_explain_tells_why_it_abstained(indexed, ragkit):
    done = ragkit("ask", UNANSWERABLE, "--explain")
    assert done.code == 3
    assert "less than the 0.50 that is needed" in flat(done.out)


def test_explain_has_words_for_every_feature():
    assert set(SUFFICIENCY_WORDS) == {*sufficiency.READER_WEIGHTS, "bias"}
    assert set(RANKING_WORDS) == {*ranking.READER_WEIGHTS, "other_side"}
