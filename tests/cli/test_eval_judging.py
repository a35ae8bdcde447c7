"""`ragkit eval judge-check`: cards on the screen, in JSON and on the disk."""

import json

from tests.evaluation.judges.made_claims import rows


def write_claims(folder, name="claims.jsonl", rows=rows):
    path = folder / name
    path.write_text("\n".join(map(json.dumps, rows())), encoding="utf-8")
    return str(path)


def test_judges_are_checked_and_their_cards_kept(project, ragkit):
    file = write_claims(project)
    done = ragkit("eval", "judge-check", file, "--json", "--quiet")
    assert done.code == 0, done.err
    cards = {card["judge"]: card for card in done.form["cards"]}
    assert list(cards) == ["encoder", "logits", "rules"]
    assert cards["rules"]["balanced_accuracy"] == 1.0
    assert cards["logits"]["auroc"] == 0.5  # of a rule in place of a model
    for card, path in zip(done.form["cards"], done.form["files"], strict=True):
        kept = json.loads((project / path).read_text(encoding="utf-8"))
        assert kept["format_version"] == 1
        assert kept["cards"] == [card]


def test_the_screen_says_how_to_read_it(project, ragkit):
    file = write_claims(project)
    done = ragkit("eval", "judge-check", file, file, "--judge", "rules")
    assert done.code == 0, done.err
    assert "rules" in done.out
    assert "all" in done.out
    assert "1.00 [" in done.out
    assert ".50 is guessing" in " ".join(done.out.split())
    assert "kept in evals/judges" in done.err


def test_what_cannot_be_is_said_in_a_line(project, ragkit):
    few = write_claims(project, "few.jsonl", rows=lambda: rows()[:8])
    done = ragkit("eval", "judge-check", few, "--judge", "oracle")
    assert done.code == 2
    assert "too few" in done.err  # told before a judge is opened
    done = ragkit("eval", "judge-check", write_claims(project), "--judge", "oracle")
    assert done.code == 2
    assert "oracle" in done.err
    done = ragkit("eval", "judge-check", "none.jsonl")
    assert done.code == 2
    assert "none.jsonl" in done.err


def write_suite(project):
    folder = project / "evals/mine"
    folder.mkdir(parents=True)
    samples = [
        {"id": "due", "question": "When is the homework due?", "answers": ["Friday at noon"]},
        {"id": "room", "kind": "unanswerable-near", "question": "In which room is the exam?"},
    ]
    (folder / "samples.jsonl").write_text("\n".join(map(json.dumps, samples)), encoding="utf-8")


RUN = ("eval", "run", "mine", "--judge", "rules", "--no-noise-check", "--json", "--quiet")


def test_a_judge_without_a_card_is_refused(indexed, ragkit):
    write_suite(indexed)
    done = ragkit(*RUN)
    assert done.code == 2
    assert "nobody knows how far judge rules agrees with people" in done.err
    assert "ragkit eval judge-check FILE --judge rules" in done.err


def test_a_run_judged_by_a_judge_shows_its_card(indexed, ragkit):
    write_suite(indexed)
    file = write_claims(indexed)
    assert ragkit("eval", "judge-check", file, "--judge", "rules", "--quiet").code == 0
    done = ragkit(*RUN)
    assert done.code == 0, done.err
    found = {(m["name"], m["view"]): m for m in done.form["summary"]["metrics"]}
    shown = found["grounded_by_rules", "shown"]
    assert (shown["value"], shown["n"], shown["tier"]) == (1.0, 1, "T0")
    assert shown["undefined"] == 1  # an abstention asserts nothing
    assert "balanced accuracy of 1.00" in shown["note"]
    (card,) = done.form["summary"]["judges"]
    assert (card["judge"], card["data"]) == ("rules", "pairs")
    again = ragkit("eval", "rescore", "latest", "--json", "--quiet")
    assert again.form["summary"]["judges"] == [card]
    rescored = {(m["name"], m["view"]): m for m in again.form["summary"]["metrics"]}
    assert rescored["grounded_by_rules", "model"] == found["grounded_by_rules", "model"]
