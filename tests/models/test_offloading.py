"""How many layers go onto a GPU: as pure numbers, and on the machine that runs the tests."""

import psutil
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ragkit.llms import LlamaCppLLM, list_gpus
from ragkit.llms.gpus import list_devices
from ragkit.models import find_llm
from ragkit.models.gguf import ModelShape
from ragkit.models.offloading import choose_gpu_layers, fitting_layers, parts_of

GB = 1_000_000_000
sizes = st.integers(0, 200 * GB)


@given(sizes, sizes, st.integers(1, 200), st.integers(128, 200_000))
def test_what_goes_there_fits_and_more_memory_takes_no_fewer(free, size, layers, window):
    shape = ModelShape(context=32_768, cache_bytes=100_000, layers=layers)
    fitted = fitting_layers(shape, size_bytes=size, context_window=window, free_bytes=free)
    assert 0 <= fitted <= layers + 1
    of_a_layer = (size + 100_000 * min(window, 32_768)) / (layers + 1)
    assert fitted == 0 or fitted * of_a_layer <= 0.9 * free
    more = fitting_layers(shape, size_bytes=size, context_window=window, free_bytes=2 * free)
    assert more >= fitted


def test_a_small_model_goes_there_whole_and_a_large_one_not_at_all():
    small = ModelShape(context=8192, cache_bytes=23_040, layers=30)
    assert fitting_layers(small, size_bytes=GB // 10, context_window=4096, free_bytes=2 * GB) == 31
    large = ModelShape(context=8192, cache_bytes=320_000, layers=80)
    assert fitting_layers(large, size_bytes=40 * GB, context_window=4096, free_bytes=GB) == 0


def test_the_files_of_a_split_model(tmp_path):
    first = tmp_path / "big-q4_k_m-00001-of-00003.gguf"
    assert [path.name for path in parts_of(first)] == [
        "big-q4_k_m-00001-of-00003.gguf",
        "big-q4_k_m-00002-of-00003.gguf",
        "big-q4_k_m-00003-of-00003.gguf",
    ]
    assert parts_of(tmp_path / "small.gguf") == (tmp_path / "small.gguf",)


def test_the_devices_of_this_machine():
    """The CPU is one, so that what is read of devices is checked where there is no GPU."""
    (cpu,) = (device for device in list_devices() if device.kind == 0)
    assert cpu.total_bytes == pytest.approx(psutil.virtual_memory().total, rel=0.01)
    assert cpu.name
    assert cpu not in list_gpus()


@pytest.mark.model
def test_asked_for_is_what_counts_and_without_a_gpu_nothing_goes_there():
    path = find_llm("smollm2-135m-instruct")
    assert choose_gpu_layers(path, asked=7, context_window=512) == 7
    fitting = choose_gpu_layers(path, asked=-1, context_window=512)
    assert fitting == (31 if list_gpus() else 0)
    llm = LlamaCppLLM(path, name="small", sha256="", context_window=512, gpu_layers=fitting)
    assert llm.layers_on_gpu == (fitting, 31)
    llm.close()
