"""What docs/ARCHITECTURE.md and docs/CONTRIBUTING.md name is in the tree."""

import functools
import re

import pytest

import harness

DOCUMENTS = ["ARCHITECTURE.md", "CONTRIBUTING.md"]
# What is not of the tree: built, of the system, of the C library.
ELSEWHERE = {"build/rind", "malloc()"}
SUFFIXES = (".c", ".h", ".ld", ".md", ".py", ".8", ".sh")


@functools.cache
def sources():
    """The program's sources and the Makefile, as one text."""
    root = harness.ROOT
    paths = [path for path in root.glob("**/*.[ch]")
             if path.relative_to(root).parts[0] not in ("build", "tests")]
    return "\n".join(path.read_text() for path in [*paths, root / "Makefile"])


def named(document):
    """What stands between backticks in the text, and not in its blocks."""
    text = (harness.ROOT / "docs" / document).read_text()
    text = re.sub(r"(?ms)^```.*?^```$", "", text)
    return set(re.findall(r"`([^`]+)`", text)) - ELSEWHERE


def diagram_names():
    """The functions that the drawings of ARCHITECTURE.md name."""
    text = (harness.ROOT / "docs" / "ARCHITECTURE.md").read_text()
    blocks = re.findall(r"(?ms)^```\n(.*?)^```$", text)
    return set(re.findall(r"\b[a-z]+_[a-z_]+\b", "".join(blocks)))


def is_path(word):
    return re.fullmatch(r"\.?[\w.-][\w./-]*", word) and (
        "/" in word or word.endswith(SUFFIXES))


def paths(document):
    return {word.split()[0].removeprefix("./") for word in named(document)
            if is_path(word.split()[0])}


@pytest.mark.parametrize("document", DOCUMENTS)
def test_each_path_is_there(document):
    places = [harness.ROOT, harness.ROOT / "setup"]
    assert len(paths(document)) > 10
    for path in paths(document):
        assert any((place / path).exists() for place in places), path


@pytest.mark.parametrize("document", DOCUMENTS)
def test_each_link_leads_to_a_file(document):
    text = (harness.ROOT / "docs" / document).read_text()
    for target in re.findall(r"\]\(([^)#]+)", text):
        assert (harness.ROOT / "docs" / target).exists(), target


def test_each_function_is_there():
    functions = {word[:-2] for document in DOCUMENTS
                 for word in named(document) if re.fullmatch(r"\w+\(\)", word)}
    assert len(functions) > 30
    for name in functions | diagram_names():
        assert re.search(rf"\b{name}\(", sources()), name


def test_each_struct_and_each_other_name_is_there():
    words = {word for document in DOCUMENTS for word in named(document)}
    structs = {word for word in words if word.startswith("struct ")}
    assert len(structs) > 5
    for name in structs:
        assert re.search(rf"\b{name} {{", sources()), name
    # plan->confinement.caps, app_steps, RESIDENT
    others = {part for word in words if re.fullmatch(r"\w+((->|\.)\w+)*", word)
              and not is_path(word) for part in re.findall(r"\w+", word)}
    assert len(others) > 5
    for name in others:
        assert re.search(rf"\b{name}\b", sources()), name


def test_each_function_of_the_tests_is_there():
    for document in DOCUMENTS:
        for word in named(document):
            found = re.fullmatch(r"harness\.(\w+)\(\)", word)
            assert not found or hasattr(harness, found.group(1)), word


def test_architecture_has_a_row_for_each_room_and_no_other():
    root = harness.ROOT
    rooms = {str(path.parent.relative_to(root)) + "/"
             for path in root.glob("**/*.c")
             if path.relative_to(root).parts[0] not in ("build", "tests")}
    text = (root / "docs" / "ARCHITECTURE.md").read_text()
    rows = set(re.findall(r"^\| `([\w/]+/)` \|", text, re.M))
    assert rows == rooms - {"./"}


def test_each_file_begins_with_what_it_is_for():
    """A .c with a header may leave that to the header."""
    for path in harness.ROOT.glob("**/*.[ch]"):
        if path.relative_to(harness.ROOT).parts[0] not in ("build", "tests"):
            assert path.read_text().startswith("/*") or (
                path.suffix == ".c" and path.with_suffix(".h").exists()), path
