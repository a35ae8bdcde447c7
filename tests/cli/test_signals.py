"""A signal to end is remembered once; a second one ends."""

import signal

import pytest

from ragkit.cli.signals import hearing, remembering


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_first_is_remembered_and_the_second_goes_on(number):
    heard = []
    with hearing(lambda came, _frame: heard.append(came)):
        with remembering() as stop:
            assert not stop.came
            signal.raise_signal(number)
            assert stop.came
            assert heard == []
            signal.raise_signal(number)
            assert heard == [number]
        signal.raise_signal(number)
    assert heard == [number, number]


def test_who_heard_before_hears_again():
    before = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)]
    with remembering():
        assert signal.getsignal(signal.SIGINT) != before[0]
    assert [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)] == before
