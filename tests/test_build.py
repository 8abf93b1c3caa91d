"""build.sh and what it builds."""

import os
import re
import shutil
import subprocess
import zlib
from pathlib import Path

import pytest

import harness
from conftest import need

ROOT = harness.CLONE
RIND = harness.BUILD / "rind"
VERSION = (ROOT / "VERSION").read_text().strip()
BUILD_TIMEOUT = 1200  # lint of all, on a busy machine
LIBCAP_SRC = str(ROOT / "build" / "libcap-src")


def read(*words):
    return subprocess.run(words, capture_output=True, text=True, check=True,
                          timeout=harness.TIMEOUT).stdout


# The file


def test_rind_is_a_static_pie():
    assert "static-pie linked" in read("file", RIND)


def test_rind_is_stripped():
    assert ", stripped" in read("file", RIND)
    assert ".symtab" not in read("readelf", "-SW", RIND)


def test_rind_has_at_most_200_kilobytes():
    assert RIND.stat().st_size <= 200_000


def test_rind_needs_no_interpreter_and_no_library():
    assert "INTERP" not in read("readelf", "-lW", RIND)
    assert "NEEDED" not in read("readelf", "-dW", RIND)


def test_no_segment_is_writable_and_executable():
    rows = re.findall(r"^  ([A-Z_]+) +(?:0x\S+ +){5}(.{3})",
                      read("readelf", "-lW", RIND), re.MULTILINE)
    assert dict(rows).keys() >= {"LOAD", "GNU_STACK", "GNU_RELRO"}
    assert [kind for kind, flags in rows if "W" in flags and "E" in flags
            ] == []


def test_no_relocation_touches_the_text():
    assert "TEXTREL" not in read("readelf", "-dW", RIND)


def relocations(program):
    """How many are packed (DT_RELR, which sys/relr.c applies), and how many are
    not, which the C library does."""
    sections = dict(re.findall(
        r"Relocation section '(\.\w+)\.dyn' .* contains (\d+) entr",
        read("readelf", "-rW", program)))
    return int(sections.get(".relr", 0)), int(sections.get(".rela", 0))


def test_relocations_are_packed():
    packed, others = relocations(RIND)
    assert packed > 0 and others == 0


def test_relocations_are_read_only_and_bound_at_the_start():
    assert "GNU_RELRO" in read("readelf", "-lW", RIND)
    assert re.search(r"FLAGS_1.*NOW PIE", read("readelf", "-dW", RIND))


def mappings(pid, path):
    """(first address, one past the last, permissions) of each mapping."""
    found = []
    for line in Path(f"/proc/{pid}/maps").read_text().splitlines():
        words = line.split(maxsplit=5)
        if words[5:] == [str(path)]:
            start, end = (int(word, 16) for word in words[0].split("-"))
            found.append((start, end, words[1]))
    return found


def test_relocations_are_read_only_in_the_process(plain):
    process = plain("--user=1000", "sh", "-c", "echo ready; cat")
    process.read_until("ready")
    found = mappings(process.pid, RIND)
    base = found[0][0]
    address, size = (int(word, 16) for word in re.search(
        r"GNU_RELRO +\S+ (\S+) \S+ \S+ (\S+)",
        read("readelf", "-lW", RIND)).groups())
    page = os.sysconf("SC_PAGESIZE")
    relocated, relocated_size = (int(word, 16) for word in re.search(
        r" \.data\.rel\.ro +\S+ +(\S+) \S+ (\S+)",
        read("readelf", "-SW", RIND)).groups())
    assert address <= relocated
    assert relocated + relocated_size <= address + size
    # Whole pages: the linker lets it end where one does.
    assert (address + size) % page == 0
    for wanted in range(base + address, base + address + size, page):
        assert [permissions for start, end, permissions in found
                if start <= wanted < end] == ["r--p"]
    process.kill("TERM")
    assert process.wait() == 143


def test_no_memory_is_writable_and_executable(plain):
    process = plain("--user=1000", "sh", "-c", "echo ready; cat")
    process.read_until("ready")
    text = Path(f"/proc/{process.pid}/maps").read_text()
    assert [line for line in text.splitlines() if " rwx" in line] == []
    process.kill("TERM")
    assert process.wait() == 143


def test_each_start_is_at_another_address(plain):
    seen = set()
    for _ in range(4):
        process = plain("--user=1000", "sh", "-c", "echo ready; cat")
        process.read_until("ready")
        seen.add(mappings(process.pid, RIND)[0][0])
        process.kill("TERM")
        assert process.wait() == 143
    assert len(seen) > 1


