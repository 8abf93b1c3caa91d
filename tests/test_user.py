"""--user and --groups: who the app is."""

import pytest

from inside import as_user, etc, fields, one_line, without

PASSWD = "root:x:0:0::/root:/bin/sh\\napp:x:1000:1000::/home/app:/bin/sh\\n"
GROUP = "root:x:0:\\napp:x:1000:\\nstaff:x:50:app\\n"


def ids(process):
    """(uid, gid, groups), once all four ids of each kind are the same."""
    assert process.wait() == 0, process.err
    assert process.err == ""
    found = fields(process.out)
    uids, gids = set(found["Uid"].split()), set(found["Gid"].split())
    assert len(uids) == 1 and len(gids) == 1
    return (int(uids.pop()), int(gids.pop()),
            [int(gid) for gid in found["Groups"].split()])


@pytest.mark.parametrize("user, expected", [
    ("app", (1000, 1000, [50, 1000, 1005])),
    ("1000", (1000, 1000, [50, 1000, 1005])),
    ("www", (33, 33, [33])),
    ("app:", (1000, 1000, [50, 1000, 1005])),
    ("app:www", (1000, 33, [33])),
    ("app:33", (1000, 33, [33])),
    ("1000:33", (1000, 33, [33])),
    ("1000:1000", (1000, 1000, [1000])),
    ("app:app", (1000, 1000, [1000])),
    ("4242:4343", (4242, 4343, [4343])),
    ("01000", (1000, 1000, [50, 1000, 1005])),
    ("4294967294", (4294967294, 4294967294, [4294967294])),
])
def test_user_and_group(container, user, expected):
    process = container(f"--user={user}", "cat", "/proc/self/status")
    assert ids(process) == expected


def test_a_number_that_passwd_does_not_know_is_its_own_group(container):
    process = container("--user=4242", "cat", "/proc/self/status")
    assert ids(process) == (4242, 4242, [4242])


def test_digits_are_a_number_also_where_a_user_has_that_name(container):
    process = container("--user=1003", "cat", "/proc/self/status")
    assert ids(process) == (1003, 1003, [1003])


def test_a_number_gets_no_groups_of_a_user_who_has_it_as_a_name(container):
    process = container("--user=1003", "cat", "/proc/self/status",
                        prepare=etc(passwd="1003:x:2003:2003::/:/bin/sh\\n",
                                    group="wheel:x:10:1003\\n"))
    assert ids(process) == (1003, 1003, [1003])


def test_digits_are_a_number_also_where_a_group_has_that_name(container):
    process = container("--user=app:1003", "cat", "/proc/self/status")
    assert ids(process) == (1000, 1003, [1003])


def test_a_user_in_302_groups_gets_them_all(container):
    process = container("--user=many", "cat", "/proc/self/status")
    assert ids(process) == (1001, 1001, [50, 1001, *range(3000, 3300)])


@pytest.mark.parametrize("user, uid", [
    ("homeless", 1002), ("shellless", 1004), ("long", 1005)])
def test_odd_but_whole_lines_of_passwd_are_users(container, user, uid):
    process = container(f"--user={user}", "cat", "/proc/self/status")
    assert ids(process)[:2] == (uid, uid)


@pytest.mark.parametrize("user, lines", [
    ("app", ["HOME=/home/app", "LOGNAME=app", "USER=app"]),
    ("1000", ["HOME=/home/app", "LOGNAME=app", "USER=app"]),
    ("app:www", ["HOME=/home/app", "LOGNAME=app", "USER=app"]),
    ("homeless", ["HOME=/", "LOGNAME=homeless", "USER=homeless"]),
    ("4242", ["HOME=/", "LOGNAME=4242", "USER=4242"]),
    ("root", ["HOME=/root", "LOGNAME=root", "USER=root"]),
])
def test_home_user_and_logname(container, user, lines):
    process = container("--clear-env", f"--user={user}", "env")
    assert process.wait() == 0
    assert process.out.splitlines() == lines


def test_home_can_be_overruled(container):
    process = container("--user=app", "--env=HOME=/data", "sh", "-c",
                        "echo $HOME")
    assert process.wait() == 0
    assert process.out == "/data\n"


@pytest.mark.parametrize("user, expected", [
    ("root", (0, 0, [0])), ("0", (0, 0, [0])), ("root:www", (0, 33, [33]))])
def test_root_where_it_is_asked_for(container, user, expected):
    process = container(f"--user={user}", "cat", "/proc/self/status")
    assert ids(process) == expected


