"""Messages to a completion by any server that speaks OpenAI's chat protocol, here or elsewhere.

`address` reads what a user typed, `server` sends requests and says what went wrong, `events` reads
what comes back, `llm` makes an `LLM` of them.
"""

from ragkit.llms.openai_http.address import (
    ServerAddress,
    find_api_key,
    is_server_address,
    parse_address,
    refuse_network,
)
from ragkit.llms.openai_http.llm import OpenAIHttpLLM

__all__ = [
    "OpenAIHttpLLM",
    "ServerAddress",
    "find_api_key",
    "is_server_address",
    "parse_address",
    "refuse_network",
]
