"""What this machine has to give, also where a container is given less of it."""

from ragkit.machine import Memory, main_memory


def test_memory_of_a_machine_without_limits(tmp_path):
    memory = main_memory(tmp_path)
    assert 0 < memory.available <= memory.total
    (tmp_path / "memory.max").write_text("max\n")
    assert main_memory(tmp_path).total == memory.total


def test_memory_of_a_container(tmp_path):
    """What is only kept of files is given back when it is needed."""
    (tmp_path / "memory.max").write_text("1000000\n")
    (tmp_path / "memory.current").write_text("800000\n")
    (tmp_path / "memory.stat").write_text("anon 500000\ninactive_file 300000\nactive_file 0\n")
    assert main_memory(tmp_path) == Memory(available=500_000, total=1_000_000)
