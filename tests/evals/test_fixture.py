"""The fictional courses and their items: what they promise to whoever measures with them."""

import json
import re
import subprocess
import sys
import tomllib
from collections import Counter
from functools import cache
from pathlib import Path

from ragkit.chunking import chunk_document
from ragkit.documents import find_documents, read_document
from ragkit.encoders.hashing import HashingEncoder
from ragkit.evaluation.scoring import holds_answer
from ragkit.prompting.worked_examples import read_examples

REPOSITORY = Path(__file__).parents[2]
FIXTURE = REPOSITORY / "evals" / "fixture"
CORPUS = FIXTURE / "corpus"
VARIANTS = REPOSITORY / "ragkit" / "evaluation" / "variants"
EXAMPLE_SETS = sorted((VARIANTS / "examples").glob("*.toml"))
KINDS = {
    "answerable": 66,
    "counterfactual": 12,
    "noisy": 80,
    "conflicting": 6,
    "false-premise": 18,
    "unanswerable-near": 25,
    "unanswerable-far": 9,
    "leak": 12,
    "closed-book": 70,
}
"""Least items of each kind."""
HAS_GOLD = {"answerable", "counterfactual", "noisy", "conflicting", "false-premise"}
HAS_ANSWERS = {"answerable", "counterfactual", "noisy", "conflicting", "closed-book"}
HAS_ABSENT = {"unanswerable-near", "unanswerable-far", "leak"}
OWN_FIELDS = {
    "answerable": set(),
    "counterfactual": set(),
    "noisy": {"of", "distractors"},
    "conflicting": {"sides"},
    "false-premise": {"premise", "correction"},
    "unanswerable-near": {"absent"},
    "unanswerable-far": {"absent"},
    "leak": {"absent"},
    "closed-book": {"of"},
}
SHARED_FIELDS = set("id base_id group kind size type question answers reference gold".split())


def lines_of(suite):
    """Return the samples of a suite, with what a file leaves out where it is empty."""
    text = (FIXTURE.parent / suite / "samples.jsonl").read_text(encoding="utf-8")
    empty = {"size": "default", "answers": [], "reference": "", "gold": [], "type": ""}
    return [{**empty, **json.loads(line)} for line in text.splitlines()]


ITEMS, WORDINGS, TWINS, SEARCHES = map(
    lines_of, ("hallucination", "brittleness", "memorisation", "retrieval")
)


def items(*kinds):
    return [item for item in ITEMS if item["kind"] in kinds]


@cache
def documents():
    found = find_documents(CORPUS).files
    return {file.name: read_document(CORPUS / file.name, name=file.name) for file in found}


def stands_in(term, text):
    """Say whether a term stands in a text as words of their own, whatever the case."""
    return re.search(rf"(?<!\w){re.escape(term)}(?!\w)", text, re.IGNORECASE) is not None


def stands_in_documents(term):
    return [name for name, document in documents().items() if stands_in(term, document.text)]


def prompt_files():
    room = REPOSITORY / "ragkit" / "prompting"
    built_in = [*room.glob("examples/*.toml"), *room.glob("templates/*.toml")]
    assert built_in
    return [*built_in, *EXAMPLE_SETS, VARIANTS / "instructions.toml"]


def test_the_courses_have_many_formats_and_passages():
    suffixes = {Path(name).suffix for name in documents()}
    assert suffixes == {".md", ".txt", ".csv", ".html", ".pdf", ".pptx", ".docx", ".ipynb"}
    assert not find_documents(CORPUS).skipped
    encoder, chunks = HashingEncoder(), Counter()
    for name, document in documents().items():
        cut = chunk_document(document, encoder=encoder, max_tokens=200)
        chunks[name.split("/")[0]] += len(cut)
    assert set(chunks) == {"science", "humanities", "engineering"}
    assert min(chunks.values()) >= 18
    assert 55 <= chunks.total() <= 80


def test_there_are_items_of_every_kind():
    counts = Counter(item["kind"] for item in ITEMS)
    assert set(counts) == set(KINDS)
    assert all(counts[kind] >= least for kind, least in KINDS.items()), counts


def test_ids_are_unique_and_questions_are_asked_once_a_kind():
    ids = [item["id"] for item in ITEMS]
    assert len(set(ids)) == len(ids)
    for kind in set(KINDS) - {"noisy"}:
        questions = [item["question"] for item in items(kind)]
        assert len(set(questions)) == len(questions), kind


def test_the_quick_run_has_all_kinds_and_courses():
    smoke = [item for item in ITEMS if item["size"] == "smoke"]
    assert len(smoke) == 24
    assert {item["size"] for item in ITEMS} == {"smoke", "default"}
    assert set(Counter(item["group"] for item in smoke).values()) == {8}
    counts = Counter(item["kind"] for item in smoke)
    assert set(counts) == set(KINDS)
    assert min(counts.values()) >= 2


