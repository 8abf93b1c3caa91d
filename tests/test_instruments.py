"""What coverage and sanitize leave out, and the lines that no test runs, are
still there. Both are runs of their own (./build.sh coverage, sanitize)."""

import importlib.machinery
import importlib.util
import re

import pytest

import harness

HERE = harness.ROOT / "tests" / "instrument"


@pytest.fixture(scope="module")
def run():
    loader = importlib.machinery.SourceFileLoader("run", str(HERE / "run"))
    spec = importlib.util.spec_from_loader("run", loader)
    module = importlib.util.module_from_spec(spec)
    loader.exec_module(module)
    return module


@pytest.mark.parametrize("kind", ["coverage", "sanitize"])
def test_what_is_left_out_is_there(run, kind):
    names = list(run.left_out(kind))
    assert names
    for name in names:
        path, _, function = name.partition("::")
        text = (harness.ROOT / path).read_text()
        assert f"def {function.partition('[')[0]}" in text, name


def test_what_is_not_covered_is_there(run):
    for file, function, line in run.reasons():
        text = (harness.ROOT / file).read_text()
        # From its first line to the brace at the margin; gcov does not know
        # the names of those that the library calls.
        body, = re.findall(
            rf"^(?:\w[^\n]*\b)?{function}\([^;]*?^\{{.*?^\}}$", text,
            re.MULTILINE | re.DOTALL) if function else [text]
        assert line in map(str.strip, body.splitlines()), (file, function)
