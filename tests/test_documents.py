"""The documents say what the program does."""

import json
import re
import shlex
import shutil
import subprocess

import pytest

import harness
from conftest import need

README = (harness.ROOT / "README.md").read_text()
MANUAL = harness.ROOT / "rind.8"
DOCUMENTS = ["README.md", "SECURITY.md", "CHANGELOG.md", *sorted(
    str(path.relative_to(harness.ROOT))
    for path in (harness.ROOT / "docs").rglob("*.md"))]


def options_of_help():
    text = subprocess.run([harness.BUILD / "rind", "--help"], text=True,
                          check=True, capture_output=True).stdout
    options = set(re.findall(r"^  (?:-\w, )?--([\w-]+)", text, re.M))
    assert "user" in options
    return options


def options_of_manual():
    """The options that have an entry: .It Fl -user Ns = ..."""
    return set(re.findall(r"^\.It .*?Fl -([\w-]+)", MANUAL.read_text(), re.M))


def test_the_manual_has_each_option_of_help_and_no_other():
    assert options_of_manual() == options_of_help()


def without_other_programs(document, text):
    """TEXT without the options of others: their commands, and what stands
    first in the rows of the tables that compare them with rind."""
    if document == "docs/migration.md":
        text = re.sub(r"(?m)^\|.*?\|", "|", text)
    if document == "docs/services.md":  # the column of commands
        text = re.sub(r"(?m)^(\|(?:[^|]*\|){3})[^|]*\|", r"\1", text)
    others = "docker|podman|bwrap|tini|gosu|runc|systemd-nspawn|newuidmap|wget"
    return re.sub(rf"(?m)(`|^ *\$ |^)(?:{others})\b(?:(?!/?rind -)[^`\n])*",
                  r"\1", text)


@pytest.mark.parametrize("document", [
    "rind.8", *(document for document in DOCUMENTS
                if document != "docs/drop-in.md")])  # of other tools
def test_each_option_that_a_document_names_is_one(document):
    text = (harness.ROOT / document).read_text()
    rind = options_of_help()
    # Those of others that the documents name, and of what is not there yet.
    others = {"bounding-set", "no-new-privs", "cap-add", "warmup", "runs",
              "explain", "dir", "save", "reuid", "inh-caps", "pdeathsig",
              "cap-drop", "init", "pid", "restart", "kill-signal", "keep-unit",
              "register", "time", "from"}
    if document == "rind.8":
        # The options of the tools whose names rind takes are theirs.
        text = re.sub(r"(?s)\.Ss Names of other tools.*?\.Sh ", "", text)
        named = set(re.findall(r"Fl -([a-z][\w-]+)|rind --([a-z][\w-]+)", text))
        named = {a or b for a, b in named}
        assert named
    else:
        text = without_other_programs(document, text)
        named = set(re.findall(r"(?<![\w-])--([a-z][\w-]+)", text))
    assert not named - rind - others


def test_the_documents_name_options():
    """So that the test above has something to look at."""
    named = {document: re.findall(
        r"(?<![\w-])--([a-z][\w-]+)", without_other_programs(
            document, (harness.ROOT / document).read_text()))
        for document in DOCUMENTS}
    for document in ("README.md", "SECURITY.md", "CHANGELOG.md", "docs/faq.md",
                     "docs/migration.md", "docs/mounts.md", "docs/recipes.md"):
        assert named[document], document


def test_the_manual_gives_a_default_to_each_option_with_a_value():
    section = MANUAL.read_text().split(".Ss Identity")[1]
    section = section.split(".Ss Information")[0]
    entries = re.split(r"^\.It Fl -", section, flags=re.M)[1:]
    nothing_by_default = {"env", "env-file", "unset-env", "clear-env", "exec",
                          "uid-map", "boot-offset", "standard-mounts",
                          "read-only", "die-with-rind"}
    for entry in entries:
        name = re.match(r"[\w-]+", entry).group()
        assert "Default" in entry or name in nothing_by_default, name


