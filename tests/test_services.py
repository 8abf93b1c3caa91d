"""docs/services.md: each row of its table is run, as it stands there.

A service runs in namespaces of its own, on this very Debian under a throw-away
layer, as the recipes do (test_recipes.py): nothing of it is a service of this
machine, and no port is shared.
"""

import os
import pwd
import re
import shlex
import shutil
import signal

import pytest

import harness
import vantage
from conftest import need
from inside import mask
from test_main_job import answers, members_of, namespace_of
from test_recipes import LAYER, status_line

pytestmark = pytest.mark.whole

DOCUMENT = (harness.ROOT / "docs" / "services.md").read_text()


class HTTP(int):
    """A port that answers when the service reads, not when it listens."""


def rows():
    """{service: (package, options, command, exit status)}"""
    found = {}
    for line in DOCUMENT.splitlines():
        cells = [cell.strip().strip("`") for cell in line.split("|")[1:-1]]
        if len(cells) == 6 and cells[0] not in ("service", "---"):
            found[cells[0]] = cells[1:5]
    return found


# What is done in the image before, as in a Dockerfile's RUN, and the TCP port
# or the path of the socket at which the service answers.
SERVICES = {
    "named": ("install -d -o bind /run/named", "all zones loaded"),
    "named, which drops root itself": (
        "install -d -o bind /run/named", "all zones loaded"),
    "chronyd": ("cp -a /usr/local/unpacked/usr/. /usr; install -d -m 750 "
                "-o nobody -g nogroup /run/chrony; printf 'local\nallow\n"
                "pidfile /run/chronyd.pid\n' >/tmp/chrony.conf",
                "/run/chrony/chronyd.sock"),
    "dnsmasq": ("", "started, version"),
    "avahi-daemon": (
        "printf '[server]\nenable-dbus=no\n' >/tmp/avahi.conf; "
        "install -d -o avahi /run/avahi-daemon", "/run/avahi-daemon/socket"),
    "dbus-daemon": ("mkdir /run/dbus", "/run/dbus/system_bus_socket"),
    "haproxy": (
        "printf 'global\n user haproxy\n group haproxy\ndefaults\n mode http\n"
        " timeout client 9s\n timeout connect 9s\n timeout server 9s\n"
        "listen web\n bind :80\n' >/tmp/haproxy.cfg", "Loading success"),
    "haproxy, not root": (
        "printf 'defaults\n mode http\n timeout client 9s\n"
        " timeout connect 9s\n timeout server 9s\n"
        "listen web\n bind :80\n' >/tmp/user.cfg", "Loading success"),
    "php-fpm": ("mkdir /run/php", "/run/php/php8.2-fpm.sock"),
    "php -S": ("", 8080),
    "memcached": ("", 11211),
    "memcached -d": ("", 11211),
    "squid": (
        "mount -t tmpfs tmpfs /dev/shm; install -d -o proxy /run/squid; "
        "printf 'http_port 3128\npid_filename /run/squid/pid\n"
        "shutdown_lifetime 0 seconds\naccess_log none\ncache_log /dev/stderr\n' "
        ">/tmp/squid.conf", 3128),
    "lighttpd": (
        "printf 'server.port = 80\nserver.document-root = \"/tmp\"\n' "
        ">/tmp/lighttpd.conf", 80),
    "apache2": (
        "printf 'Listen 80\nServerName a\nPidFile /tmp/apache.pid\n"
        "ErrorLog /dev/stderr\n"
        "LoadModule mpm_event_module /usr/lib/apache2/modules/mod_mpm_event.so"
        "\nLoadModule authz_core_module "
        "/usr/lib/apache2/modules/mod_authz_core.so\n' >/tmp/apache.conf",
        "resuming normal operations"),
    "sshd": ("mkdir /run/sshd", 22),
    "dropbear": ("mkdir -p /etc/dropbear", 22),
    "mosquitto": ("install -d -o mosquitto /run/mosquitto", 1883),
    "unbound": (
        "printf 'server:\n chroot: \"\"\n username: \"\"\n pidfile: \"\"\n"
        " use-syslog: no\n auto-trust-anchor-file: \"\"\n' >/tmp/unbound.conf",
        53),
    "nsd": (
        "printf 'server:\n username: nsd\n pidfile: \"\"\n"
        "remote-control:\n control-enable: no\n' >/tmp/nsd.conf", 53),
    "knot": (
        "install -d -o knot /run/knot; "
        "printf 'server:\n listen: 127.0.0.1@53\n' >/tmp/knot.conf", 53),
    "stunnel": (
        "openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=a -keyout "
        "/tmp/key -out /tmp/cert 2>/dev/null; chown stunnel4 /tmp/key; "
        "printf 'foreground = yes\npid =\n[a]\naccept = 443\nconnect = 80\n"
        "cert = /tmp/cert\nkey = /tmp/key\n' | sed s/443/4443/ "
        ">/tmp/stunnel.conf", 4443),
    "tinyproxy": ("install -d -o tinyproxy /run/tinyproxy", 8888),
    "privoxy": ("", 8118),
    "monit": (
        "printf 'set daemon 9\nset httpd port 2812 allow 127.0.0.1\n"
        "set pidfile /tmp/monit.pid\nset idfile /tmp/monit.id\n"
        "set statefile /tmp/monit.state\n' >/tmp/monitrc; "
        "chmod 600 /tmp/monitrc; chown nobody /tmp/monitrc", 2812),
    "mariadbd": (
        "install -d -o nobody /tmp/db", "ready for connections"),
    "postgres": (
        "install -d -o postgres -m 700 /tmp/pg; setpriv --reuid=postgres "
        "--regid=postgres --init-groups /usr/lib/postgresql/15/bin/initdb "
        "--no-sync -D /tmp/pg >/dev/null", 5432),
    "pgbouncer": (
        "printf '[databases]\n[pgbouncer]\nlisten_port = 6432\n"
        "listen_addr = 127.0.0.1\nunix_socket_dir = /tmp\n' "
        ">/tmp/pgbouncer.ini", 6432),
    "krb5kdc": (
        "printf '[libdefaults]\ndefault_realm = A.B\n[realms]\nA.B = {\n"
        "kdc = 127.0.0.1\n}\n' >/etc/krb5.conf; "
        "kdb5_util create -s -P x -r A.B >/dev/null 2>&1; "
        "chown -R nobody /var/lib/krb5kdc /etc/krb5kdc", 88),
    "slapd": ("install -d -o openldap /run/slapd", 389),
    "snmpd": ("printf 'rocommunity public\n' >/tmp/snmpd.conf", 161),
    "socat": ("", 7007),
    "beanstalkd": ("", 11300),
    "gunicorn": (
        "printf 'def app(e, s):\n    s(\"200 OK\", [])\n    return []\n' "
        ">/tmp/app.py", HTTP(8000)),
    "python3 -m http.server": ("", 8000),
    "puma": (
        "printf 'run lambda { |e| [200, {}, []] }\n' >/tmp/config.ru", 9292),
    "node": (
        "printf 'require(\"http\").createServer().listen(8000)' "
        ">/tmp/server.js", 8000),
    "ngircd": (
        "printf '[Global]\nName = a.b\nInfo = a\n[Options]\nPAM = no\n"
        "Ident = no\n' >/tmp/ngircd.conf", 6667),
}