# What PID 1 goes on running


def symbols(path):
    """{name: addresses} of the functions in it; a name may be there often."""
    found = {}
    for line in read("nm", path).splitlines():
        address, kind, name = line.rsplit(maxsplit=2) if (
            len(line.split()) == 3) else ("0", "U", "")
        if kind in "tT":
            found.setdefault(name, set()).add(int(address, 16))
    return found


def resident_functions():
    """The names of the functions that are marked, out of what was linked."""
    text = (harness.BUILD / "rind.full.map").read_text()
    for path in re.findall(r"^LOAD (build/obj/\S+\.o)$", text, re.MULTILINE):
        for line in read("objdump", "-t", harness.BUILD.parent / path
                         ).splitlines():
            match = re.search(r" F \.text\.resident\t\S+ (?:\.hidden )?(\S+)$",
                              line)
            if match:
                yield match[1]


@pytest.mark.whole
def test_what_pid_1_goes_on_running_lies_together():
    found = symbols(harness.BUILD / "rind.full")
    start, = found["__resident_start"]
    end, = found["__resident_end"]
    marked = set(resident_functions())
    assert len(marked) > 25
    assert {name for name in marked if not any(
        start <= address < end for address in found.get(name, ()))} == set()
    assert end - start < 16384


def test_each_pattern_of_the_linker_script_names_a_file():
    """By the linker's map: below each pattern stands what it has taken."""
    text = (harness.BUILD / "rind.full.map").read_text()
    block = re.search(r"^\.text\.resident\s.*?(?=^\.text\s)", text,
                      re.MULTILINE | re.DOTALL)[0]
    patterns = re.findall(r"libc\.a:(\S+\.lo)\(",
                          (ROOT / "resident.ld").read_text())
    taken = set(re.findall(r"libc\.a\((\S+\.lo)\)", block))
    assert len(patterns) > 15
    assert set(patterns) - taken == set()


def pss(pid):
    text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    return int(re.search(r"^Pss: +(\d+) kB$", text, re.MULTILINE)[1])


def test_pid_1_stays_on_the_pages_that_it_keeps(rind, container):
    """A function that is run and not kept comes back with up to 64 kB."""
    process = container("--user=1000", "--", "sh", "-c",
                        "trap 'echo caught' USR1; sh -c '(sleep 0.2; echo "
                        "orphan) &'; echo ready; while :; do sleep 0.1; done",
                        binary=rind)
    process.read_until("ready")
    process.read_until("orphan")
    before = pss(process.pid)
    assert before <= 48
    process.kill("USR1")
    process.read_until("caught")
    assert pss(process.pid) <= before
    process.kill("TERM")
    assert process.wait() == 143


DIE = re.compile(r" <(\w+)><(\w+)>: Abbrev Number: \w+ \((DW_TAG_\w+)\)")
ATTRIBUTE = re.compile(r"    <\w+> +(DW_AT_\w+) *: (?:\(\w+\) )?(.*)")
SAME_TYPE = {"DW_TAG_typedef", "DW_TAG_const_type", "DW_TAG_volatile_type"}


class Debugging(dict):
    """Entries of the debugging data by their place."""

    def __init__(self, path):
        super().__init__()
        parents = []
        for line in read("readelf", "-wi", path).splitlines():
            if match := DIE.match(line):
                del parents[int(match[1], 16):]
                entry = {"tag": match[3], "parents": parents[:], "parts": []}
                if parents:
                    parents[-1]["parts"].append(entry)
                parents.append(entry)
                self[match[2]] = entry
            elif parents and (match := ATTRIBUTE.match(line)):
                entry[match[1]] = match[2].strip()

    def follow(self, entry, attribute):
        place = re.match(r"<0x(\w+)>", entry.get(attribute, ""))
        return self[place[1]] if place else None

    def whole(self, entry):
        """What is known of it where it is inlined, and where it stands."""
        origin = self.follow(entry, "DW_AT_abstract_origin")
        return {**self.whole(origin), **entry} if origin else entry

    def has_bytes(self, entry, in_array=False):
        """Whether its type is, or holds, an array of bytes."""
        kind = self.follow(entry, "DW_AT_type")
        while kind and kind["tag"] in SAME_TYPE:
            kind = self.follow(kind, "DW_AT_type")
        if not kind:
            return False
        if kind["tag"] == "DW_TAG_base_type":
            return in_array and kind["DW_AT_byte_size"] == "1"
        return (kind["tag"] == "DW_TAG_array_type"
                and self.has_bytes(kind, True)
                or kind["tag"] in ("DW_TAG_structure_type",
                                   "DW_TAG_union_type")
                and any(map(self.has_bytes, kind["parts"])))