def test_the_manual_passes_mandocs_lint():
    need(shutil.which("mandoc"), "mandoc is not installed")
    lint = subprocess.run(["mandoc", "-T", "lint", "-W", "warning", MANUAL],
                          text=True, check=False, capture_output=True)
    assert (lint.returncode, lint.stdout) == (0, "")


@pytest.mark.whole
def test_the_documents_that_the_manual_names_are_installed(tmp_path):
    subprocess.run(["make", "--old-file=build/rind", "install",
                    f"DESTDIR={tmp_path}", "PREFIX=/usr"], cwd=harness.ROOT,
                   check=True, capture_output=True)
    named = set(re.findall(r"^\.Pa ((?:share/doc/rind/)?\S+\.md)",
                           MANUAL.read_text(), re.M))
    assert len(named) > 3
    documents = tmp_path / "usr/share/doc/rind"
    for name in named:
        assert (documents / name.removeprefix("share/doc/rind/")).exists(), name


def commands_of_manual():
    """The examples of rind.8 as lists of words."""
    section = MANUAL.read_text().split(".Sh EXAMPLES")[1].split(".Sh ")[0]
    blocks = re.findall(r"^\.Bd -literal.*?\n(.*?)^\.Ed", section, re.M | re.S)
    return [shlex.split(block.replace("\\e\n", " ")) for block in blocks]


def test_the_manuals_examples_run(container):
    outputs = {"ulimit -n": "64\n", "sleep 0.1 &": "", "id": "1000\n"}
    seen = set()
    for words in commands_of_manual():
        for key, output in outputs.items():
            if key in words:
                process = container(*words[1:])
                assert process.wait() == 0, process.err
                assert (process.out, process.err) == (output, "")
                seen.add(key)
    assert seen == set(outputs)


def test_the_manuals_web_server_starts_as_far_as_the_image_lets_it(container):
    words, = [w for w in commands_of_manual() if "nginx" in w]
    words[words.index("--user=www-data")] = "--user=www"
    process = container(*words[1:])
    assert process.wait() == 127
    assert process.err.startswith("rind: exec: nginx: not found in PATH")


def test_readmes_dockerfile_has_an_entrypoint_that_runs(container):
    dockerfile = re.search(r"```dockerfile\n(.*?)```", README, re.S).group(1)
    assert dockerfile.count("\n") == 9
    entrypoint = json.loads(re.search(r"^ENTRYPOINT (.*)", dockerfile,
                                      re.M).group(1))
    command = json.loads(re.search(r"^CMD (.*)", dockerfile, re.M).group(1))
    assert entrypoint[0] == "/rind"
    process = container(*entrypoint[1:], "cat", "/proc/self/status")
    assert process.wait() == 0
    assert "Uid:\t1000\t1000\t1000\t1000\n" in process.out
    assert "CapEff:\t0000000000000400\n" in process.out
    server = container(*entrypoint[1:], *command, prepare="busybox true")
    assert harness.command_line(server.app) == command
    server.kill("TERM")
    assert server.wait() == 143


def anchors(text):
    """What links may name of a document: its headings as GitHub has them."""
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
            for heading in re.findall(r"^#+ (.*)", text, re.M)}


@pytest.mark.parametrize("document", DOCUMENTS)
def test_each_link_leads_to_a_file(document):
    text = (harness.ROOT / document).read_text()
    for target in re.findall(r"\]\(([^)]+)\)", text):
        if not target.startswith("https://"):
            path, _, part = target.partition("#")
            path = (harness.ROOT / document).parent / path if path else (
                harness.ROOT / document)
            assert path.exists(), target
            assert not part or part in anchors(path.read_text()), target
    for name in re.findall(r"`(?:\./)?((?:tests|build)[\w/.-]*)[ `]", text):
        assert (harness.ROOT / name).exists(), name


@pytest.mark.parametrize("words, line", [
    (["true"], "the app would run as root"),
    (["--user=nosuch", "true"], "no such user in /etc/passwd"),
])
def test_the_errors_in_the_documents_are_rinds_own(container, words, line):
    process = container(*words)
    assert process.wait() == 125
    documents = re.sub(r"\s+", " ", README + MANUAL.read_text())
    assert line in process.err
    assert process.err.strip() in documents


