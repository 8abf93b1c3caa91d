"""The house: who may include whom, and how long a file and a function may be."""

import re
from collections import defaultdict
from pathlib import Path

import pytest

import harness

ROOT = harness.ROOT

# The rooms, from the ground up, and which rooms each may include beside itself.
BASE = ["lib", "sys"]
PLAN = [*BASE, "plan"]
DOORS = [*PLAN, "setup/setup.h"]
MAY_INCLUDE = {
    "lib": [],
    "sys": ["lib"],
    "plan": BASE,  # plan.h, plan.c, option.h
    "check": BASE,
    "setup/setup.h": PLAN,
    "setup/steps.h": DOORS,
    "setup/*/": [*DOORS, "setup/steps.h"],
    "setup": [*DOORS, "setup/steps.h", "setup/*/"],  # order.c, verify.c
    "supervise": DOORS,
    "cli": [*DOORS, "supervise", "check"],
    "compat": [*DOORS, "supervise", "cli"],
    "init.c": [*DOORS, "supervise", "cli", "compat"],
}
MADE = ["cap_names.h"]  # by the build, out of libcap's sources
FILE_LINES = 400
FUNCTION_LINES = 80

FILES = sorted(path.relative_to(ROOT) for path in [
    *ROOT.glob("*.[ch]"),
    *(path for room in ("lib", "sys", "check", "setup", "supervise", "cli",
                        "compat")
      for path in (ROOT / room).rglob("*.[ch]"))])


def text(path):
    return (ROOT / path).read_text()


def room(path):
    """The row of MAY_INCLUDE that a file is in."""
    if str(path) in MAY_INCLUDE:
        return str(path)
    if path.stem in ("plan", "option") and len(path.parts) == 1:
        return "plan"
    if path.parts[0] == "setup" and len(path.parts) > 2:
        return "setup/*/"
    return path.parts[0]


def includes(path):
    """Those of rind's own, by their paths from the top."""
    return [Path(name) for name in
            re.findall(r'^#\s*include "([^"]+)"', text(path), re.MULTILINE)
            if name not in MADE]


def circle(edges):
    """The nodes of a way round in EDGES, {node: nodes}; [] where none is."""
    done = set()

    def visit(node, way):
        if node in way:
            return [*way[way.index(node):], node]
        if node in done:
            return []
        done.add(node)
        return next(filter(None, (visit(next_one, [*way, node])
                                  for next_one in sorted(edges[node]))), [])

    return next(filter(None, (visit(node, []) for node in sorted(edges))), [])


def edges_between(name):
    """Which includes which, each file by what NAME says of it."""
    edges = defaultdict(set)
    for path in FILES:
        edges[name(path)] |= {name(other) for other in includes(path)
                              } - {name(path)}
    return defaultdict(set, edges)


def test_every_room_is_in_the_table():
    assert len(FILES) > 80
    assert {room(path) for path in FILES} == set(MAY_INCLUDE)


def test_every_include_is_a_file_by_its_path_from_the_top():
    assert [(str(path), str(name)) for path in FILES
            for name in includes(path) if name not in FILES] == []


def test_no_include_goes_up():
    up = [f"{path} includes {name}" for path in FILES
          for name in includes(path)
          if room(name) not in (room(path), *MAY_INCLUDE[room(path)])]
    assert up == []


def test_no_two_files_include_each_other():
    """Neither at once nor by way of others; x.c and x.h are one. A header that
    no file of its name implements is a part of those that include it."""
    sources = {str(path.with_suffix("")) for path in FILES
               if path.suffix == ".c"}
    edges = edges_between(lambda path: str(path.with_suffix("")))
    assert circle(defaultdict(set, {
        name: others & sources for name, others in edges.items()
        if name in sources})) == []


def test_no_two_headers_include_each_other():
    edges = edges_between(str)
    assert circle(defaultdict(set, {
        name: others for name, others in edges.items()
        if name.endswith(".h")})) == []


def test_no_two_rooms_of_setup_include_each_other():
    edges = edges_between(lambda path: str(path.parent))
    assert circle(defaultdict(set, {
        parent: {other for other in others if other.startswith("setup/")}
        for parent, others in edges.items()
        if parent.startswith("setup/")})) == []


def test_no_two_files_share_a_name():
    places = defaultdict(set)
    for path in FILES:
        places[path.stem].add(str(path.with_suffix("")))
    assert [found for found in places.values() if len(found) > 1] == []


@pytest.mark.parametrize("path", FILES, ids=str)
def test_it_is_not_too_long(path):
    lines = text(path).splitlines()
    assert len(lines) <= FILE_LINES
    begin = 0
    for number, line in enumerate(lines, 1):
        if line == "{":
            begin = number
        elif line == "}" and begin:
            assert number - begin - 1 <= FUNCTION_LINES, lines[begin - 2]
            begin = 0
