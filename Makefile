# Compiles, links and installs rind:
#
#   make [LIBCAP_SRC=DIR] [CC=...] [all]     build/rind, build/rind-wait-loop
#   make install [DESTDIR=...] [PREFIX=...]
#   make check                               the quick part of the tests
#   make clean
#
# Nothing is fetched and nothing is installed: ./build.sh does that on Debian,
# and then calls this.

ifeq ($(origin CC),default)
CC := gcc
endif
OBJCOPY ?= objcopy
INSTALL ?= install
PREFIX ?= /usr/local
VERSION := $(shell cat VERSION)

# The top directory of libcap's sources; ./build.sh puts them there.
LIBCAP_SRC ?= build/libcap-src
ifneq ($(words $(LIBCAP_SRC)),1)
$(error build: LIBCAP_SRC: a blank in its path (copy the directory))
endif
LIBCAP := $(LIBCAP_SRC)/libcap

# musl's headers and libraries. Where the compiler is glibc's, as on Debian, they
# lie beside those of glibc; where it is musl's own, as on Alpine, they are the
# system's. A compiler may not know -print-multiarch (clang before 16, Alpine's
# gcc): its machine then tells.
MACHINE := $(shell $(CC) -dumpmachine)
MULTIARCH := $(or $(shell $(CC) -print-multiarch 2>/dev/null), \
	$(subst -pc-,-,$(subst -unknown-,-,$(MACHINE))))
MUSL_ARCH := $(patsubst %-gnu,%-musl,$(patsubst \
	%-gnueabihf,%-musleabihf,$(MULTIARCH)))
ifneq ($(findstring musl,$(MACHINE)),)
MUSL_INCLUDE ?= /usr/include
MUSL_LIB ?= /usr/lib
endif
MUSL_INCLUDE ?= /usr/include/$(MUSL_ARCH)
MUSL_LIB ?= /usr/lib/$(MUSL_ARCH)
KERNEL_INCLUDE ?= /usr/include
KERNEL_ASM = $(firstword $(wildcard \
	$(KERNEL_INCLUDE)/$(MULTIARCH)/asm $(KERNEL_INCLUDE)/asm))

SYSTEM_HEADERS = -isystem $(MUSL_INCLUDE) \
	-isystem $(shell $(CC) -print-file-name=include) \
	-isystem build/kernel-headers
WARNINGS := -Wall -Wextra -Wshadow -Wconversion -Wstrict-prototypes \
	-Wmissing-prototypes -Wvla -Wformat=2 -Wundef -Wwrite-strings

# A compiler that is newer than these sources may warn of more: WERROR= then.
WERROR ?= -Werror

# CFLAGS and CPPFLAGS add to these; they may choose another -O or -g.
OPTIMIZE := -Os -g
# What security rests on stands behind CFLAGS, so that no build system's own
# flags displace it. Link-time optimisation is off since gcc 12.2 leaves out
# canaries with it; _FORTIFY_SOURCE is glibc's, musl has none.
HARDENING := -fPIE -fstack-protector-strong -fno-lto -U_FORTIFY_SOURCE
# C has no exceptions to unwind for.
CODE_FLAGS = -ffunction-sections -fdata-sections \
	-fno-asynchronous-unwind-tables -fno-unwind-tables \
	'-ffile-prefix-map=$(CURDIR)=.' '-ffile-prefix-map=$(LIBCAP_SRC)=libcap'
COMMON_FLAGS = -nostdinc $(SYSTEM_HEADERS) -std=gnu17 -D_GNU_SOURCE \
	$(CODE_FLAGS) $(OPTIMIZE) $(CPPFLAGS) $(CFLAGS) $(HARDENING)
RIND_INCLUDES := -I. -isystem $(LIBCAP)/include -isystem build/libcap
RIND_DEFINES := -DRIND_VERSION='"$(VERSION)"'
RIND_FLAGS = $(RIND_INCLUDES) $(RIND_DEFINES) $(WARNINGS) $(WERROR) \
	$(COMMON_FLAGS)