# Packages that are not installed: see build.sh.
UNPACKED = vantage.CLONE / "build/unpacked"
PATHS = f"/usr/sbin:/usr/bin:/bin:{UNPACKED}/usr/sbin"
WITH_UNPACKED = LAYER.replace(
    "\nfor bound", '\n[ ! -d "$UNPACKED" ] || cp -a "$UNPACKED" '
    'root/usr/local/unpacked\nfor bound', 1)


def test_each_row_of_the_document_is_run():
    assert list(rows()) == list(SERVICES)


@pytest.fixture
def start(tmp_path):
    """start(words, prepare) runs rind with WORDS as PID 1, PREPARE done."""
    need(os.getuid() == 0, "namespaces need root")
    started = []

    def run(words, prepare):
        process = harness.start(
            ["unshare", "--mount", "--pid", "--net", "--ipc", "--uts",
             "--fork", "--kill-child", "sh", "-ec", WITH_UNPACKED, "sh",
             "rind", *words], pid1=True,
            env={"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:"
                         "/sbin:/bin",
                 "PLACE": str(tmp_path), "RUN": prepare,
                 "UNPACKED": str(UNPACKED),
                 "RIND": str(harness.BUILD / "rind")})
        started.append(process)
        return process

    yield run
    for process in started:
        process.destroy()


def is_ready(process, place):
    """Whether the service answers at PLACE."""
    if process.popen.poll() is not None:
        raise AssertionError((process.wait(), process.out, process.err))
    process._pump(0)
    try:
        if isinstance(place, HTTP):
            return answers(process.pid, place) and status_line(process, place)
        if isinstance(place, int):
            return answers(process.pid, place)
        if place[0] != "/":
            return place in process.out + process.err
        return os.path.exists(f"/proc/{process.pid}/root{place}")
    except FileNotFoundError:
        raise AssertionError((process.wait(), process.out, process.err)
                             ) from None


# These have no handler: they wait for signals, by sigwait(3), or end by them.
NO_HANDLER = {"named", "named, which drops root itself", "mariadbd", "php -S",
              "node", "socat", "beanstalkd"}


def handles_the_stop(process, options):
    """Whether the main process has its handler by now."""
    status = harness.status_of(min(harness.children_of(process.pid)))
    number = signal.SIGINT if "TERM:INT" in options else signal.SIGTERM
    return int(status["SigCgt"], 16) >> (number - 1) & 1


def listed(options):
    """The capabilities that OPTIONS name."""
    found = re.search(r"--cap=(\S+)", options)
    return mask(*found[1].split(",")) if found else mask()


