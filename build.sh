#!/bin/sh
# Builds, checks, tests and installs rind, from a bare Debian machine on. What
# is there already is found without asking the network.

set -eu
cd -- "$(dirname -- "$0")"
umask 022 # every user may run what is built

usage() {
	cat <<-'EOF'
	usage: ./build.sh [build]            get what the build needs, build build/rind
	       ./build.sh lint               run the analysers and the format check
	       ./build.sh test [ARG]...      run all tests; ARGs go to pytest
	       ./build.sh test quick [ARG]...  run one case of each test that takes
	                             no engine, no emulator and no build
	       ./build.sh faults [ARG]...    make each system call of a start fail
	       ./build.sh fuzz [SECONDS] [TARGET]...
	                             fuzz every parser, 60 s each
	       ./build.sh soak [ARG]...      a million orphans, a million signals, ...
	       ./build.sh bench [quick]      measure rind beside its peers, write
	                             docs/benchmarks.md (quick: build/bench)
	       ./build.sh coverage [ARG]...  show which lines of rind the tests run
	       ./build.sh sanitize [ARG]...  run the tests under AddressSanitizer
	                             and UndefinedBehaviorSanitizer
	       ./build.sh demo               show a container without an engine
	       ./build.sh install [DESTDIR]  install program, manual page, licences
	       ./build.sh clean              remove build/

	CC, CFLAGS         the compiler and its flags (gcc; -Os -g, see the Makefile)
	LIBCAP_SRC         libcap's sources, a tarball or a directory, instead
	                   of the distribution's source package
	PREFIX             where install puts things (/usr/local)
	EOF
}

# die OBJECT REASON CURE
die() {
	printf 'build: %s: %s (%s)\n' "$1" "$2" "$3" >&2
	exit 1
}

have() {
	command -v "$1" >/dev/null 2>&1
}

can_be_root() {
	[ "$(id -u)" = 0 ] || have sudo
}

as_root() {
	if [ "$(id -u)" = 0 ]; then
		"$@"
	else
		sudo "$@"
	fi
}

# What apt gave up over: the last error in its log. Where no source could be
# fetched at all, its last word is that there are none, and hides the reason.
apt_error() {
	sed -n "/'deb-src'/d; s/^E: //p; s/^W: \(Failed to fetch\)/\1/p" "$1" |
		tail -n 1
}

missing_packages() {
	for package; do
		status=$(dpkg-query -W -f '${db:Status-Status}\n' "$package" \
			2>/dev/null) || status=
		case $status in
		installed*) ;;
		*) printf '%s ' "$package" ;;
		esac
	done
}

apt_install() {
	as_root env DEBIAN_FRONTEND=noninteractive apt-get -qy install \
		--no-install-recommends "$@" </dev/null >>build/apt.log 2>&1
}

install_packages() {
	have dpkg-query ||
		die dpkg-query 'not found' \
			'this script is for Debian; elsewhere use make'
	missing=$(missing_packages "$@")
	missing=${missing% }
	[ -n "$missing" ] || return 0
	have apt-get || die "$missing" 'not installed, and no apt-get here' \
		'install it in another way'
	can_be_root ||
		die "$missing" 'not installed, and neither root nor sudo here' \
			"as root: apt-get install $missing"
	echo "build: installing $missing"
	mkdir -p build
	: >build/apt.log
	# The lists that are here may do; if not, new ones must. An unrelated
	# source that fails then must not matter.
	# shellcheck disable=SC2086 # one word for each package
	apt_install $missing || {
		as_root apt-get -q update </dev/null >build/apt.log 2>&1 || :
		apt_install $missing
	} || die "$missing" "$(apt_error build/apt.log)" \
		'see build/apt.log and the sources in /etc/apt'
}

# The words of CC that are commands: ccache gcc -m64 has two.
compiler_words() {
	for word in ${CC:-gcc}; do
		case $word in
		-*) ;;
		*) printf '%s ' "$word" ;;
		esac
	done
}

install_build_needs() {
	set -- make binutils musl-dev linux-libc-dev
	[ -n "${CC:-}" ] || set -- "$@" gcc
	[ -n "${LIBCAP_SRC:-}" ] || set -- "$@" dpkg-dev
	install_packages "$@"
	for word in $(compiler_words); do
		have "$word" || die "$word" 'not found' \
			"CC names it: install it, or set CC to another compiler"
	done
}

