"""Messages to a completion: llama.cpp in this process, a server, or a rule in place of a model."""

from ragkit.llms.gpus import Device, list_gpus
from ragkit.llms.library import load_llama_cpp
from ragkit.llms.llama_cpp import LlamaCppLLM
from ragkit.llms.lora import LoraAdapter
from ragkit.llms.openai_http import OpenAIHttpLLM
from ragkit.llms.options import LlmOptions
from ragkit.llms.plain import without_chat_template
from ragkit.llms.pool import PooledLLM
from ragkit.llms.scripted import RULES, ScriptedLLM
from ragkit.llms.several import generate_several

__all__ = [
    "RULES",
    "Device",
    "LlamaCppLLM",
    "LlmOptions",
    "LoraAdapter",
    "OpenAIHttpLLM",
    "PooledLLM",
    "ScriptedLLM",
    "generate_several",
    "list_gpus",
    "load_llama_cpp",
    "without_chat_template",
]
