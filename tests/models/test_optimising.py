"""Which form of a model is used: what was measured here decides, and nothing that was not."""

import json

import pytest

from ragkit.models import find_llm, optimise_llm, prepare_llm
from ragkit.models.verdicts import Trial, Verdict, here, read_verdict, verdict_path, write_verdict
from tests.models.tiny_gguf import head, integer

NAME = "smollm2-135m-instruct"
CAME = Trial("as it came", 98_000_000, 314.0, 91.0)
OTHER = Trial("q8_0", 145_000_000, 670.0, 84.0)


@pytest.mark.model
def test_the_quicker_form_is_measured_kept_and_used(tmp_path):
    done = optimise_llm(NAME, cache_dir=tmp_path)
    came, other = done.verdict.trials
    assert (done.file_type, came.form, other.form) == ("Q4_1", "as it came", "q8_0")
    assert came.size_bytes == find_llm(NAME).stat().st_size < other.size_bytes
    for trial in done.verdict.trials:
        assert 1 < trial.generated_tokens_per_s < trial.prompt_tokens_per_s < 1e6
    quicker = other.answer_s() <= 0.9 * came.answer_s()
    assert done.verdict.chosen == ("q8_0" if quicker else "as it came")
    notices = []
    prepared = prepare_llm(NAME, cache_dir=tmp_path, on_notice=notices.append)
    assert (prepared.path, notices) == (done.path, [])
    kept = [path for path in (tmp_path / "models").iterdir() if path.suffix == ".gguf"]
    assert kept == ([done.path] if quicker else [])  # what is not used takes no room


@pytest.mark.model
def test_a_verdict_decides_where_it_was_made(tmp_path):
    sha256 = prepare_llm(NAME, cache_dir=tmp_path).sha256
    source = find_llm(NAME)
    path = verdict_path(source.stem, sha256, cache_dir=tmp_path)
    write_verdict(Verdict("as it came", (CAME, OTHER), *here()), path)
    assert prepare_llm(NAME, cache_dir=tmp_path).path == source
    _, version = here()
    write_verdict(Verdict("as it came", (CAME, OTHER), "another CPU", version), path)
    assert prepare_llm(NAME, cache_dir=tmp_path).path != source
    path.write_text("{")
    assert prepare_llm(NAME, cache_dir=tmp_path).path != source


def test_a_verdict_is_read_as_it_was_written(tmp_path):
    verdict = Verdict("q8_0", (CAME, OTHER), *here())
    write_verdict(verdict, tmp_path / "verdict.json")
    assert read_verdict(tmp_path / "verdict.json") == verdict
    form = json.loads((tmp_path / "verdict.json").read_text())
    (tmp_path / "verdict.json").write_text(json.dumps({**form, "format_version": 2}))
    assert read_verdict(tmp_path / "verdict.json") is None


@pytest.mark.parametrize(("file_type", "name"), [(1, "F16"), (7, "Q8_0"), (18, "Q6_K"), (99, "")])
def test_what_eight_bits_would_not_hold_or_not_help_is_left_alone(tmp_path, file_type, name):
    file = tmp_path / "model.gguf"
    file.write_bytes(head(integer("general.file_type", file_type)))
    done = optimise_llm(str(file), cache_dir=tmp_path / "cache")
    assert (done.file_type, done.verdict, done.path) == (name, None, file)
    assert not (tmp_path / "cache").exists()