def test_items_have_the_fields_of_their_kind():
    known_to_world = {item["base_id"] for item in items("counterfactual", "leak")}
    for item in ITEMS:
        kind = item["kind"]
        assert set(item) - SHARED_FIELDS - {"world"} == OWN_FIELDS[kind], item["id"]
        assert ("world" in item) == (item["base_id"] in known_to_world), item["id"]
        assert item["id"].startswith(item["base_id"] + "."), item["id"]
        assert item["question"].endswith("?"), item["id"]
        assert bool(item["gold"]) == (kind in HAS_GOLD), item["id"]
        assert bool(item["answers"]) == bool(item["reference"]) == (kind in HAS_ANSWERS), item["id"]


def test_bundles_are_whole():
    by_id = {item["id"]: item for item in ITEMS}
    for item in items("noisy", "closed-book"):
        first = by_id[item["of"]]
        assert first["base_id"] == item["base_id"]
        assert all(first[key] == item[key] for key in ("question", "answers", "reference"))
        assert item["kind"] == "closed-book" or item["gold"] == first["gold"]
    closed = Counter(item["of"] for item in items("closed-book"))
    assert closed == Counter(item["id"] for item in items("answerable", "counterfactual"))
    crowds = Counter((item["of"], item["distractors"]) for item in items("noisy"))
    assert set(crowds) == {(first, count) for first, _ in crowds for count in (0, 2, 4, 8)}
    known = {item["base_id"] for item in items("answerable")}
    assert {item["base_id"] for item in items("unanswerable-near", "false-premise")} <= known


def test_gold_stands_where_it_says():
    for item in ITEMS:
        for gold in item["gold"]:
            document = documents()[gold["document"]]
            assert document.text[gold["start"] : gold["end"]] == gold["quote"], item["id"]
            assert gold["document"].startswith(item["group"] + "/"), item["id"]
            assert (gold.get("page") is None) == (not document.pages), item["id"]
            if gold.get("page") is not None:
                page = document.pages[gold.get("page") - 1]
                assert page.start <= gold["start"] < gold["end"] <= page.end, item["id"]


def test_parts_of_gold_are_needed_together():
    for item in ITEMS:
        parts = {gold.get("part", 0) for gold in item["gold"]}
        assert parts == set(range(len(item["gold"]))), item["id"]
        assert item["kind"] != "conflicting" or parts == {0, 1}, item["id"]
    assert sum(len(item["gold"]) == 2 for item in items("answerable")) >= 6


def test_an_accepted_answer_stands_in_gold_and_none_in_the_question():
    for item in items("answerable", "counterfactual", "noisy"):
        assert holds_answer(item["answers"], item["gold"][0]["quote"]), item["id"]
        assert holds_answer(item["answers"], item["reference"]), item["id"]
        assert not holds_answer(item["answers"], item["question"]), item["id"]


def test_each_side_of_a_conflict_stands_in_its_own_document_alone():
    for item in items("conflicting"):
        first, second = item["gold"]
        assert first["document"] != second["document"], item["id"]
        for gold, sides in ((first, item["sides"]), (second, item["sides"][::-1])):
            assert holds_answer(sides[0], gold["quote"]), item["id"]
            assert not holds_answer(sides[1], gold["quote"]), item["id"]
        assert all(holds_answer(side, item["reference"]) for side in item["sides"]), item["id"]


def test_a_false_premise_is_put_right_by_its_gold():
    for item in items("false-premise"):
        quotes = " ".join(gold["quote"] for gold in item["gold"])
        assert stands_in(item["premise"], item["question"]), item["id"]
        assert holds_answer(item["correction"], quotes), item["id"]
        assert not holds_answer(item["correction"], item["question"]), item["id"]


def test_no_document_holds_what_is_absent():
    for item in ITEMS:
        assert bool(item.get("absent")) == (item["kind"] in HAS_ABSENT), item["id"]
        found = {term: stands_in_documents(term) for term in item.get("absent", ())}
        assert not any(found.values()), (item["id"], found)


def test_no_document_holds_what_the_world_says():
    for item in items("counterfactual", "leak"):
        for name, document in documents().items():
            assert not holds_answer(item["world"], document.text), (item["id"], name)


def test_a_twin_differs_in_one_thing():
    asked = {item["id"] for item in items("answerable", "counterfactual", "closed-book")}
    assert {item["id"] for item in TWINS} == asked
    for item in (item for item in TWINS if item["kind"] != "closed-book"):
        twin = item["twin"]
        before, after = twin["swap"]
        assert twin["original"] == item["gold"][0]["quote"], item["id"]
        assert twin["original"].replace(before, after) == twin["swapped"], item["id"]
        assert twin["original"].count(before) == 1, item["id"]
        assert bool(re.search(r"\d", before)) == bool(re.search(r"\d", after)), item["id"]
        assert before[0].isupper() == after[0].isupper(), item["id"]
        assert not holds_answer(item["answers"], twin["swapped"]), item["id"]
        assert holds_answer(item.get("world", [after]), twin["swapped"]), item["id"]