def functions_with_buffers():
    """{address: names of the variables}, with those of what is inlined."""
    debugging = Debugging(harness.BUILD / "rind.debug")
    found = {}
    for entry in debugging.values():
        if (entry["tag"] == "DW_TAG_variable"
                and "DW_OP_fbreg" in entry.get("DW_AT_location", "")
                and debugging.has_bytes(debugging.whole(entry))):
            function = next(parent for parent in reversed(entry["parents"])
                            if parent["tag"] == "DW_TAG_subprogram")
            # One that never returns has no use for a canary.
            if "DW_AT_noreturn" not in debugging.whole(function):
                name = debugging.whole(entry)["DW_AT_name"].split(" ")[-1]
                found.setdefault(int(function["DW_AT_low_pc"], 16),
                                 set()).add(name)
    return found


@pytest.mark.whole
def test_the_stack_is_protected():
    """Compilers have left canaries out without a word: every function that has
    an array of bytes on its stack is looked at. The canary lies in the thread's
    own block, where the C library puts a random one."""
    guarded, fetched = set(), set()
    for line in read("objdump", "-d", "--no-show-raw-insn",
                     harness.BUILD / "rind.full").splitlines():
        if line.endswith(">:"):
            function = int(line.split()[0], 16)
        elif "__stack_chk_fail" in line and "call" in line:
            guarded.add(function)
        elif "%fs:0x28" in line:
            fetched.add(function)
    assert guarded and guarded <= fetched
    buffers = functions_with_buffers()
    assert len(buffers) > 60
    assert {function: names for function, names in buffers.items()
            if function not in guarded} == {}


def test_the_debugging_data_lies_beside_it(tmp_path):
    debug = harness.BUILD / "rind.debug"
    link = tmp_path / "link"
    subprocess.run(["objcopy", "-O", "binary", "--set-section-flags",
                    ".gnu_debuglink=alloc", "--only-section=.gnu_debuglink",
                    RIND, link], check=True)
    assert link.read_bytes().startswith(b"rind.debug\0")
    # gdb(1) takes the file whose checksum this is, and no other.
    assert (int.from_bytes(link.read_bytes()[-4:], "little")
            == zlib.crc32(debug.read_bytes()))
    assert ".debug_info" in read("readelf", "-SW", debug)


def test_nothing_of_the_building_machine_is_in_it():
    for path in (RIND, harness.BUILD / "rind.debug"):
        assert os.fsencode(ROOT) not in path.read_bytes()


# What it answers


@pytest.mark.parametrize("word", ["--version", "-V"])
def test_version(plain, word):
    process = plain(word)
    assert process.wait() == 0
    assert process.out == f"rind {VERSION}\n"
    assert process.err == ""


def test_license_prints_all_three(plain):
    process = plain("--license")
    assert process.wait() == 0
    for path in (ROOT / "LICENSE", *(ROOT / "licenses").iterdir()):
        assert path.read_text().strip() in process.out


@pytest.mark.parametrize("word", ["--help", "-h"])
def test_help_is_grouped(plain, word):
    process = plain(word)
    assert process.wait() == 0
    headings = re.findall(r"^([A-Z].*):$", process.out, re.MULTILINE)
    assert headings == ["Identity and privilege", "Namespaces", "File system",
                        "The process", "Supervision",
                        "Information and diagnostics"]


@pytest.mark.parametrize("word", ["--help", "--version", "--license"])
def test_an_answer_runs_nothing(plain, word, tmp_path):
    process = plain(word, "touch", tmp_path / "ran")
    assert process.wait() == 0
    assert not (tmp_path / "ran").exists()


# build.sh


def build(tree, *words, offline=False, **variables):
    """Runs build.sh in TREE with these variables."""
    environment = {key: value for key, value in os.environ.items()
                   if key not in ("CC", "CFLAGS", "LIBCAP_SRC", "PREFIX")}
    prefix = ["unshare", "--net"] if offline else []
    return subprocess.run([*prefix, "./build.sh", *words], cwd=tree,
                          env=environment | variables, capture_output=True,
                          text=True, check=False, timeout=BUILD_TIMEOUT)


