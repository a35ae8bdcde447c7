"""No test reaches anything but this machine."""

import os
import socket
import warnings

import pytest
from pytest_socket import SocketBlockedError, SocketConnectBlockedError


def test_the_network_is_blocked():
    blocked = (SocketBlockedError, SocketConnectBlockedError)
    with warnings.catch_warnings(action="ignore"), pytest.raises(blocked):
        socket.create_connection(("192.0.2.1", 80), timeout=0.1)  # RFC 5737: for documentation


def test_processes_started_by_tests_are_offline():
    assert os.environ["RAGKIT_OFFLINE"] == "1"
