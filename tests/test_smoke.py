"""The first things a new user tries."""

import pytest


@pytest.mark.parametrize("code", [0, 1, 42, 125, 255])
def test_the_apps_exit_code_is_handed_back(container, rind, code):
    process = container("--user=app", "sh", "-c", f"exit {code}", binary=rind)
    assert process.wait() == code
    assert process.err == ""


def test_help_fits_a_screen_and_a_half(plain):
    process = plain("--help")
    assert process.wait() == 0
    assert process.out.count("\n") <= 64
    assert max(map(len, process.out.splitlines())) <= 80


def test_sigterm_reaches_the_app(container, rind):
    process = container("--user=app", "sh", "-c",
                        "trap 'echo got it; exit 3' TERM; echo ready; "
                        "while :; do sleep 1 & wait; done", binary=rind)
    process.read_until("ready")
    process.kill("TERM")
    process.read_until("got it")
    assert process.wait() == 3