def copy_sources(tree):
    shutil.copytree(ROOT, tree, symlinks=True, ignore=shutil.ignore_patterns(
        "build", ".git", "__pycache__", ".pytest_cache"))
    return tree


# What takes minutes, or the packages for it.
whole = pytest.mark.whole


@pytest.fixture(scope="module")
def trees(tmp_path_factory):
    """Two copies of the sources, built in directories of other names, at
    other times, under other locales; libcap comes once as a directory and
    once as a tarball."""
    need(os.getuid() == 0, "a network namespace needs root")
    parent = tmp_path_factory.mktemp("build")
    tarball = parent / "libcap.tar.gz"
    subprocess.run(["tar", "-czf", tarball, "libcap-src"],
                   cwd=ROOT / "build", check=True)
    found = []
    for name, variables in (
            ("a", {"LIBCAP_SRC": LIBCAP_SRC, "LC_ALL": "C", "TZ": "UTC"}),
            ("another directory " * 3, {"LIBCAP_SRC": str(tarball),
                                       "LC_ALL": "C.UTF-8",
                                       "TZ": "Asia/Kolkata"})):
        tree = copy_sources(parent / name)
        done = build(tree, offline=True, **variables)
        assert done.returncode == 0, done.stderr
        found.append(tree)
    return found


@whole
@pytest.mark.parametrize("name", ["rind", "rind.debug"])
def test_two_builds_in_different_directories_are_the_same(trees, name):
    one, other = ((tree / "build" / name).read_bytes() for tree in trees)
    assert one == other


@whole
def test_a_second_build_does_nothing(trees):
    def times():
        return {path: path.stat().st_mtime_ns
                for path in (trees[0] / "build").rglob("*")
                if path.is_file() and path.name != "flags"}

    before = times()
    done = build(trees[0], offline=True,
                 LIBCAP_SRC=LIBCAP_SRC)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert times() == before


@whole
def test_only_what_changed_is_built_again(trees):
    os.utime(trees[0] / "cli" / "help.c")
    done = build(trees[0], offline=True,
                 LIBCAP_SRC=LIBCAP_SRC)
    assert done.returncode == 0
    assert re.findall(r"CC +build/obj/(\S+)", done.stdout) == ["cli/help.o"]
    assert set(re.findall(r"^  LD +(\S+)", done.stdout, re.MULTILINE)) == {
        "build/rind.full", "build/rind-wait-loop.full"}


@whole
def test_its_size_is_told(tree):
    done = build(tree, offline=True, LIBCAP_SRC=LIBCAP_SRC)
    size = (tree / "build/rind").stat().st_size
    assert f"build: build/rind: {size} bytes" in done.stdout


def test_help_of_build_sh(tree):
    done = build(tree, "--help")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("usage: ./build.sh")


# make alone, as a distribution builds packages


def make(tree, *words, **variables):
    """make in a network namespace that has no network, with the sources of
    libcap beside TREE: make takes no path with a blank."""
    libcap = tree.parent / "libcap-src"
    if not libcap.exists():
        shutil.copytree(LIBCAP_SRC, libcap)
    environment = {key: value for key, value in os.environ.items()
                   if key not in ("CC", "CFLAGS", "CPPFLAGS", "LDFLAGS",
                                  "LIBCAP_SRC", "PREFIX", "DESTDIR")}
    return subprocess.run(["unshare", "--net", "make", "-s", "-j2",
                           f"LIBCAP_SRC={libcap}", *words], cwd=tree,
                          env=environment | variables, capture_output=True,
                          text=True, check=False, timeout=BUILD_TIMEOUT)


@pytest.fixture
def bare(tree):
    need(os.getuid() == 0, "a network namespace needs root")
    (tree / "build.sh").unlink()
    return tree


def works(tree):
    return read(tree / "build" / "rind", "--version") == f"rind {VERSION}\n"


@whole
@pytest.mark.parametrize("compiler", ["gcc", "clang"])
def test_make_alone_builds_it(bare, compiler):
    need(shutil.which(compiler), f"{compiler} is not installed")
    done = make(bare, f"CC={compiler}", "all")
    assert done.returncode == 0, done.stderr
    assert works(bare)