@pytest.mark.parametrize("words", [[], ["--user=:www"], ["--groups=www"]])
def test_root_is_refused_where_it_is_not_asked_for(container, words):
    process = container(*words, "echo", "ran")
    assert process.wait() == 125
    assert one_line(process) == (
        "rind: user: root: the app would run as root "
        "(name a user with --user=USER; to run as root, give --user=0)")


def test_root_by_another_name_is_refused(container):
    process = container("--user=toor", "echo", "ran")
    assert process.wait() == 125
    assert one_line(process) == ("rind: user: toor: root by another name "
                                 "(to run as root, give --user=0)")


@pytest.mark.parametrize("user, line", [
    ("nosuch", "nosuch: no such user in /etc/passwd"),
    ("App", "App: no such user"),
    ("0day", "0day: no such user"),
    ("-1", "-1: no such user"),
    ("+1000", "+1000: no such user"),
    (" app", " app: no such user"),
    ("1000 ", "1000 : no such user"),
    ("4294967295", "4294967295: not a number from 0 to 4294967294"),
    ("4294967296", "4294967296: not a number from 0 to 4294967294"),
    ("99999999999999999999", "99999999999999999999: not a number from 0"),
    ("app:nosuch", "nosuch: no such group in /etc/group"),
    ("app:-1", "-1: no such group"),
    ("app:0day", "0day: no such group"),
    ("app:4294967295", "4294967295: not a number from 0 to 4294967294"),
    ("app:99999999999999999999", "99999999999999999999: not a number from 0"),
    ("app:cut", "/etc/group: cut: malformed line"),
    ("cut", "/etc/passwd: cut: malformed line"),
    ("huge", "/etc/passwd: huge: malformed line"),
])
def test_who_is_nobody_is_refused(container, user, line):
    process = container(f"--user={user}", "echo", "ran")
    assert process.wait() == 125
    assert one_line(process).startswith("rind: user: " + line)


def test_a_user_without_a_name_is_no_member_of_groups_without_members(
        container):
    process = container("--user=5", "echo", "ran",
                        prepare=etc(passwd=":x:5:5::/:/bin/sh\\n",
                                    group="root:x:0:\\nstaff:x:50:\\n"))
    assert process.wait() == 125
    assert "/etc/passwd: : malformed line" in one_line(process)


@pytest.mark.parametrize("user, expected", [
    ("app", "1000 50\n"),
    ("app:root", "rind: user: /etc/group: root: malformed line "
     "(repair it: the file may be half written)\n"),
])
def test_two_lines_in_one_make_nobody_a_member_of_the_first(container, user,
                                                            expected):
    process = container(f"--user={user}", "id", "-G", prepare=etc(
        passwd="app:x:1000:1000::/:/bin/sh\\n",
        group="root:x:0:sudo:x:27:db,app\\nstaff:x:50:db,app\\n"))
    refused = expected.startswith("rind")
    assert process.wait() == (125 if refused else 0)
    # BusyBox itself warns of the line.
    assert (process.err if refused else process.out) == expected


def test_a_name_of_5000_letters_is_one_short_line(container):
    process = container("--user=" + "u" * 5000, "echo", "ran")
    assert process.wait() == 125
    said = one_line(process)
    assert said.startswith("rind: user: uuu") and len(said) < 400
    assert said.endswith("u...: no such user in /etc/passwd "
                         "(give its number, which needs no entry)")


@pytest.mark.parametrize("groups, expected", [
    ("www", [33]), ("50,www", [33, 50]), ("www,33,www", [33]),
    ("4242", [4242]), ("root", [0])])
def test_groups_are_these_and_no_others(container, groups, expected):
    process = container("--user=app", f"--groups={groups}",
                        "cat", "/proc/self/status")
    assert ids(process) == (1000, 1000, expected)


@pytest.mark.parametrize("groups, line", [
    ("nosuch", "nosuch: no such group in /etc/group"),
    ("www,nosuch", "nosuch: no such group in /etc/group"),
    ("4294967295", "4294967295: not a number from 0 to 4294967294"),
    ("cut", "/etc/group: cut: malformed line"),
])
def test_groups_that_do_not_exist_are_refused(container, groups, line):
    process = container("--user=app", f"--groups={groups}", "echo", "ran")
    assert process.wait() == 125
    assert one_line(process).startswith("rind: user: " + line)


# /etc/passwd as it should not be


def test_without_passwd_a_name_is_unknown(container):
    process = container("--user=app", "echo", "ran", prepare=etc())
    assert process.wait() == 125
    assert one_line(process).startswith(
        "rind: user: app: no such user in /etc/passwd")


def test_without_passwd_a_number_will_do(container):
    process = container("--user=1000", "cat", "/proc/self/status",
                        prepare=etc())
    assert ids(process) == (1000, 1000, [1000])


