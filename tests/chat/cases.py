"""Turns of a conversation and what is asked next: follow-ups, and questions that stand alone.

A follow-up says which words the rewritten question has to hold, and with a minus which it must not.
`HELD_OUT` was written before the rules and looked at only after them: 38 of 40 were right at once.
"""

from typing import NamedTuple


class FollowUp(NamedTuple):
    """A question that needs the turn before it."""

    turn: tuple[str, str]
    asked: str
    words: str


BPE = (
    "How does byte-pair encoding work?",
    "Byte-pair encoding starts from characters and keeps merging the most frequent pair.",
)
DROPOUT_RATE = (
    "What dropout rate did the original Transformer use?",
    "The original Transformer used a dropout rate of 0.1.",
)
HOMEWORK = (
    "When is the homework of week 2 due?",
    "The homework of week 2 is due on Friday at noon.",
)
HOURS = (
    "What are the office hours of Dr. Marwede?",
    "Dr. Marwede holds office hours on Wednesdays from 13:00 to 14:30 in room A 3.21.",
)
PROPOSED = (
    "Who proposed dropout?",
    "Srivastava and Hinton proposed dropout in 2014.",
)
LSTM = (
    "What is the difference between an LSTM and a GRU?",
    "A GRU has two gates where an LSTM has three.",
)
SWITCHED = (
    "Is dropout switched off at test time?",
    "Dropout is switched off at test time.",
)
WARM_UP = (
    "Why is the learning rate warmed up?",
    "The learning rate is warmed up because early gradients are noisy.",
)
NORM = (
    "What are the advantages of layer normalisation?",
    "Layer normalisation does not depend on the batch size and works for sequences.",
)
ATTENTION = (
    "Explain scaled dot-product attention.",
    "Scaled dot-product attention divides the dot products by the root of the key dimension.",
)
EXAM = ("Is the exam open book?", "The exam is open book, but no laptops are allowed.")
RECURRENT = (
    "Can recurrent networks be trained in parallel?",
    "Recurrent networks cannot be trained in parallel over time steps.",
)
GPUS = ("How many GPUs were used to train GPT-3?", "")
KEYWORDS = ("mean pooling", "Mean pooling averages the token embeddings.")

SEEN = (
    FollowUp(BPE, "Who invented it?", "byte pair encoding invented"),
    FollowUp(BPE, "What about its downsides?", "byte pair encoding downsides"),
    FollowUp(BPE, "why?", "why byte pair encoding"),
    FollowUp(BPE, "And WordPiece?", "wordpiece work -byte -pair"),
    FollowUp(BPE, "Can you give an example?", "example byte pair encoding"),
    FollowUp(BPE, "Tell me more", "byte pair encoding"),
    FollowUp(BPE, "Which models use it?", "models use byte pair encoding"),
    FollowUp(BPE, "What does that mean?", "mean byte pair encoding"),
    FollowUp(DROPOUT_RATE, "And for BERT?", "dropout rate bert use -transformer"),
    FollowUp(DROPOUT_RATE, "what about BERT?", "dropout rate bert -transformer"),
    FollowUp(DROPOUT_RATE, "How many layers did it have?", "layers transformer"),
    FollowUp(HOMEWORK, "and in week 3?", "homework week 3 due -2"),
    FollowUp(HOMEWORK, "What about week 4?", "homework week 4 due -2"),
    FollowUp(HOMEWORK, "How is it graded?", "homework graded"),
    FollowUp(HOMEWORK, "And the project?", "project due -homework"),
    FollowUp(HOURS, "Where are they?", "where office hours marwede"),
    FollowUp(HOURS, "How can I reach her?", "reach marwede"),
    FollowUp(HOURS, "What about Dr. Osei?", "office hours osei -marwede"),
    FollowUp(HOURS, "What is her email?", "email marwede"),
    FollowUp(PROPOSED, "When did they publish it?", "publish srivastava hinton dropout"),
    FollowUp(PROPOSED, "And batch normalisation?", "proposed batch normalisation -dropout"),
    FollowUp(LSTM, "Which one is faster?", "faster lstm gru"),
    FollowUp(LSTM, "Is the latter easier to train?", "easier train gru"),
    FollowUp(SWITCHED, "Why?", "why dropout switched off test time"),
    FollowUp(SWITCHED, "and at training time?", "dropout switched training time -test"),
    FollowUp(WARM_UP, "For how long?", "how long learning rate warmed"),
    FollowUp(WARM_UP, "Does Adam need it?", "adam need learning rate"),
    FollowUp(NORM, "And the disadvantages?", "disadvantages layer normalisation -advantages"),
    FollowUp(NORM, "What are the disadvantages?", "disadvantages layer normalisation"),
    FollowUp(ATTENTION, "why is it scaled?", "why scaled dot product attention"),
    FollowUp(ATTENTION, "Who came up with this?", "came dot product attention"),
    FollowUp(EXAM, "When is it?", "when exam"),
    FollowUp(EXAM, "How long does it take?", "long take exam"),
    FollowUp(RECURRENT, "and Transformers?", "transformers trained parallel -recurrent"),
    FollowUp(GPUS, "And how many for BERT?", "gpus train bert -3"),
    FollowUp(KEYWORDS, "How does it treat padding?", "padding mean pooling"),
    FollowUp(KEYWORDS, "what else?", "else mean pooling"),
)
"""Follow-ups that the rules were written with."""

