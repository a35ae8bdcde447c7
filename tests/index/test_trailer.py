"""A file derived from the catalog: no flipped byte, anywhere in it, is taken for the file."""

from ragkit.index.trailer import Stamp, append_trailer, has_right_checksum, read_trailer

STAMP = Stamp("f" * 32, 7)


def write_file(path, data):
    path.write_bytes(data)
    append_trailer(path, STAMP)
    return path


def is_whole(path):
    trailer = read_trailer(path)
    return trailer is not None and has_right_checksum(path, trailer)


def test_it_says_what_the_data_were_made_of(tmp_path):
    path = write_file(tmp_path / "data", b"data" * 1000)
    trailer = read_trailer(path)
    assert trailer.is_of(STAMP)
    assert not trailer.is_of(STAMP._replace(generation=8))
    assert not trailer.is_of(Stamp("e" * 32, 7))
    assert trailer.data_bytes == 4000
    assert is_whole(path)
    assert path.read_bytes().startswith(b"data" * 1000)


def test_a_flipped_byte_anywhere(tmp_path):
    path = write_file(tmp_path / "data", bytes(range(256)) * 3)
    whole = path.read_bytes()
    for at in range(len(whole)):
        for flipped in (whole[at] ^ 1, whole[at] ^ 0x80, whole[at] ^ 0xFF):
            path.write_bytes(whole[:at] + bytes([flipped]) + whole[at + 1 :])
            assert not is_whole(path), at
    path.write_bytes(whole)
    assert is_whole(path)


def test_another_length(tmp_path):
    path = write_file(tmp_path / "data", b"x" * 100)
    whole = path.read_bytes()
    for torn in (b"", *(whole[:length] for length in range(len(whole))), whole + b"\0"):
        path.write_bytes(torn)
        assert not is_whole(path)
    path.unlink()
    assert not is_whole(path)


def test_no_data(tmp_path):
    assert is_whole(write_file(tmp_path / "data", b""))