LIBCAP_FLAGS = -I$(LIBCAP)/include/uapi -I$(LIBCAP)/include -Ibuild/libcap \
	$(COMMON_FLAGS) -w
TEST_FLAGS = -nostdinc $(SYSTEM_HEADERS) -std=gnu17 -fPIE -O1 -g \
	-Wall -Wextra -Werror

# Packed relocations (DT_RELR) take a fiftieth of the others' place. musl before
# 1.2.4 does not apply them, sys/relr.c does: hence in rind alone. A linker that
# does not know the word makes the others, which every musl applies.
COMMA := ,
KNOWS_RELR := $(shell $(CC) -Wl,--help 2>/dev/null | \
	grep -e nopack-relative-relocs)
PACKED := $(if $(KNOWS_RELR),-Wl$(COMMA)-z$(COMMA)pack-relative-relocs)
UNPACKED := $(if $(KNOWS_RELR),-Wl$(COMMA)-z$(COMMA)nopack-relative-relocs)
# A static PIE of musl's start files. LDFLAGS stand before what security rests on.
LINK_FLAGS := $(LDFLAGS) -static-pie -nostdlib -fno-lto \
	-Wl,-z,relro,-z,now,-z,noexecstack,-z,text,--gc-sections \
	-Wl,--no-dynamic-linker,--build-id=none,--fatal-warnings
# Of the compiler's own, crtbeginS.o and crtendS.o, C has no need.
START_FILES = $(MUSL_LIB)/rcrt1.o $(MUSL_LIB)/crti.o
END_FILES = $(MUSL_LIB)/libc.a $(shell $(CC) -print-libgcc-file-name) \
	$(MUSL_LIB)/crtn.o
# The map says where the linker has put each function.
RIND_LINK = -Wl,-e,rind_entry,-T,resident.ld,-Map=$@.map $(PACKED)
link = $(CC) $(LINK_FLAGS) $(1) -o $@ $(START_FILES) $(2) $(END_FILES)

ROOMS := lib sys setup setup/namespaces setup/mounts setup/identity \
	setup/confinement setup/process supervise check cli compat