# The deb-src form of each deb822 stanza with Debian's main in it. Other fields
# (Signed-By above all, which may hold the key itself) stay as they are.
deb822_sources() {
	for file; do
		[ -e "$file" ] || continue
		sed 's/^[[:space:]]*$//' "$file"
		echo
	done | awk -v codename="$codename" "$debian_suites"'
	BEGIN { RS = ""; FS = "\n" }
	{
		split("", field)
		name = ""
		for (i = 1; i <= NF; i++) {
			if ($i ~ /^#/)
				continue
			if ($i !~ /^[ \t]/) {
				colon = index($i, ":")
				name = tolower(substr($i, 1, colon - 1))
				field[name] = substr($i, colon + 1)
			} else {
				field[name] = field[name] "\n" $i
			}
		}
		suites = debian_suites(field["suites"])
		if (!has(field["types"], "deb") || suites == "" ||
		    !has(field["components"], "main") ||
		    tolower(field["enabled"]) ~ /^[ \t]*(no|false|off|0)/)
			next
		field["types"] = " deb-src"
		field["suites"] = suites
		field["components"] = " main"
		for (name in field)
			if (field[name] != "")
				print name ":" field[name]
		print ""
	}'
}

# The same for one-line sources: deb [OPTIONS] URI SUITE COMPONENT...
one_line_sources() {
	for file; do
		[ -e "$file" ] || continue
		cat "$file"
		echo
	done | awk -v codename="$codename" "$debian_suites"'
	{ sub(/#.*/, "") }
	$1 == "deb" && $2 !~ /^cdrom:/ {
		options = ""
		if ($2 ~ /^\[/ && match($0, /\[[^]]*\]/)) {
			options = substr($0, RSTART, RLENGTH) " "
			$0 = "deb " substr($0, RSTART + RLENGTH)
		}
		suite = debian_suites($3)
		components = $0
		sub(/^.*[^ \t]+[ \t]+[^ \t]+/, "", components)
		if (suite != "" && has($0, "main"))
			print "deb-src " options $2 suite " main"
	}'
}

# Debian names its suites after the release or its age. A third party that
# offers a main component has suites of its own, and no libcap2.
debian_suites='
	function has(list, word,    words, n) {
		n = split(list, words, /[ \t\n]+/)
		while (n > 0)
			if (words[n--] == word)
				return 1
		return 0
	}
	function debian_suites(list,    words, n, i, ours) {
		n = split(list, words, /[ \t\n]+/)
		for (i = 1; i <= n; i++)
			if (words[i] ~ "^(" codename "|stable|oldstable|" \
			    "testing|unstable|sid)(-updates|-security|" \
			    "/updates)?$")
				ours = ours " " words[i]
		return ours
	}
'

# An apt that shares only keys, proxies and mirrors with the system's: its
# lists, caches and hooks are its own.
write_apt_conf() {
	apt=$PWD/build/apt
	mkdir -p build/apt/sources.d build/apt/lists/partial \
		build/apt/cache/archives/partial
	cat >build/apt/apt.conf <<-EOF
	Dir::Etc::sourcelist "/dev/null";
	Dir::Etc::sourceparts "$apt/sources.d";
	Dir::State::lists "$apt/lists";
	Dir::Cache "$apt/cache";
	Dir::Cache::archives "$apt/cache/archives";
	Acquire::AllowInsecureRepositories "false";
	APT::Get::AllowUnauthenticated "false";
	#clear APT::Update::Pre-Invoke;
	#clear APT::Update::Post-Invoke;
	#clear APT::Update::Post-Invoke-Success;
	EOF
	eval "$(apt-config shell list Dir::Etc::sourcelist/f \
		parts Dir::Etc::sourceparts/d)"
	# shellcheck disable=SC1091 # a file of the system
	codename=$(. /etc/os-release && echo "${VERSION_CODENAME:-stable}")
	# shellcheck disable=SC2154 # apt-config's words set list and parts
	one_line_sources "$list" "$parts"/*.list \
		>build/apt/sources.d/debian.list
	deb822_sources "$parts"/*.sources >build/apt/sources.d/debian.sources
	[ -s build/apt/sources.d/debian.list ] ||
		[ -s build/apt/sources.d/debian.sources ] ||
		die libcap2 "no source of Debian $codename main in /etc/apt" \
			'add one, or set LIBCAP_SRC to the sources of libcap'
}

fetch_libcap_package() {
	have apt-get || die libcap2 'no apt-get here to get its source with' \
		'set LIBCAP_SRC to the sources of libcap'
	echo 'build: getting the source package of libcap2'
	write_apt_conf
	log=build/apt/log
	# As above: one source may fail as long as another has the package.
	apt-get -q -c build/apt/apt.conf update >$log 2>&1 </dev/null || :
	(
		rm -rf build/apt/source && mkdir build/apt/source
		cd build/apt/source
		apt-get -q -c ../apt.conf source --only-source libcap2
	) >>$log 2>&1 </dev/null ||
		die libcap2 "$(apt_error $log)" \
			"see $log, or set LIBCAP_SRC to the sources of libcap"
	mv build/apt/source/libcap2-*/ build/libcap-new
	rm -rf build/apt/lists build/apt/cache
}

# A copy, not a link: the debugging data would name the other directory, and
# a cap_names.h that was generated there would be taken for ours.
copy_libcap() {
	mkdir build/libcap-new
	[ ! -d "$LIBCAP_SRC/libcap" ] ||
		cp -R "$LIBCAP_SRC/libcap" build/libcap-new/libcap
	rm -f build/libcap-new/libcap/cap_names.h
}

unpack_libcap() {
	mkdir build/libcap-new
	tar -xf "$LIBCAP_SRC" -C build/libcap-new --strip-components=1 \
		2>/dev/null ||
		die "$LIBCAP_SRC" 'cannot be unpacked' \
			'LIBCAP_SRC must be a tarball or directory of libcap'
}

# build/libcap-src is there and is what was asked for; build/libcap-origin
# says which, and is newer than all that must be built from it.
provide_libcap() {
	origin="the distribution's source package"
	if [ -d "${LIBCAP_SRC:-}" ]; then
		origin="directory $(cat "$LIBCAP_SRC"/libcap/*.c \
			"$LIBCAP_SRC"/libcap/include/*/*.h \
			"$LIBCAP_SRC"/libcap/include/*/*/*.h \
			2>/dev/null | cksum)"
	elif [ -n "${LIBCAP_SRC:-}" ]; then
		[ -r "$LIBCAP_SRC" ] || die "$LIBCAP_SRC" \
			'no such file or directory' 'LIBCAP_SRC names it'
		origin="tarball $(cksum <"$LIBCAP_SRC")"
	fi
	[ "$(cat build/libcap-origin 2>/dev/null)" != "$origin" ] || return 0
	mkdir -p build
	rm -rf build/libcap-new
	case $origin in
	directory*) copy_libcap ;;
	tarball*) unpack_libcap ;;
	*) fetch_libcap_package ;;
	esac
	[ -e build/libcap-new/libcap/cap_proc.c ] ||
		die "${LIBCAP_SRC:-libcap2}" 'no libcap/cap_proc.c in it' \
			'give the top directory of the sources of libcap'
	# Only now: LIBCAP_SRC may be wrong, or be this very directory.
	rm -rf build/libcap-src build/libcap-origin
	mv build/libcap-new build/libcap-src
	printf '%s\n' "$origin" >build/libcap-origin
}