@pytest.mark.parametrize("service", SERVICES)
def test_a_service(start, service):
    package, options, command, code = rows()[service]
    prepare, place = SERVICES[service]
    need(shutil.which(shlex.split(command)[0], path=PATHS),
         f"{package} is not installed")
    process = start([*shlex.split(options), "--", *shlex.split(command)],
                    prepare)
    harness.until(lambda: is_ready(process, place), service)
    if service not in NO_HANDLER:
        harness.until(lambda: handles_the_stop(process, options), "a handler")
    namespace = namespace_of(process.pid)
    for pid in members_of(namespace):
        if pid == process.pid:
            continue
        try:
            status = harness.status_of(pid)
        except (FileNotFoundError, ProcessLookupError):
            continue
        if status["State"][0] != "Z":
            assert status["CapBnd"] == listed(options), status["Name"]
            assert status["NoNewPrivs"] == "1"
    process.kill("TERM")
    assert process.wait() == int(code), (process.out, process.err)
    harness.until(lambda: not members_of(namespace), "the end of all")


def has_worker(process, user):
    """Whether a process of PROCESS' namespace has become USER."""
    uid = str(pwd.getpwnam(user).pw_uid)
    return any(harness.status_of(pid)["Uid"].split()[0] == uid
               for pid in members_of(namespace_of(process.pid)))


def test_haproxy_without_kill_is_warned_of_and_hangs(start):
    _, options, command, _ = rows()["haproxy"]
    options = options.replace(",kill", "") + " --stop-timeout=2s"
    process = start([*options.split(), "--", *command.split()],
                    SERVICES["haproxy"][0])
    harness.until(lambda: has_worker(process, "haproxy"), "the worker")
    harness.until(lambda: handles_the_stop(process, options), "a handler")
    process.read_until(
        "rind: caps: setuid without kill: the app cannot stop workers that "
        "take another user (add --cap=kill)\n", "err")
    process.kill("TERM")
    assert process.wait() == 137


def test_a_daemon_that_is_left_does_not_end_without_a_word(start):
    process = start(["--user=memcache", "--", "memcached", "-d", "-l",
                     "127.0.0.1"], "")
    assert process.wait() == 0
    assert process.err == (
        "rind: stop: the app has exited with 0 and left processes: SIGTERM to "
        "them (if one is a daemon, add --wait=all)\n")


def test_a_stale_pid_file_stops_squid_but_under_a_tmpfs(start):
    _, options, command, code = rows()["squid"]
    prepare, port = SERVICES["squid"]
    prepare += ("; sleep 1000 >/dev/null 2>&1 & echo $! >/run/squid/pid; "
                "chown proxy /run/squid/pid")
    process = start([options, "--", *command.split()], prepare)
    assert process.wait() == 1
    assert "already running" in process.err
    process = start(["--unshare=mount", "--tmpfs=/run/squid:uid=proxy",
                     options, "--", *command.split()], prepare)
    harness.until(lambda: is_ready(process, port), "squid")
    process.kill("TERM")
    assert process.wait() == int(code)


def test_kinit_gets_a_ticket(start):
    prepare, _ = SERVICES["krb5kdc"]
    prepare += ("; kadmin.local -q 'addprinc -pw y u' >/dev/null 2>&1; "
                "chown -R nobody /var/lib/krb5kdc /etc/krb5kdc")
    process = start(
        ["--user=nobody", "--cap=net_bind_service", "--", "sh", "-c",
         "krb5kdc -n & until echo y | kinit u 2>/dev/null; do sleep 0.1; done;"
         " klist; kill $!"], prepare)
    assert process.wait() == 0, process.err
    assert "krbtgt/A.B@A.B" in process.out


# --- what no_new_privs makes void ---

def marked():
    """{program: mark} of the document's table."""
    return dict(re.findall(r"^\| `(/[^`]+)` \| (set.id) \|", DOCUMENT, re.M))


def test_programs_are_in_the_table():
    assert len(marked()) > 5


@pytest.mark.parametrize("program", marked())
def test_a_setuid_program_is_named_by_explain(plain, program):
    path = program if os.path.exists(program) else f"{UNPACKED}{program}"
    need(os.path.exists(path), f"{program} is not installed")
    process = plain("--explain", "--user=root", "--", path)
    assert process.wait() == 0, process.err
    assert process.err == (
        f"rind: exec: {path}: {marked()[program]}: without effect under "
        "no_new_privs (if it needs them, add --allow-new-privs)\n")


def test_sudo_says_it_itself(plain):
    need(shutil.which("sudo", path="/usr/bin"), "sudo is not installed")
    process = plain("--user=nobody", "--", "/usr/bin/sudo", "-n", "true")
    assert process.wait() == 1
    assert 'The "no new privileges" flag is set' in process.err


def test_a_password_cannot_be_checked_by_a_user(start):
    """unix_chkpwd cannot read the shadow file, as PAM asks it to."""
    check = "printf 'x\\0' | /usr/sbin/unix_chkpwd nobody nullok"
    prepare = ("echo nobody:x | chpasswd -c SHA512; "
               f"setpriv --reuid=nobody --clear-groups --regid=nogroup "
               f"sh -c \"{check}\" && echo right >&2")
    process = start(["--user=nobody", "--", "sh", "-c", check], prepare)
    assert process.wait() != 0
    assert "right" in process.err  # without rind
