"""Completions that follow a grammar, whatever the model would rather say."""

import json
import re
import string

import pytest

from ragkit.errors import UsageError
from ragkit.llms import LlamaCppLLM
from ragkit.models import prepare_llm
from ragkit.records import Message, Sampling

pytestmark = pytest.mark.model

ASKED = (Message("user", "[1] Leaves are green. [2] Fire is hot.\n\nIs ice cold?"),)
JUDGEMENT = r"""
root   ::= "{" ws "\"grounded\":" ws ("true" | "false") "," ws "\"score\":" ws [0-9] "}"
ws     ::= " "?   # at most one blank
"""
CITED = r"""
root     ::= sentence (" " sentence)?
sentence ::= word (" " word){1,8} " [" [12] "]."
word     ::= [a-zA-Z]{1,10}
"""


@pytest.fixture(scope="module")
def llm(cache_dir):
    prepared = prepare_llm("smollm2-135m-instruct", cache_dir=cache_dir)
    opened = LlamaCppLLM(prepared.path, name="small", sha256="", context_window=512)
    yield opened
    opened.close()


def say(llm, grammar, *, temperature=0.0, seed=0, limit=60):
    sampling = Sampling(limit, temperature=temperature, seed=seed, grammar=grammar)
    return llm.generate(ASKED, sampling=sampling)


@pytest.mark.parametrize(("temperature", "seed"), [(0.0, 0), (1.5, 1)])
def test_completions_have_the_form(llm, temperature, seed):
    yes_or_no = say(llm, 'root ::= "yes" | "no"', temperature=temperature, seed=seed)
    assert yes_or_no.text in ("yes", "no")
    assert yes_or_no.finish_reason == "stop"
    judged = json.loads(say(llm, JUDGEMENT, temperature=temperature, seed=seed).text)
    assert judged.keys() == {"grounded", "score"}
    cited = say(llm, CITED, temperature=temperature, seed=seed).text
    assert re.fullmatch(r"([a-zA-Z]+( [a-zA-Z]+)+ \[[12]\]\. ?){1,2}", cited)


def test_the_likeliest_of_what_is_allowed_is_chosen(llm):
    """Each letter is a token; which of them is the likeliest is asked without the grammar."""
    scores = llm.score_continuations(ASKED, string.ascii_uppercase)
    assert all(len(score) == 1 for score in scores)
    likeliest = max(zip(scores, string.ascii_uppercase, strict=True))[1]
    assert say(llm, "root ::= [A-Z]").text == likeliest


def test_a_grammar_that_allows_everything_changes_nothing(llm):
    free = say(llm, "", limit=20)
    assert say(llm, r"root ::= [^\x00]*", limit=20).text == free.text


def test_log_probabilities_are_those_of_the_model_without_the_grammar(llm):
    said = say(llm, 'root ::= "banana"')
    assert said.text == "banana"
    assert sum(said.token_logprobs) < -5


def test_characters_of_several_tokens(llm):
    assert say(llm, 'root ::= "Ω🍎日"').text == "Ω🍎日"


@pytest.mark.parametrize(
    ("grammar", "reason"),
    [
        ('root ::= "yes', "unexpected end of input"),
        ("root ::= answer", "Undefined rule identifier 'answer'"),
        ('root := "x"', 'expecting ::= at := "x"'),
        ('root ::= ("a"', r"expecting '\)' at the end"),
        ('answer ::= "x"', "no rule 'root'"),
        ('root ::= root "a" | "b"', "begins with itself"),
        ('root ::= "a"{100000}', "number of repetitions exceeds"),
        ("root ::= " + "(" * 100_000, "too many groups"),
        ('root ::= "\0"', "NUL"),
    ],
)
def test_what_is_no_grammar_is_said_with_the_reason_and_nothing_else(llm, grammar, reason, capfd):
    with pytest.raises(UsageError, match=reason):
        say(llm, grammar)
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("grammar", [r'root ::= "\x00"', 'root ::= "a" [b-a]'])
def test_a_grammar_that_cannot_be_met_is_an_error_and_not_the_end(llm, grammar):
    with pytest.raises(UsageError, match="no way on"):
        say(llm, grammar)
    assert say(llm, 'root ::= "yes"').text == "yes"
