"""Messages to a completion: llama.cpp in this process, or a rule in place of a model."""

from ragkit.llms.library import load_llama_cpp
from ragkit.llms.llama_cpp import LlamaCppLLM
from ragkit.llms.scripted import RULES, ScriptedLLM

__all__ = ["RULES", "LlamaCppLLM", "ScriptedLLM", "load_llama_cpp"]