@whole
def test_a_compiler_without_debians_directories(bare):
    """One that does not know -print-multiarch has built a file before that did
    nothing but crash."""
    compiler = bare / "cc"
    compiler.write_text("""#!/bin/sh
case " $* " in
*' -print-multiarch '*) echo 'unrecognized option' >&2; exit 1 ;;
esac
exec gcc "$@"
""")
    compiler.chmod(0o755)
    done = make(bare, f"CC={compiler}", "build/rind")
    assert done.returncode == 0, done.stderr
    assert works(bare)


@whole
def test_a_linker_that_packs_no_relocations(bare):
    done = make(bare, "KNOWS_RELR=", "build/rind")
    assert done.returncode == 0, done.stderr
    packed, others = relocations(bare / "build/rind")
    assert packed == 0 and others > 500
    assert works(bare)


@whole
def test_no_flags_of_a_packagers_displace_the_hardening(bare):
    done = make(bare, "build/rind", CFLAGS="-O2 -g -fno-stack-protector "
                "-fno-PIE", CPPFLAGS="-D_FORTIFY_SOURCE=2",
                LDFLAGS="-no-pie -static -Wl,-z,norelro,-z,lazy,-z,execstack")
    assert done.returncode == 0, done.stderr
    assert works(bare)
    program = bare / "build" / "rind"
    assert "static-pie linked" in read("file", program)
    segments = read("readelf", "-lW", program)
    assert "GNU_RELRO" in segments
    assert re.search(r"GNU_STACK .* RW +0x", segments)
    assert re.search(r"FLAGS_1.*NOW PIE", read("readelf", "-dW", program))
    assert read("objdump", "-d", bare / "build/rind.full").count(
        "<__stack_chk_fail>") > 60


@whole
def test_make_install_and_make_clean(bare, tmp_path):
    done = make(bare, "install", f"DESTDIR={tmp_path / 'root'}", "PREFIX=/usr")
    assert done.returncode == 0, done.stderr
    installed = tmp_path / "root" / "usr"
    assert (installed / "bin/rind").stat().st_mode & 0o7777 == 0o755
    manual = (installed / "share/man/man8/rind.8").read_text()
    documents = installed / "share/doc/rind"
    for name in re.findall(r"^\.Pa (?:share/doc/rind/)?(docs/\S+\.md|\w+\.md)",
                           manual, re.MULTILINE):
        assert (documents / name).is_file(), name
    assert make(bare, "clean").returncode == 0
    assert not (bare / "build").exists()


@whole
def test_install(trees, tmp_path):
    done = build(trees[0], "install", str(tmp_path))
    assert done.returncode == 0, done.stderr
    installed = tmp_path / "usr" / "local"
    program = installed / "bin" / "rind"
    assert program.read_bytes() == (trees[0] / "build/rind").read_bytes()
    assert program.stat().st_mode & 0o7777 == 0o755
    documents = installed / "share" / "doc" / "rind"
    assert (documents / "LICENSE").read_bytes() == (
        ROOT / "LICENSE").read_bytes()
    assert sorted(path.name for path in (documents / "licenses").iterdir()
                  ) == sorted(path.name for path
                              in (ROOT / "licenses").iterdir())


@whole
def test_install_of_the_manual_page(trees, tmp_path):
    need((ROOT / "rind.8").exists(), "there is no rind.8")
    assert build(trees[0], "install", str(tmp_path)).returncode == 0
    page = tmp_path / "usr/local/share/man/man8/rind.8"
    assert page.read_bytes() == (ROOT / "rind.8").read_bytes()
    assert page.stat().st_mode & 0o7777 == 0o644


@whole
def test_install_with_a_prefix(trees, tmp_path):
    done = build(trees[0], "install", str(tmp_path), PREFIX="/opt/rind")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "opt/rind/bin/rind").exists()
    assert not (tmp_path / "usr").exists()


@whole
def test_lint_is_clean():
    done = build(ROOT, "lint")
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture
def tree(tmp_path):
    """The sources with nothing built."""
    return copy_sources(tmp_path / "tree")


def failed(done):
    """The last line of a build that has failed."""
    assert done.returncode != 0
    return done.stderr.splitlines()[-1]


def test_libcap_src_that_is_not_there(tree):
    done = build(tree, LIBCAP_SRC="/nosuch.tar.xz")
    assert failed(done) == ("build: /nosuch.tar.xz: no such file or "
                            "directory (LIBCAP_SRC names it)")


