"""What coverage and sanitize leave out, and the lines that no test runs, are
still there. Both are runs of their own (./build.sh coverage, sanitize)."""

import importlib.machinery
import importlib.util

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
    texts = {}
    for file, line in run.reasons():
        if file not in texts:
            texts[file] = {text.strip() for text in
                           (harness.ROOT / file).read_text().splitlines()}
        assert line in texts[file], f"{file}: {line}"
