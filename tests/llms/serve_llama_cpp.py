"""Starts llama-cpp-python's own server: python serve_llama_cpp.py MODEL.gguf PORT LOGITS_ALL.

The server opens models with `llama_cpp.Llama`, which on CPUs with AMX puts weights into buffers
that crash at the first step (see `has_broken_amx`) and cannot be told otherwise. So the default
that it takes over from llama.cpp is changed here, before it starts.
"""

import sys
from functools import wraps

import llama_cpp
import uvicorn
from llama_cpp.server.app import create_app
from llama_cpp.server.settings import ModelSettings, ServerSettings

default_params = llama_cpp.llama_model_default_params


@wraps(default_params)
def without_extra_buffers():
    params = default_params()
    params.use_extra_bufts = False
    return params


llama_cpp.llama_model_default_params = without_extra_buffers
llama_cpp.llama_cpp.llama_model_default_params = without_extra_buffers

if __name__ == "__main__":
    path, port, logits_all = sys.argv[1:]
    model = ModelSettings(
        model=path,
        model_alias="small",
        n_ctx=512,
        flash_attn=False,
        logits_all=logits_all == "1",
        verbose=False,
    )
    app = create_app(server_settings=ServerSettings(port=int(port)), model_settings=[model])
    uvicorn.run(app, host="127.0.0.1", port=int(port), log_level="warning")