run_make() {
	make -s -j"$(nproc)" LIBCAP_SRC=build/libcap-src "$@"
}

cmd_build() {
	install_build_needs
	provide_libcap
	run_make all
}

lint_needs='gcc clang-tidy clang-format cppcheck shellcheck mandoc'

cmd_lint() {
	# shellcheck disable=SC2086 # one word for each package
	install_packages $lint_needs
	install_build_needs
	provide_libcap
	run_make -k -Otarget lint
}

fuzz_needs='clang-14 libclang-rt-14-dev python3-minimal'

bench_needs="python3-minimal busybox-static util-linux binutils strace procps
	tini dumb-init catatonit gosu bubblewrap s6 runit hyperfine gnuplot-nox"

quick_needs='python3-pytest python3-pytest-xdist busybox-static strace
	util-linux libcap2-bin uidmap procps file binutils mandoc'

test_needs="$quick_needs nginx-light redis-server cron runc curl git
	qemu-system-x86 qemu-system-arm gcc-aarch64-linux-gnu
	linux-libc-dev-arm64-cross cpio docker.io containerd podman crun lxc
	systemd-container python3-yaml python3-kubernetes
	$lint_needs $bench_needs $fuzz_needs"

# The servers of docs/services.md: 200 MB with all that they need.
services_needs='bind9 dnsmasq-base avahi-daemon dbus-daemon haproxy php8.2-fpm
	memcached squid lighttpd apache2-bin openssh-server dropbear-bin
	mosquitto unbound nsd knot stunnel4 tinyproxy privoxy monit
	mariadb-server-core postgresql-15 pgbouncer krb5-kdc krb5-user krb5-admin-server
	slapd
	snmpd socat beanstalkd gunicorn puma nodejs ngircd sudo'