@pytest.mark.parametrize("user", ["app", "1000"])
@pytest.mark.parametrize("make, reason", [
    ('mkfifo "$IMAGE/etc/passwd"', "not a regular file"),
    ('mkdir "$IMAGE/etc/passwd"', "Is a directory"),
    ('ln -s passwd "$IMAGE/etc/passwd"', "Symbolic link loop"),
    (r'printf "app:x:1000:1000::/:\0\n" >"$IMAGE/etc/passwd"',
     "holds a NUL byte"),
])
def test_a_passwd_that_cannot_be_read_is_an_error(container, user, make,
                                                  reason):
    process = container(f"--user={user}", "echo", "ran",
                        prepare=etc() + "; " + make)
    assert process.wait() == 125
    assert one_line(process).startswith(
        f"rind: user: /etc/passwd: {reason}")


def test_an_unreadable_passwd_is_an_error(container):
    process = container("--user=app", "echo", "ran",
                        prepare=etc(passwd=PASSWD)
                        + '; chmod 000 "$IMAGE/etc/passwd"',
                        enter=without("dac_override", "dac_read_search"))
    assert process.wait() == 125
    assert one_line(process).startswith(
        "rind: user: /etc/passwd: Permission denied")


def test_an_unreadable_group_file_is_an_error(container):
    process = container("--user=app", "echo", "ran",
                        prepare=etc(passwd=PASSWD, group=GROUP)
                        + '; chmod 000 "$IMAGE/etc/group"',
                        enter=without("dac_override", "dac_read_search"))
    assert process.wait() == 125
    assert one_line(process).startswith(
        "rind: user: /etc/group: Permission denied")


@pytest.mark.parametrize("user, line", [
    ("db", "db:x:10"), ("10", "db:x:10"), ("db", "db:x:10:20::/va"),
    ("db", "db"), ("db", "db:x::"), ("db", "db:x:1002:-1::/:\\n")])
def test_a_half_written_line_is_no_user(container, user, line):
    process = container(f"--user={user}", "echo", "ran",
                        prepare=etc(passwd=PASSWD + line, group=GROUP))
    assert process.wait() == 125
    assert one_line(process) == (
        "rind: user: /etc/passwd: db: malformed line "
        "(repair it: the file may be half written)")


def test_a_half_written_line_does_not_harm_the_others(container):
    process = container("--user=app", "cat", "/proc/self/status",
                        prepare=etc(passwd=PASSWD + "db:x:10", group=GROUP))
    assert ids(process) == (1000, 1000, [50, 1000])


def test_a_last_line_without_its_newline_is_whole(container):
    process = container("--user=db", "cat", "/proc/self/status",
                        prepare=etc(passwd=PASSWD + "db:x:10:20::/:/bin/sh",
                                    group=GROUP))
    assert ids(process) == (10, 20, [20])


# Started as a user already: docker run --user, runAsNonRoot


@pytest.mark.parametrize("words", [
    [], ["--user=app"], ["--user=1000"], ["--user=:app"],
    ["--user=app:app"], ["--user=:1000"], ["--groups=1000"]])
def test_a_user_stays_itself(container, words):
    process = container(*words, "cat", "/proc/self/status",
                        enter=as_user(1000))
    assert ids(process) == (1000, 1000, [1000])


def test_a_user_unknown_to_the_image_stays_itself(container):
    process = container("cat", "/proc/self/status", enter=as_user(4242, 0))
    assert ids(process) == (4242, 0, [0])


def test_without_user_the_environment_stays(container):
    process = container("env", enter="env -i HOME=/mine USER=me "
                        "PATH=$PATH " + as_user(1000))
    assert process.wait() == 0
    assert {"HOME=/mine", "USER=me"} <= set(process.out.splitlines())


AS_ROOT = "start rind as root, with docker run --cap-add"


@pytest.mark.parametrize("words, line", [
    (["--user=www"], f"www: rind may not change its user ({AS_ROOT}=SETUID)"),
    (["--user=root"], f"root: rind may not change its user ({AS_ROOT}=SETUID)"),
    (["--user=app:www"],
     f"app:www: rind may not change its group ({AS_ROOT}=SETGID)"),
    (["--user=:www"],
     f":www: rind may not change its group ({AS_ROOT}=SETGID)"),
    (["--groups=www"],
     "www: rind may not change its groups (start rind with CAP_SETGID"),
    (["--user=app", "--groups=app,staff"],
     "app: rind may not change its groups (start rind with CAP_SETGID"),
])
def test_a_user_cannot_become_another(container, words, line):
    process = container(*words, "echo", "ran", enter=as_user(1000))
    assert process.wait() == 125
    assert one_line(process).startswith("rind: user: " + line)