def test_wordings_keep_numbers_names_and_terms():
    assert len({line["base_id"] for line in WORDINGS}) == len(WORDINGS) == 60
    assert Counter(line["kind"] for line in WORDINGS) == {
        "answerable": 48,
        "unanswerable-near": 12,
    }
    assert set(Counter(line["group"] for line in WORDINGS).values()) == {20}
    assert sum(set(line.get("translations", ())) == {"de", "fr"} for line in WORDINGS) >= 40
    for line in WORDINGS:
        kept = line.get("keep", [])
        assert re.findall(r"\d+", line["question"]) == re.findall(r"\d+", " ".join(kept))
        words = [*line["paraphrases"], line["question"]]
        assert len(line["paraphrases"]) == 4
        assert len({word.lower() for word in words}) == 5, line["base_id"]
        for wording in [*words, *line.get("translations", {}).values()]:
            assert wording.endswith("?"), wording
            lost = [term for term in kept if term.lower() not in wording.lower()]
            assert not lost, wording


def test_no_wording_gives_the_answer_away():
    for item in SEARCHES:
        assert not holds_answer(item["answers"], item["question"]), item["id"]
    for line in WORDINGS:
        for wording in [*line["paraphrases"], *line.get("translations", {}).values()]:
            assert not holds_answer(line["answers"], wording), wording


def test_a_fact_is_searched_for_in_other_words_and_languages():
    whole = [line for line in SEARCHES if line["size"] != "full"]
    facts = {item["id"] for item in items("answerable")}
    assert {line["of"] for line in whole if ".paraphrase-" in line["id"]} == facts
    assert Counter(line["of"] for line in SEARCHES if ".paraphrase-" in line["id"]) == Counter(
        dict.fromkeys(facts, 4)
    )
    assert Counter(line.get("language", "en") for line in SEARCHES)["de"] >= 33
    by_id = {line["id"]: line for line in SEARCHES}
    for line in SEARCHES:
        first = by_id[line.get("of", line["id"])]
        assert (line["gold"], line["answers"]) == (first["gold"], first["answers"]), line["id"]


def test_one_sample_means_the_same_in_every_suite():
    known = {item["id"]: item for item in ITEMS}
    for line in [*WORDINGS, *TWINS, *SEARCHES]:
        if line["id"] in known:
            item = known[line["id"]]
            assert {key: line[key] for key in item if key != "size"} == {
                key: value for key, value in item.items() if key != "size"
            }, line["id"]


def test_quick_runs_are_quick_and_of_all_courses():
    for lines, kinds in ((WORDINGS, 2), (TWINS, 3), (SEARCHES, 6)):
        quick = [line for line in lines if line["size"] == "smoke"]
        assert 8 <= len(quick) <= 12
        assert {line["group"] for line in quick} == {"science", "humanities", "engineering"}
        assert len({line["kind"] for line in quick}) == kinds


def test_prompts_hold_nothing_of_the_courses():
    strings = {kept for line in WORDINGS for kept in line.get("keep", []) if not kept.isdigit()}
    assert "Lake Vurdemmer" in strings
    names = (item for item in TWINS if item["kind"] == "answerable" and item["type"] == "name")
    strings |= {item["twin"]["swap"][0] for item in names}
    strings |= {gold["quote"] for item in ITEMS for gold in item["gold"]}
    assert len(strings) > 100
    for path in prompt_files():
        text = path.read_text(encoding="utf-8")
        assert not [string for string in strings if stands_in(string, text)], path


def test_example_sets_are_read_and_have_two_orders():
    for path in EXAMPLE_SETS:
        examples = read_examples(path, with_reasoning=True)
        assert [example.abstains for example in examples] == [True, False, False], path
        assert all("[" in example.answer for example in examples[1:]), path
    table = tomllib.loads((VARIANTS / "orders.toml").read_text(encoding="utf-8"))
    assert table["sets"] == [path.stem for path in EXAMPLE_SETS] == ["a", "b", "c"]
    assert [sorted(order) for order in table["orders"]] == [[0, 1, 2]] * 2
    assert table["orders"][0] != table["orders"][1]


def test_instructions_all_ask_for_the_same():
    text = (VARIANTS / "instructions.toml").read_text(encoding="utf-8")
    rows = tomllib.loads(text)["instruction"]
    needed = ("{{ abstention }}", "like [1]", "sources", "three sentences", "words")
    assert len({row["id"] for row in rows}) == len({row["system"] for row in rows}) == 6
    for row in rows:
        assert all(text in row["system"] for text in needed), row["id"]


def run_script(name, *arguments):
    subprocess.run([sys.executable, FIXTURE / "src" / name, *arguments], check=True)


def test_items_are_what_the_bundles_make():
    run_script("items.py", "--check")


def test_documents_are_built_again_from_their_sources(tmp_path):
    run_script("build.py", tmp_path / "a")
    run_script("build.py", tmp_path / "b")
    built = sorted(path.relative_to(tmp_path / "a") for path in (tmp_path / "a").rglob("*.*"))
    assert len(built) == 4
    for name in built:
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes(), name
        again = read_document(tmp_path / "a" / name, name=name.as_posix())
        assert again.text == documents()[name.as_posix()].text, name
        assert again.title == documents()[name.as_posix()].title, name
