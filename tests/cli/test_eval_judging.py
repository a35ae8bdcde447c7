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
    few = write_claims(project, rows=lambda: rows()[:8])
    done = ragkit("eval", "judge-check", few, "--judge", "rules")
    assert done.code == 2
    assert "too few" in done.err
    done = ragkit("eval", "judge-check", few, "--judge", "oracle")
    assert done.code == 2
    assert "oracle" in done.err
    done = ragkit("eval", "judge-check", "none.jsonl")
    assert done.code == 2
    assert "none.jsonl" in done.err