HELD_OUT = (
    FollowUp(BPE, "when was it introduced?", "introduced byte pair encoding"),
    FollowUp(BPE, "Is it used in GPT-2?", "used gpt 2 byte pair encoding"),
    FollowUp(BPE, "What are its limitations?", "limitations byte pair encoding"),
    FollowUp(BPE, "And how is it different from WordPiece?", "different byte pair encoding"),
    FollowUp(BPE, "ok, but why?", "why byte pair encoding"),
    FollowUp(DROPOUT_RATE, "Why did they choose that?", "choose dropout rate transformer"),
    FollowUp(DROPOUT_RATE, "And what learning rate?", "learning rate transformer -dropout"),
    FollowUp(DROPOUT_RATE, "how about GPT-2?", "dropout rate gpt 2 -transformer"),
    FollowUp(HOMEWORK, "and the second one?", "homework second due"),
    FollowUp(HOMEWORK, "what about the final report?", "final report due -homework"),
    FollowUp(HOMEWORK, "Can I submit it late?", "submit late homework"),
    FollowUp(HOMEWORK, "for week 5?", "homework week 5 due -2"),
    FollowUp(HOURS, "In which room?", "room office hours marwede"),
    FollowUp(HOURS, "does she also have them on Fridays?", "fridays office hours marwede"),
    FollowUp(HOURS, "and Prof. Lindqvist?", "office hours lindqvist -marwede"),
    FollowUp(PROPOSED, "In which year?", "year proposed dropout"),
    FollowUp(PROPOSED, "What problem does it solve?", "problem solve dropout"),
    FollowUp(PROPOSED, "What about weight decay?", "proposed weight decay -dropout"),
    FollowUp(LSTM, "Which of them has fewer parameters?", "fewer parameters lstm gru"),
    FollowUp(LSTM, "what about a plain RNN?", "plain rnn difference"),
    FollowUp(SWITCHED, "how come?", "dropout switched off test time"),
    FollowUp(SWITCHED, "And batch normalisation?", "batch normalisation switched test -dropout"),
    FollowUp(WARM_UP, "and then?", "learning rate warmed"),
    FollowUp(WARM_UP, "How many steps does that take?", "steps take learning rate"),
    FollowUp(WARM_UP, "Is this always necessary?", "necessary learning rate"),
    FollowUp(NORM, "and of batch normalisation?", "advantages batch normalisation -layer"),
    FollowUp(NORM, "Where is it placed in the Transformer?", "placed layer normalisation"),
    FollowUp(ATTENTION, "Why?", "why attention"),
    FollowUp(ATTENTION, "explain it more simply", "simply dot product attention"),
    FollowUp(ATTENTION, "and multi-head attention?", "multi head attention -scaled -dot"),
    FollowUp(EXAM, "are notes allowed in it?", "notes allowed exam"),
    FollowUp(EXAM, "And the midterm?", "midterm open book -exam"),
    FollowUp(EXAM, "What happens if I miss it?", "miss exam"),
    FollowUp(RECURRENT, "Why not?", "why recurrent networks trained parallel"),
    FollowUp(RECURRENT, "What are their alternatives?", "alternatives recurrent networks"),
    FollowUp(GPUS, "How much did that cost?", "cost gpus gpt 3"),
    FollowUp(GPUS, "and GPT-2?", "gpus train gpt 2 -3"),
    FollowUp(KEYWORDS, "formula?", "formula mean pooling"),
    FollowUp(KEYWORDS, "is that better than max pooling?", "better max pooling mean"),
    FollowUp(KEYWORDS, "give me an example", "example mean pooling"),
)
"""Follow-ups that the rules were not written with."""