# To install one of these would remove another package of its kind.
unpacked_needs='chrony exim4-daemon-light'

policy=/usr/sbin/policy-rc.d

# The servers that the tests use must not start as services of this machine.
install_without_services() {
	[ -n "$(missing_packages "$@")" ] || return 0
	if [ -e $policy ] || ! can_be_root; then
		install_packages "$@"
		return
	fi
	trap 'as_root rm -f $policy' EXIT
	trap 'exit 130' INT
	trap 'exit 143' TERM
	printf '#!/bin/sh\nexit 101\n' | as_root tee $policy >/dev/null
	as_root chmod 755 $policy
	install_packages "$@"
	trap - EXIT INT TERM
	as_root rm -f $policy
}

# unpack_packages PACKAGE...: into build/unpacked, and not on this machine.
unpack_packages() {
	for package; do
		[ ! -e "build/unpacked/usr/share/doc/$package" ] || continue
		echo "build: unpacking $package"
		rm -rf build/deb && mkdir -p build/deb build/unpacked
		{
			(cd build/deb && apt-get -q download "$package") &&
				dpkg -x build/deb/*.deb build/unpacked
		} >build/apt.log 2>&1 ||
			die "$package" "$(apt_error build/apt.log)" \
				'see build/apt.log and the sources in /etc/apt'
	done
}

# Device nodes and other owners' files need root.
make_images() {
	can_be_root || die 'test images' 'neither root nor sudo here' \
		'be root, or install sudo'
	as_root tests/images/make
}

run_tests() {
	cmd_build
	run_make tests-programs
	make_images
	exec /usr/bin/python3 -m pytest -q "$@"
}

# What the whole suite needs.
install_suite_needs() {
	# shellcheck disable=SC2086 # one word for each package
	install_without_services $test_needs $services_needs
	# shellcheck disable=SC2086 # as above
	unpack_packages $unpacked_needs
}

# Side by side, and more than there are CPUs: most tests wait for something.
cmd_test() {
	side_by_side="--numprocesses=$((2 * $(nproc))) --dist=loadgroup"
	# shellcheck disable=SC2086 # one word for each package, and for each option
	if [ "${1:-}" = quick ]; then
		shift
		install_packages $quick_needs
		run_tests $side_by_side --quick "$@"
	else
		install_suite_needs
		run_tests $side_by_side "$@"
	fi
}

# These measure, or keep all CPUs busy by themselves.
cmd_faults() {
	export RIND_FAULTS=all
	# shellcheck disable=SC2086 # as above
	install_without_services $test_needs
	run_tests tests/faults "$@"
}

cmd_soak() {
	export RIND_SOAK=all
	# shellcheck disable=SC2086 # as above
	install_without_services $test_needs
	run_tests tests/soak "$@"
}

# instrumented KIND [ARG]...: ARGs go to pytest.
instrumented() {
	install_suite_needs
	unset CC CFLAGS # the instruments are gcc's
	install_build_needs
	provide_libcap
	can_be_root || die "$1" 'neither root nor sudo here' \
		'be root, or install sudo'
	as_root tests/instrument/run "$@"
}

cmd_coverage() {
	instrumented coverage "$@"
}

cmd_sanitize() {
	instrumented sanitize "$@"
}

cmd_fuzz() {
	# shellcheck disable=SC2086 # one word for each package
	install_packages $fuzz_needs
	install_build_needs
	provide_libcap
	run_make fuzz
	exec tests/fuzz/run "$@"
}

cmd_bench() {
	can_be_root || die bench 'neither root nor sudo here' \
		'be root, or install sudo'
	# shellcheck disable=SC2086 # one word for each package
	install_without_services $bench_needs
	cmd_build
	run_make tests-programs
	as_root tests/bench/run "$@"
}

cmd_demo() {
	install_packages busybox-static util-linux libcap2-bin
	cmd_build
	exec tests/demo
}

cmd_install() {
	install_build_needs
	provide_libcap
	run_make install DESTDIR="${1:-}" PREFIX="${PREFIX:-/usr/local}"
}

# The image in it is root's.
cmd_clean() {
	rm -rf build 2>/dev/null || as_root rm -rf build
}

command=${1:-build}
[ $# -eq 0 ] || shift
case $command in
build | lint | test | faults | fuzz | soak | coverage | sanitize | bench | demo | \
	install | clean)
	"cmd_$command" "$@"
	;;
help | --help | -h)
	usage
	;;
*)
	usage >&2
	exit 2
	;;
esac
