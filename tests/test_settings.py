"""Flag before environment before ragkit.toml before default; and what a wrong value is told."""

from dataclasses import fields
from pathlib import Path

import pytest

from ragkit.errors import UsageError
from ragkit.settings import Settings, load_settings


@pytest.fixture
def project(tmp_path):
    return tmp_path


def load(project, toml="", *, flags=None, environment=None):
    if toml:
        (project / "ragkit.toml").write_text(toml, encoding="utf-8")
    return load_settings(project, flags=flags, environment=environment or {})


def test_defaults(project):
    assert load(project) == Settings()
    assert load(project / "nowhere") == Settings()


def test_precedence(project):
    toml = 'top_n = 7\nseed = 7\nmodel = "file"\nstrategy = "file"'
    environment = {"RAGKIT_TOP_N": "8", "RAGKIT_SEED": "8", "RAGKIT_MODEL": "environment"}
    flags = {"top_n": 9, "seed": None}
    found = load(project, toml, environment=environment, flags=flags)
    assert (found.top_n, found.seed) == (9, 8)  # a flag that is None was not given
    assert (found.model, found.strategy) == ("environment", "file")
    assert found.index == "default"


def test_a_flag_may_be_zero_or_false(project):
    found = load(project, "top_k = 3\noffline = true", flags={"top_k": 0, "offline": False})
    assert (found.top_k, found.offline) == (0, False)


def test_every_setting_can_come_from_every_place(project):
    for field in fields(Settings):
        value = {str: "0", int: 200, float: 0.5, bool: True}[type(field.default)]
        literal = f'"{value}"' if isinstance(value, str) else str(value).lower()
        assert getattr(load(project, f"{field.name} = {literal}"), field.name) == value
        (project / "ragkit.toml").unlink()
        environment = {f"RAGKIT_{field.name.upper()}": str(value)}
        assert getattr(load(project, environment=environment), field.name) == value
        assert getattr(load(project, flags={field.name: value}), field.name) == value


@pytest.mark.parametrize(
    ("text", "expected"),
    [("1", True), ("true", True), ("YES", True), ("on", True),
     ("0", False), ("False", False), ("no", False), ("off", False), ("", False)],
)  # fmt: skip
def test_a_switch_in_the_environment(project, text, expected):
    assert load(project, environment={"RAGKIT_OFFLINE": text}).offline is expected


def test_a_whole_number_is_a_fraction_too(project):
    found = load(project, "temperature = 1")
    assert (found.temperature, type(found.temperature)) == (1.0, float)


def message_of(project, toml="", **places):
    with pytest.raises(UsageError) as caught:
        load(project, toml, **places)
    return caught.value.message


def test_an_unknown_key_lists_the_known(project):
    with pytest.raises(UsageError) as caught:
        load(project, "topn = 3")
    where = project / "ragkit.toml"
    assert caught.value.message.startswith(f"unknown setting in {where} 'topn'; known: ")
    assert all(field.name in caught.value.message for field in fields(Settings))
    assert caught.value.hint == "did you mean 'top_n'?"
    assert "'llm'" in message_of(project, "[llm]\nmodel = 'x'")
    assert message_of(project / "x", flags={"topn": 3}).startswith(
        "unknown setting in the command line 'topn'"
    )


@pytest.mark.parametrize(
    ("toml", "message"),
    [
        ('top_n = "5"', "top_n must be int, not '5'"),
        ("top_n = 5.0", "top_n must be int, not 5.0"),
        ("top_n = true", "top_n must be int, not True"),
        ("offline = 1", "offline must be bool, not 1"),
        ("model = 3", "model must be str, not 3"),
        ("temperature = 'hot'", "temperature must be float, not 'hot'"),
        ("top_n = 0", "top_n must be between 1 and 1000, not 0"),
        ("top_p = 1.5", "top_p must be between 0.0 and 1.0, not 1.5"),
        ("temperature = nan", "temperature must be between 0.0 and 10.0, not nan"),
        ("temperature = inf", "temperature must be between 0.0 and 10.0, not inf"),
        # Mended: said "between 0 and 2.14748e+09".
        ("seed = -1", "seed must be between 0 and 2147483647, not -1"),
    ],
)
def test_a_wrong_value_in_the_file(project, toml, message):
    assert message_of(project, toml) == f"{message} (in {project / 'ragkit.toml'})"


@pytest.mark.parametrize(
    ("variable", "text", "message"),
    [
        ("RAGKIT_TOP_N", "many", "top_n must be int, not 'many' (in RAGKIT_TOP_N)"),
        ("RAGKIT_TOP_N", "", "top_n must be int, not '' (in RAGKIT_TOP_N)"),
        ("RAGKIT_TOP_N", "0", "top_n must be between 1 and 1000, not 0 (in RAGKIT_TOP_N)"),
        ("RAGKIT_OFFLINE", "maybe", "offline must be bool, not 'maybe' (in RAGKIT_OFFLINE)"),
    ],
)
def test_a_wrong_value_in_the_environment_names_the_variable(project, variable, text, message):
    assert message_of(project, environment={variable: text}) == message


def test_a_wrong_flag(project):
    assert message_of(project, flags={"top_n": 0}) == (
        "top_n must be between 1 and 1000, not 0 (in the command line)"
    )


def test_variables_that_are_no_settings_are_ignored(project):
    """Other programs, and later versions, may have some of their own."""
    environment = {"RAGKIT_DEBUGGER": "1", "TOP_N": "9", "MY_RAGKIT_TOP_N": "9", "RAGKIT_": "x"}
    assert load(project, environment=environment) == Settings()


def test_the_environment_of_this_process_is_the_default(project, monkeypatch):
    monkeypatch.setenv("RAGKIT_TOP_N", "17")
    assert load_settings(project).top_n == 17


@pytest.mark.parametrize("content", [b"top_n = ", b"top_n = 3\ntop_n = 4", b"\xff\xfet\0o\0p\0"])
def test_broken_toml(project, content):
    path = project / "ragkit.toml"
    path.write_bytes(content)
    with pytest.raises(UsageError, match=r"is not valid TOML") as caught:
        load_settings(project, environment={})
    assert caught.value.hint == f"mend {path}"
    assert "\n" not in caught.value.message


def test_a_file_saved_by_a_windows_editor(project):
    """Mended: the mark that such editors put first was called invalid TOML."""
    (project / "ragkit.toml").write_bytes(b"\xef\xbb\xbftop_n = 3\r\n")
    assert load_settings(project, environment={}).top_n == 3


def test_unreadable(project):
    (project / "ragkit.toml").mkdir()
    assert message_of(project) == f"cannot read {project / 'ragkit.toml'}: Is a directory"


def test_derived_values(project):
    found = load(project, flags={"cache_dir": "~/models", "seed": 3})
    assert found.cache_path == Path.home() / "models"
    assert found.sampling_values == {
        "max_new_tokens": 128,
        "temperature": 0.0,
        "top_k": 40,
        "top_p": 0.95,
        "seed": 3,
    }
    assert Settings().cache_path.name == "ragkit"