ASSIGNMENT = (
    "When is assignment 2 due?",
    "Assignment 2 is due on Friday 24 October.",
)
COLLAPSE = (
    "What is mode collapse?",
    "Mode collapse means that the generator produces few kinds of samples.",
)
HNSW = (
    "How does HNSW work?",
    "HNSW builds a graph of layers and walks it greedily.",
)
TEACHES = (
    "Who teaches the course?",
    "Dr. Marwede teaches the course; Ms. Okafor holds the labs.",
)
CHINCHILLA = (
    "What learning rate was used to train Chinchilla?",
    "Chinchilla was trained with a learning rate of 1e-4.",
)
BERT_GPT = (
    "What is the difference between BERT and GPT?",
    "BERT reads both sides, GPT only the left.",
)

UNSEEN = (
    FollowUp(ASSIGNMENT, "how much is it worth?", "assignment 2 much worth"),
    FollowUp(ASSIGNMENT, "and the project?", "project due -2"),
    FollowUp(ASSIGNMENT, "can I get an extension for it?", "extension assignment 2"),
    FollowUp(COLLAPSE, "How can it be avoided?", "avoided mode collapse"),
    FollowUp(COLLAPSE, "and posterior collapse?", "posterior collapse -mode"),
    FollowUp(COLLAPSE, "which GANs suffer from it?", "gans mode collapse"),
    FollowUp(COLLAPSE, "why does that happen?", "happen mode collapse"),
    FollowUp(COLLAPSE, "any examples?", "examples mode collapse"),
    FollowUp(HNSW, "Is it exact?", "exact hnsw"),
    FollowUp(HNSW, "compared to product quantisation?", "product quantisation hnsw"),
    FollowUp(HNSW, "and how much memory does it need?", "memory hnsw"),
    FollowUp(HNSW, "how do IVF indexes differ from it?", "ivf differ hnsw"),
    FollowUp(TEACHES, "what's his email?", "email marwede"),
    FollowUp(TEACHES, "When are her office hours?", "office hours marwede"),
    FollowUp(TEACHES, "and the labs?", "labs teaches"),
    FollowUp(TEACHES, "where is their office?", "office marwede"),
    FollowUp(CHINCHILLA, "and batch size?", "batch size chinchilla -learning"),
    FollowUp(CHINCHILLA, "what about Gopher?", "gopher learning rate -chinchilla"),
    FollowUp(CHINCHILLA, "why so low?", "learning rate chinchilla"),
    FollowUp(CHINCHILLA, "On how many tokens was it trained?", "tokens chinchilla"),
    FollowUp(BERT_GPT, "which is better for classification?", "classification bert gpt"),
    FollowUp(BERT_GPT, "and T5?", "t5 difference"),
    FollowUp(BERT_GPT, "What do they have in common?", "common bert gpt"),
    FollowUp(BERT_GPT, "explain the second one", "bert gpt second"),
)
"""The same again, written after the rules; with `MISSED`, 21 of 25 were right at once."""

MISSED = (FollowUp(HNSW, "What are the other options?", "options hnsw"),)
"""Follow-ups that are taken for questions that stand alone: rules that saw them would err more."""

ALONE = (
    "What is attention and how does it work?",
    "Is it possible to hand in the homework late?",
    "How long does it take to train GPT-3?",
    "What is this course about?",
    "And what is dropout?",
    "So is softmax differentiable?",
    "How does BERT differ from GPT in its pretraining?",
    "Why do GANs collapse when they are trained too long?",
    "What is one-shot prompting?",
    "Who teaches this course?",
    "What is due this week?",
    "When is the exam?",
    "What is the loss that GANs minimise?",
    "Does the model forget that it was trained?",
    "What happens to the gradient if it explodes?",
    "Which optimiser does the course recommend?",
    "How many parameters does GPT-2 have?",
    "dropout rate transformer",
    "mean pooling formula",
    "Explain self-attention.",
    "List the lectures of week 3",
    "What are the advantages of residual connections?",
    "Is there an exam in this course?",
    "Are there exercises on tokenisation?",
    "What does it mean for a loss to be convex?",
    "Is it true that BERT uses WordPiece?",
    "Tell me about positional encodings",
    "Can a perceptron learn XOR?",
    "Why is softmax used in the output layer?",
    "What is the IT service desk's phone number?",
    "What is the first assignment about?",
    "How does one compute the perplexity of a model?",
    "What do the authors say about their data set?",
    "Where can I find the slides?",
    "When does the second tutorial take place?",
    "Give an example of a regular expression.",
    "What is the difference between precision and recall?",
    "Who wrote Attention Is All You Need?",
    "Thanks!",
    "What's the main idea of attention?",
    "what's the drawback of maxout",
    "When does it make sense to share weights?",
    "Where's the exam?",
    "Why does BERT mask the words it has to predict?",
    "But what about the gradient of ReLU at zero, is it defined?",
    "Which one of the lectures covers GANs?",
    "Is the attention matrix symmetric, and why is that?",
)
"""Questions that are to be left as they are."""