def test_libcap_src_that_is_no_tarball(tree):
    done = build(tree, LIBCAP_SRC=str(tree / "LICENSE"))
    assert failed(done) == (
        f"build: {tree}/LICENSE: cannot be unpacked "
        "(LIBCAP_SRC must be a tarball or directory of libcap)")


def test_libcap_src_without_libcap(tree):
    done = build(tree, LIBCAP_SRC=str(tree / "licenses"))
    assert failed(done) == (
        f"build: {tree}/licenses: no libcap/cap_proc.c in it "
        "(give the top directory of the sources of libcap)")


@pytest.fixture
def fetched(tree):
    """The same where libcap has come from the distribution before."""
    shutil.copytree(LIBCAP_SRC, tree / "build" / "libcap-src")
    (tree / "build" / "libcap-origin").write_text(
        "the distribution's source package\n")
    return tree


def test_libcap_src_that_is_wrong_leaves_what_was_fetched(fetched):
    assert build(fetched, LIBCAP_SRC=str(fetched)).returncode != 0
    assert (fetched / "build/libcap-src/libcap/cap_proc.c").exists()


def test_libcap_src_may_be_what_was_fetched(fetched):
    # No compiler: this is about the sources alone.
    build(fetched, LIBCAP_SRC="build/libcap-src", CC="false")
    origin = (fetched / "build/libcap-origin").read_text()
    assert origin.startswith("directory ")
    assert (fetched / "build/libcap-src/libcap/cap_proc.c").exists()


def test_a_compiler_that_is_not_there(tree):
    done = build(tree, CC="nosuch-cc -m64",
                 LIBCAP_SRC=LIBCAP_SRC)
    assert failed(done) == ("build: nosuch-cc: not found (CC names it: "
                            "install it, or set CC to another compiler)")


def test_an_unknown_subcommand(tree):
    done = build(tree, "nosuch")
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.startswith("usage: ./build.sh [build]")
    assert not (tree / "build").exists()


@pytest.mark.parametrize("word", ["--help", "-h", "help"])
def test_help_of_build_sh(tree, word):
    done = build(tree, word)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("usage: ./build.sh [build]")
    assert "./build.sh test quick [ARG]..." in done.stdout
    assert not (tree / "build").exists()


ENGINES = """docker containerd podman crun runc lxc systemd-container qemu tini
nginx redis kubernetes clang""".split()


def test_quick_asks_for_no_engine(tree, tmp_path):
    """Of a machine on which nothing is installed, or can be."""
    programs = tmp_path / "bin"
    programs.mkdir()
    for name in ("dpkg-query", "apt-get"):
        path = programs / name
        path.write_text(f'#!/bin/sh\necho "$@" >>"{tmp_path}/{name}"\nexit 1\n')
        path.chmod(0o755)
    done = build(tree, "test", "quick", PATH=f"{programs}:{os.environ['PATH']}")
    assert done.returncode != 0
    asked = (tmp_path / "apt-get").read_text().splitlines()[0].split()
    assert {"python3-pytest", "python3-pytest-xdist", "strace"} <= set(asked)
    assert [package for package in asked
            if any(engine in package for engine in ENGINES)] == []


@pytest.mark.parametrize("words", [["test", "quick"], ["build"]])
def test_a_need_of_the_build_that_is_missing(tree, words):
    done = build(tree, *words, CC="nosuch-cc", LIBCAP_SRC=LIBCAP_SRC)
    assert failed(done) == ("build: nosuch-cc: not found (CC names it: "
                            "install it, or set CC to another compiler)")


def test_make_alone_says_that_libcap_is_missing(tree):
    done = subprocess.run(["make", "-s"], cwd=tree, capture_output=True,
                          text=True, check=False, timeout=BUILD_TIMEOUT)
    assert done.returncode != 0
    assert ("build: libcap: no sources in build/libcap-src "
            "(./build.sh gets them; LIBCAP_SRC names them)") in done.stderr


def test_make_takes_no_sources_of_libcap_below_a_blank(tree):
    done = subprocess.run(["make", "-s", "LIBCAP_SRC=/tmp/a b"], cwd=tree,
                          capture_output=True, text=True, check=False,
                          timeout=BUILD_TIMEOUT)
    assert done.returncode != 0
    assert ("build: LIBCAP_SRC: a blank in its path (copy the directory)"
            in done.stderr)


def test_clean_removes_all_that_was_built(tree):
    (tree / "build").mkdir()
    assert build(tree, "clean").returncode == 0
    assert not (tree / "build").exists()