SOURCES := $(sort $(wildcard *.c $(ROOMS:%=%/*.c)))
HEADERS := $(sort $(wildcard *.h $(ROOMS:%=%/*.h)))
OBJECTS := $(SOURCES:%.c=build/obj/%.o)
LOOP_OBJECTS := $(patsubst %/supervise/reap.o,%/supervise/reap-loop.o,$(OBJECTS))
LIBCAP_OBJECTS := $(patsubst $(LIBCAP)/%.c,build/libcap/%.o, \
	$(sort $(filter-out %_test.c,$(wildcard $(LIBCAP)/cap_*.c))))
PROGRAMS := $(patsubst tests/programs/%.c,build/tests/%, \
	$(wildcard tests/programs/*.c))
LICENCES := LICENSE licenses/libcap.txt licenses/musl.txt
DOCUMENTS := README.md SECURITY.md CHANGELOG.md

Q := $(if $(V),,@)
say = $(if $(V),,@printf '  %-7s %s\n' $(1) $@)

.DELETE_ON_ERROR:
.SECONDARY:
.SUFFIXES:
.PHONY: all install check clean tests-programs fuzz lint lint-format \
	lint-cppcheck lint-shell lint-manual force

all: build/rind build/rind-wait-loop

# What is built is stale when the compiler or a flag is another one.
STAMP = $(CC) | $(shell $(CC) --version | head -n 1) | $(RIND_FLAGS) | \
	$(LINK_FLAGS) | $(START_FILES) $(END_FILES)
build/flags: force
	$(shell mkdir -p $(@D))$(file >$@.new,$(STAMP))
	@if cmp -s $@.new $@; then rm $@.new; else mv $@.new $@; fi

# What has to be there, asked for before the first file is compiled.
build/needs: build/flags Makefile
	@test -e "$(MUSL_LIB)/rcrt1.o" && test -e "$(MUSL_INCLUDE)/stdio.h" || { \
		echo "build: musl: not in $(MUSL_LIB) and $(MUSL_INCLUDE)" \
			"(MUSL_LIB and MUSL_INCLUDE name its directories)" >&2; \
		exit 1; }
	@test -e "$(LIBCAP)/cap_proc.c" || { \
		echo "build: libcap: no sources in $(LIBCAP_SRC)" \
			"(./build.sh gets them; LIBCAP_SRC names them)" >&2; \
		exit 1; }
	@touch $@

# A distribution's kernel headers may lie among those of another C library: only
# the kernel's are made visible.
build/kernel-headers: | build/needs
	$(call say,HEADERS)
	$(Q)test -d "$(KERNEL_INCLUDE)/linux" -a -d "$(KERNEL_ASM)" || { \
		echo "build: kernel headers: not in $(KERNEL_INCLUDE)" \
			"(apt-get install linux-libc-dev)" >&2; exit 1; }
	$(Q)rm -rf $@.new && mkdir -p $@.new
	$(Q)ln -s $(KERNEL_INCLUDE)/linux $(KERNEL_INCLUDE)/asm-generic \
		$(KERNEL_ASM) $@.new
	$(Q)mv $@.new $@

# --license prints them: build/licences.c holds one string.
build/licences.c: $(LICENCES) Makefile
	$(call say,TEXT)
	@mkdir -p $(@D)
	$(Q)awk 'BEGIN { print "#include \"cli/licences.h\"\n"; \
			print "const char licences[] =" } \
		FNR == 1 && NR > 1 { print "\t\"\\n----\\n\\n\"" } \
		{ gsub(/\\/, "\\\\"); gsub(/"/, "\\\""); \
			print "\t\"" $$0 "\\n\"" } \
		END { print "\t;" }' $(LICENCES) >$@

# libcap

# The same list that libcap's own generator makes, without a program built for
# the machine that builds, and never with gperf: bytes would differ with it.
build/libcap/cap_names.h: $(LIBCAP)/include/uapi/linux/capability.h Makefile \
		build/flags | build/needs
	$(call say,NAMES)
	@mkdir -p $(@D)
	$(Q)awk '$$1 == "#define" && $$2 ~ /^CAP_[A-Z0-9_]+$$/ && \
		$$3 ~ /^[0-9]+$$/ && NF == 3 { \
			name[$$3 + 0] = tolower($$2); \
			if ($$3 >= bits) bits = $$3 + 1; \
			if (length($$2) >= size) size = length($$2) + 1; \
		} END { \
			print "#define __CAP_BITS", bits; \
			print "#define __CAP_NAME_SIZE", size; \
			print "#ifdef LIBCAP_PLEASE_INCLUDE_ARRAY"; \
			printf "#define LIBCAP_CAP_NAMES {"; \
			for (i = 0; i < bits; i++) \
				printf " %s,", i in name ? \
					"\"" name[i] "\"" : "NULL"; \
			print " }\n#endif"; \
		}' $< >$@

# Where there are none, build/needs says so.
$(LIBCAP)/include/uapi/linux/capability.h: | build/needs

build/libcap/%.o: $(LIBCAP)/%.c build/libcap/cap_names.h build/flags \
		| build/kernel-headers
	$(call say,CC)
	$(Q)$(CC) $(LIBCAP_FLAGS) -MD -MP -c -o $@ $<

build/libcap.a: $(LIBCAP_OBJECTS)
	$(call say,AR)
	$(Q)rm -f $@ && $(AR) rcsD $@ $^

# rind

build/obj/%.o: %.c build/flags build/libcap/cap_names.h | build/kernel-headers
	$(call say,CC)
	@mkdir -p $(@D)
	$(Q)$(CC) $(RIND_FLAGS) -MD -MP -c -o $@ $<

build/obj/%-loop.o: %.c build/flags build/libcap/cap_names.h \
		| build/kernel-headers
	$(call say,CC)
	@mkdir -p $(@D)
	$(Q)$(CC) $(RIND_FLAGS) -DRIND_FORCE_WAIT_LOOP -MD -MP -c -o $@ $<

build/obj/licences.o: build/licences.c build/flags | build/kernel-headers
	$(call say,CC)
	@mkdir -p $(@D)
	$(Q)$(CC) $(RIND_FLAGS) -c -o $@ $<

build/rind.full: $(OBJECTS)
build/rind-wait-loop.full: $(LOOP_OBJECTS)
build/rind.full build/rind-wait-loop.full: build/obj/licences.o build/libcap.a \
		$(MUSL_LIB)/libc.a resident.ld
	$(call say,LD)
	$(Q)$(call link,$(RIND_LINK),$(filter %.o,$^) build/libcap.a)

$(MUSL_LIB)/libc.a: | build/needs

build/%.debug: build/%.full
	$(call say,DEBUG)
	$(Q)$(OBJCOPY) --only-keep-debug $< $@

build/rind build/rind-wait-loop: build/%: build/%.full build/%.debug
	$(call say,STRIP)
	$(Q)$(OBJCOPY) --strip-all --remove-section=.comment \
		--add-gnu-debuglink=build/$*.debug $< $@
	@echo "build: $@: $$(wc -c <$@) bytes"

# With the documents that the manual refers to.
install: build/rind
	$(Q)$(INSTALL) -D -m 755 build/rind "$(DESTDIR)$(PREFIX)/bin/rind"
	$(Q)$(INSTALL) -D -m 644 rind.8 \
		"$(DESTDIR)$(PREFIX)/share/man/man8/rind.8"
	$(Q)for file in $(DOCUMENTS) $(LICENCES) $(wildcard docs/*.md \
			docs/*.svg docs/kubernetes/*); do \
		$(INSTALL) -D -m 644 "$$file" \
			"$(DESTDIR)$(PREFIX)/share/doc/rind/$$file" || exit; \
	done

check: all tests-programs
	tests/images/make
	/usr/bin/python3 -m pytest -q --quick

clean:
	rm -rf build

# The programs that the tests run

tests-programs: $(PROGRAMS)

build/obj/tests/%.o: tests/programs/%.c build/flags | build/kernel-headers
	$(call say,CC)
	@mkdir -p $(@D)
	$(Q)$(CC) $(TEST_FLAGS) -MD -MP -c -o $@ $<

build/tests/%: build/obj/tests/%.o $(MUSL_LIB)/libc.a
	$(call say,LD)
	@mkdir -p $(@D)
	$(Q)$(call link,$(UNPACKED),$<)

# The fuzz targets, for the machine's own C library: see tests/fuzz/instead.c
# for what takes whose place.

FUZZ_CC ?= clang-14
FUZZ_INSTEAD := $(foreach name,write open syscall execve _exit fstatfs, \
	-D$(name)=fuzz_$(name))
FUZZ_WRAPPED := file_read file_free procfs_read
FUZZ_FLAGS = -std=gnu17 -O1 -g -fno-omit-frame-pointer -D_GNU_SOURCE \
	-fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all \
	$(RIND_INCLUDES) -Itests/fuzz $(RIND_DEFINES) -Wall -Wextra -Werror
FUZZ_LEFT_OUT := init.c lib/arena.c lib/malloc.c sys/entry.c sys/inherited.c \
	sys/relr.c sys/relro.c sys/pages.c $(filter-out supervise/%_options.c, \
	$(filter supervise/%,$(SOURCES)))
FUZZ_SOURCES := $(wildcard tests/fuzz/*.c) \
	$(filter-out $(FUZZ_LEFT_OUT),$(SOURCES)) build/licences.c
FUZZ_OBJECTS := $(FUZZ_SOURCES:%.c=build/fuzz/obj/%.o) \
	$(LIBCAP_OBJECTS:%=build/fuzz/obj/%)

fuzz: build/fuzz/targets

build/fuzz/obj/%.o: %.c build/flags build/libcap/cap_names.h
	$(call say,CC)
	@mkdir -p $(@D)
	$(Q)$(FUZZ_CC) $(FUZZ_FLAGS) $(FUZZ_INSTEAD) -MD -MP -c -o $@ $<

# What it stands in for it takes from the library itself.
build/fuzz/obj/tests/fuzz/%.o: FUZZ_INSTEAD :=

build/fuzz/obj/build/libcap/%.o: $(LIBCAP)/%.c build/libcap/cap_names.h
	$(call say,CC)
	@mkdir -p $(@D)
	$(Q)$(FUZZ_CC) -O1 -g -D_GNU_SOURCE -I$(LIBCAP)/include/uapi \
		-I$(LIBCAP)/include -Ibuild/libcap -w -c -o $@ $<

build/fuzz/targets: $(FUZZ_OBJECTS)
	$(call say,LD)
	$(Q)$(FUZZ_CC) -fsanitize=fuzzer,address,undefined -o $@ $^ \
		$(FUZZ_WRAPPED:%=-Wl,--wrap=%)

# Lint. A stamp for each file, so that only what changed is looked at again.

FORMATTED = $(shell find . -path ./build -prune -o -name '*.[ch]' -print)
SCRIPTS = $(shell find . -path ./build -prune -o -path ./.git -prune -o \
	-type f -exec awk 'FNR == 1 && /^\#!.*sh$$/ { print FILENAME } \
		{ nextfile }' {} +)

lint: lint-format lint-cppcheck lint-shell lint-manual \
	$(SOURCES:%.c=build/lint/%.analyzed) $(SOURCES:%.c=build/lint/%.tidy)

lint-format:
	$(call say,FORMAT)
	$(Q)clang-format --dry-run -Werror $(FORMATTED)

# What the sources include that the build makes.
LINT_NEEDS = build/kernel-headers build/libcap/cap_names.h

lint-cppcheck: | $(LINT_NEEDS)
	$(call say,CPPCHECK)
	$(Q)cppcheck --quiet --std=c11 --platform=unix64 --error-exitcode=1 \
		--enable=warning,performance,portability --inline-suppr \
		-D_GNU_SOURCE -D__linux__ -D__x86_64__ $(RIND_DEFINES) -I. \
		-I$(LIBCAP)/include -I$(MUSL_INCLUDE) -Ibuild/kernel-headers \
		$(SOURCES)

lint-shell:
	$(call say,SHELL)
	$(Q)shellcheck $(SCRIPTS)

lint-manual:
	$(call say,MANUAL)
	$(Q)test ! -e rind.8 || mandoc -T lint -W warning rind.8

# gcc, whatever compiles rind: no other compiler has this analyser.
ANALYZER_FLAGS = $(subst $(SYSTEM_HEADERS),-isystem $(MUSL_INCLUDE) \
	-isystem $(shell gcc -print-file-name=include) \
	-isystem build/kernel-headers,$(RIND_FLAGS))
build/lint/%.analyzed: %.c $(HEADERS) build/flags | $(LINT_NEEDS)
	$(call say,ANALYZE)
	@mkdir -p $(@D)
	$(Q)gcc $(ANALYZER_FLAGS) -fanalyzer -S -o /dev/null $<
	@touch $@

# clang's own headers come from clang-tidy itself, hence not -nostdinc.
build/lint/%.tidy: %.c $(HEADERS) .clang-tidy build/flags \
		| $(LINT_NEEDS)
	$(call say,TIDY)
	@mkdir -p $(@D)
	$(Q)clang-tidy --quiet --warnings-as-errors='*' $< -- -std=gnu17 \
		-nostdlibinc -isystem $(MUSL_INCLUDE) \
		-isystem build/kernel-headers $(RIND_INCLUDES) \
		$(RIND_DEFINES) -D_GNU_SOURCE
	@touch $@

-include $(wildcard build/obj/*.d build/obj/*/*.d build/obj/*/*/*.d \
	build/libcap/*.d)
-include $(shell find build/fuzz/obj -name '*.d' 2>/dev/null)
