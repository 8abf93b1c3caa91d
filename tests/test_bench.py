"""./build.sh bench: each measure, too short to tell anything but that it can be
taken and told."""

import os
import re
import shutil
import subprocess
from xml.etree import ElementTree

import pytest

import harness
from conftest import need

pytestmark = pytest.mark.whole

TOOLS = ["rind", "rind, wait loop", "tini", "tini-static", "dumb-init",
         "catatonit"]


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    need(os.getuid() == 0, "namespaces need root")
    for tool in ("hyperfine", "gnuplot", "bwrap", "s6-setuidgid", "chpst",
                 "gosu", "tini", "dumb-init", "catatonit", "strace"):
        need(shutil.which(tool), f"{tool} is not installed")
    directory = tmp_path_factory.mktemp("bench")
    subprocess.run([harness.ROOT / "tests/bench/run", "quick", directory],
                   check=True, timeout=5 * harness.TIMEOUT, stderr=subprocess.DEVNULL)
    return directory


def section(text, name):
    return text.split(f"\n## {name}\n")[1].split("\n## ")[0]


def column(text, tool, number):
    row = re.search(rf"^\| {re.escape(tool)} \|(.*)\|$", text, re.M).group(1)
    return row.split("|")[number].strip()


@pytest.mark.parametrize("name", [
    "Memory", "Start", "System calls", "Orphans", "Forwarding", "Idle", "Stop"])
def test_each_section_has_a_figure_of_each_tool(place, name):
    text = section((place / "benchmarks.md").read_text(), name)
    for tool in TOOLS:
        assert re.match(r"-?\d", column(text, tool, 0)), tool


def test_what_is_0_by_design_is_0(place):
    text = (place / "benchmarks.md").read_text()
    assert column(section(text, "Idle"), "rind", 0) == "0"
    orphans = section(text, "Orphans")
    assert column(orphans, "rind", 0) == "0.00"
    assert column(orphans, "rind", 1) == "0.00"
    assert column(orphans, "tini", 0) != "0.00"


def test_all_queued_signals_came_in_order(place):
    text = section((place / "benchmarks.md").read_text(), "Forwarding")
    queued = text[text.index("queued, in order |"):]
    assert column(queued, "rind", 0) == "200"
    assert column(queued, "tini", 0) != "200"


def test_rind_lets_leftovers_finish_and_the_others_do_not(place):
    text = (place / "benchmarks.md").read_text().split("\n## ")[0]
    assert column(text, "rind", 7) == "yes"
    assert column(text, "tini", 7) == "no"


def test_the_chart_names_each_tool(place):
    drawing = (place / "benchmarks.svg").read_text()
    words = "".join(ElementTree.fromstring(drawing).itertext())
    for tool in ("rind", "tini", "dumb-init", "catatonit", "no init"):
        assert tool in words


def test_the_readmes_table_is_the_reports():
    report = (harness.ROOT / "docs" / "benchmarks.md").read_text()
    table = re.search(r"^\|  \| file.*?\n(?=\n)", report, re.M | re.S).group()
    assert table in (harness.ROOT / "README.md").read_text()
