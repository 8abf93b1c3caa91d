# Compiles and links rind. build.sh installs what this needs, puts libcap's
# sources in build/libcap-src and calls it.

ifeq ($(origin CC),default)
CC := gcc
endif
OBJCOPY ?= objcopy
CFLAGS ?= -Oz -g -fno-optimize-sibling-calls
VERSION := $(shell cat VERSION)

# musl's own compiler wrapper leaves an interpreter in a static PIE and hides
# the kernel's headers, so headers, start files and libraries are named here.
MULTIARCH := $(shell $(CC) -print-multiarch)
MUSL_ARCH := $(subst -gnu,-musl,$(MULTIARCH))
MUSL_INCLUDE ?= /usr/include/$(MUSL_ARCH)
MUSL_LIB ?= /usr/lib/$(MUSL_ARCH)
KERNEL_INCLUDE ?= /usr/include
KERNEL_ASM = $(firstword $(wildcard \
	$(KERNEL_INCLUDE)/$(MULTIARCH)/asm $(KERNEL_INCLUDE)/asm))
LIBCAP := build/libcap-src/libcap

SYSTEM_HEADERS = -isystem $(MUSL_INCLUDE) \
	-isystem $(shell $(CC) -print-file-name=include) \
	-isystem build/kernel-headers
WARNINGS := -Wall -Wextra -Wshadow -Wconversion -Wstrict-prototypes \
	-Wmissing-prototypes -Wvla -Wformat=2 -Wundef -Wwrite-strings -Werror
# No indirect branch tracking marks: the kernel enforces none for user space.
# CFLAGS comes last, so that it can overrule any of the rest. A tail call is a
# jump, and pops what a call and a return share: bigger, 700 bytes in all.
# Canaries for all that has an array of bytes on its stack, however small, which
# is what can overflow; -strong has them also for what only hands out a number's
# or a struct's address: 2.5 kB more. Both copies that musl keeps of the canary
# are as secret; the global one has the shorter address.
CODE_FLAGS = -fPIE -fstack-protector --param=ssp-buffer-size=1 \
	-mstack-protector-guard=global \
	-ffunction-sections -fdata-sections \
	-fno-asynchronous-unwind-tables -fno-unwind-tables -fcf-protection=none \
	-ffile-prefix-map=$(CURDIR)=.
COMMON_FLAGS = -nostdinc $(SYSTEM_HEADERS) -std=gnu17 $(CODE_FLAGS) \
	-D_GNU_SOURCE -U_FORTIFY_SOURCE
# All of rind as one file for gcc: 5 kB less. Not by -flto, with which gcc 12.2
# takes no array of char for one, and leaves out canaries without a word. WHOLE=
# compiles each file alone. Of what gcc's -Oz does, nine passes make this code
# bigger, by 1.9 kB. On x86 it would begin what has 32 bytes and more at a multiple
# of 32: 500 bytes of padding.
WHOLE ?= $(findstring Free Software,$(shell $(CC) --version))
WHOLE_FLAGS = -fwhole-program -fno-move-loop-invariants -fno-tree-tail-merge \
	-fno-tree-dominator-opts -fno-expensive-optimizations \
	-fno-if-conversion -fno-shrink-wrap -fno-caller-saves \
	-fno-ipa-sra -fno-inline-small-functions \
	$(if $(filter x86_64-%,$(MULTIARCH)),-malign-data=abi)
RIND_INCLUDES := -I. -isystem $(LIBCAP)/include -isystem build/libcap
RIND_DEFINES := -DRIND_VERSION='"$(VERSION)"'
RIND_FLAGS = $(COMMON_FLAGS) $(RIND_INCLUDES) $(RIND_DEFINES) \
	-Wa,-Ibuild $(WARNINGS) $(CFLAGS)
LIBCAP_FLAGS = $(COMMON_FLAGS) -I$(LIBCAP)/include/uapi -I$(LIBCAP)/include \
	-Ibuild/libcap $(CFLAGS) -w
TEST_FLAGS = -nostdinc $(SYSTEM_HEADERS) -std=gnu17 -fPIE -O1 -g \
	-Wall -Wextra -Werror

# One mapping for code and constants is at least a page smaller than -z
# separate-code, in the file and in memory; neither is ever writable.
LINK_FLAGS := -static-pie -nostdlib -Wl,-z,relro,-z,now,-z,noexecstack \
	-Wl,-z,noseparate-code,-z,text,--no-dynamic-linker,--gc-sections \
	-Wl,--build-id=none,--hash-style=gnu,--spare-dynamic-tags=0 \
	-Wl,--fatal-warnings
# Of the compiler's own, crtbeginS.o and crtendS.o, C has no need.
START_FILE := rcrt1.o
START_FILES = $(MUSL_LIB)/$(START_FILE) $(MUSL_LIB)/crti.o
END_FILES = $(MUSL_LIB)/libc.a $(shell $(CC) -print-libgcc-file-name) \
	$(MUSL_LIB)/crtn.o
# entry.c applies the relocations; binutils 2.40 pack them for x86 alone.
COMMA := ,
PACKED := $(if $(filter x86_64-%,$(MULTIARCH)),-z$(COMMA)pack-relative-relocs$(COMMA))
RIND_LINK = $(CODE_FLAGS) $(CFLAGS) \
	-Wl,-e,rind_entry,$(PACKED)-T,link.ld
link = $(CC) $(LINK_FLAGS) $(1) -o $@ $(START_FILES) $(2) $(END_FILES)

SOURCES := $(sort $(wildcard *.c base/*.c setup/*.c cli/*.c cli/names/*.c \
	check/*.c supervise/*.c))
# What takes the C library's place is compiled alone, as the library is.
WHOLE_SOURCES := $(filter-out base/libc.c,$(SOURCES))
OBJECTS = $(if $(WHOLE),build/obj/whole.o build/obj/base/libc.o, \
	$(SOURCES:%.c=build/obj/%.o))
LOOP_OBJECTS = $(patsubst %/whole.o,%/whole-loop.o, \
	$(patsubst %/supervise/reap.o,%/supervise/reap-loop.o,$(OBJECTS)))
LIBCAP_OBJECTS := $(patsubst $(LIBCAP)/%.c,build/libcap/%.o, \
	$(sort $(filter-out %_test.c,$(wildcard $(LIBCAP)/cap_*.c))))
PROGRAMS := $(patsubst tests/programs/%.c,build/tests/%, \
	$(wildcard tests/programs/*.c))

Q := $(if $(V),,@)
say = $(if $(V),,@printf '  %-7s %s\n' $(1) $@)

.DELETE_ON_ERROR:
.SECONDARY:
.SECONDEXPANSION:
.SUFFIXES:
.PHONY: all tests-programs fuzz lint lint-format lint-cppcheck \
	lint-shell lint-manual force

all: build/rind build/rind-wait-loop

# What is built is stale when the compiler or a flag is another one.
STAMP = $(CC) | $(shell $(CC) --version | head -n 1) | $(RIND_FLAGS) | \
	$(WHOLE_FLAGS) | $(LINK_FLAGS) | $(START_FILES) $(END_FILES)
build/flags: force
	$(shell mkdir -p $(@D))$(file >$@.new,$(STAMP))
	@if cmp -s $@.new $@; then rm $@.new; else mv $@.new $@; fi

# Debian's kernel headers lie among glibc's: only theirs are made visible.
build/kernel-headers:
	$(call say,HEADERS)
	$(Q)test -d $(KERNEL_INCLUDE)/linux -a -d "$(KERNEL_ASM)" || { \
		echo "build: kernel headers: not in $(KERNEL_INCLUDE)" \
			"(apt-get install linux-libc-dev)" >&2; exit 1; }
	$(Q)rm -rf $@.new && mkdir -p $@.new
	$(Q)ln -s $(KERNEL_INCLUDE)/linux $(KERNEL_INCLUDE)/asm-generic \
		$(KERNEL_ASM) $@.new
	$(Q)mv $@.new $@

# build.sh writes it after the sources, whose own dates are those of their
# release and so tell nothing.
build/libcap-origin:
	@echo "build: libcap: no sources in build/libcap-src" \
		"(./build.sh gets them)" >&2; exit 1

# Texts for people are packed: licences, and TEXT() in rind as one file.
build/license.s: LICENSE licenses/musl.txt licenses/libcap.txt \
		$(WHOLE_SOURCES) cli/pack.awk
	$(call say,PACK)
	@mkdir -p $(@D)
	$(Q)LC_ALL=C awk -v whole=build/whole.c -f cli/pack.awk \
		$(filter-out %.awk,$^) >$@
build/whole.c: build/license.s ;

# libcap

# The same list that libcap's own generator makes, without a program built for
# the machine that builds, and never with gperf: bytes would differ with it.
build/libcap/cap_names.h: $(LIBCAP)/include/uapi/linux/capability.h Makefile \
		build/libcap-origin
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
			printf "#define RIND_CAP_NAMES"; \
			for (i = 0; i < bits; i++) \
				printf " \"%s\\0\"", i in name ? \
					substr(name[i], 5) : i; \
			print ""; \
		}' $< >$@

build/libcap/%.o: $(LIBCAP)/%.c build/libcap/cap_names.h build/flags \
		build/libcap-origin | build/kernel-headers
	$(call say,CC)
	$(Q)$(CC) $(LIBCAP_FLAGS) -MD -MP -c -o $@ $<

build/libcap.a: $(LIBCAP_OBJECTS)
	$(call say,AR)
	$(Q)rm -f $@ && $(AR) rcsD $@ $^

# rind

build/obj/whole.o build/obj/whole-loop.o: build/whole.c build/flags \
		build/libcap-origin | build/kernel-headers
	$(call say,CC)
	@mkdir -p $(@D)
	$(Q)$(CC) $(RIND_FLAGS) $(WHOLE_FLAGS) -MD -MP -c -o $@ $<

build/obj/%.o: %.c build/flags build/libcap-origin | build/kernel-headers
	$(call say,CC)
	@mkdir -p $(@D)
	$(Q)$(CC) $(RIND_FLAGS) -MD -MP -c -o $@ $<

build/obj/%-loop.o: %.c build/flags build/libcap-origin | build/kernel-headers
	$(call say,CC)
	@mkdir -p $(@D)
	$(Q)$(CC) $(RIND_FLAGS) -DRIND_FORCE_WAIT_LOOP -MD -MP -c -o $@ $<

build/obj/cli/license.o build/obj/whole.o build/obj/whole-loop.o: build/license.s
build/obj/setup/capset.o build/obj/whole.o build/obj/whole-loop.o: \
	build/libcap/cap_names.h
build/obj/whole-loop.o: RIND_FLAGS += -DRIND_FORCE_WAIT_LOOP
# Its loops must not become calls of themselves.
build/obj/base/libc.o: RIND_FLAGS += -ffreestanding

# entry.c does all that the start code of a static PIE does more; twice is wrong.
build/rind.full build/rind-wait-loop.full: private START_FILE := Scrt1.o
# Program header 5 of link.ld, in place: its type becomes PT_GNU_RELRO.
RELRO_TYPE = printf '\122\345\164\144' | \
	dd of=$@ bs=1 seek=$$((64 + 5 * 56)) conv=notrunc status=none
build/rind.full: $$(OBJECTS) build/libcap.a $(MUSL_LIB)/libc.a link.ld
	$(call say,LD)
	$(Q)$(call link,$(RIND_LINK),$(OBJECTS) build/libcap.a)
	$(Q)$(RELRO_TYPE)

build/rind-wait-loop.full: $$(LOOP_OBJECTS) build/libcap.a $(MUSL_LIB)/libc.a \
		link.ld
	$(call say,LD)
	$(Q)$(call link,$(RIND_LINK),$(LOOP_OBJECTS) build/libcap.a)
	$(Q)$(RELRO_TYPE)

build/%.debug: build/%.full
	$(call say,DEBUG)
	$(Q)$(OBJCOPY) --only-keep-debug $< $@

build/rind build/rind-wait-loop: build/%: build/%.full build/%.debug
	$(call say,STRIP)
	$(Q)$(OBJCOPY) --strip-all --remove-section=.comment \
		--add-gnu-debuglink=build/$*.debug $< $@

# The programs that the tests run

tests-programs: $(PROGRAMS)

build/obj/tests/%.o: tests/programs/%.c build/flags | build/kernel-headers
	$(call say,CC)
	@mkdir -p $(@D)
	$(Q)$(CC) $(TEST_FLAGS) -MD -MP -c -o $@ $<

build/tests/%: build/obj/tests/%.o $(MUSL_LIB)/libc.a
	$(call say,LD)
	@mkdir -p $(@D)
	$(Q)$(call link,,$<)

# The fuzz targets, for the machine's own C library: see tests/fuzz/instead.c
# for what takes whose place.

FUZZ_CC ?= clang-14
FUZZ_INSTEAD := $(foreach name,malloc calloc realloc reallocarray free strdup \
	strndup write syscall execve _exit fstatfs,-D$(name)=fuzz_$(name))
FUZZ_WRAPPED := file_read file_read_special file_free check process_open
FUZZ_FLAGS = -std=gnu17 -O1 -g -fno-omit-frame-pointer -D_GNU_SOURCE \
	-fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all \
	$(RIND_INCLUDES) -Itests/fuzz $(RIND_DEFINES) -Wall -Wextra -Werror
FUZZ_SOURCES := $(wildcard tests/fuzz/*.c) supervise/options.c \
	$(filter-out base/libc.c base/memory.c base/relro.c, \
	$(wildcard base/*.c setup/*.c cli/*.c cli/names/*.c check/*.c))
FUZZ_OBJECTS := $(FUZZ_SOURCES:%.c=build/fuzz/obj/%.o) \
	build/fuzz/obj/libc.o $(LIBCAP_OBJECTS:%=build/fuzz/obj/%)

fuzz: build/fuzz/targets

build/fuzz/obj/%.o: %.c build/flags build/libcap/cap_names.h build/license.s
	$(call say,CC)
	@mkdir -p $(@D)
	$(Q)$(FUZZ_CC) $(FUZZ_FLAGS) $(FUZZ_INSTEAD) -MD -MP -c -o $@ $<

# What it stands in for it takes from the library itself.
build/fuzz/obj/tests/fuzz/instead.o: FUZZ_INSTEAD :=

# Under other names, to be compared with the library's.
build/fuzz/obj/libc.o: base/libc.c build/flags | build/kernel-headers
	$(call say,CC)
	@mkdir -p $(@D)
	$(Q)$(FUZZ_CC) $(FUZZ_FLAGS) -nostdlibinc -isystem $(MUSL_INCLUDE) \
		-isystem build/kernel-headers -ffreestanding -w -c -o $@ $<
	$(Q)nm --defined-only --extern-only $@ | \
		awk '{ print $$3, "rind_" $$3 }' >$@.names
	$(Q)$(OBJCOPY) --redefine-syms=$@.names $@

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

HEADERS := $(wildcard *.h base/*.h setup/*.h cli/*.h cli/names/*.h check/*.h \
	supervise/*.h)
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

# Leaks are none: memory is given back as one, and never NULL (base/memory.c).
lint-cppcheck: | $(LINT_NEEDS)
	$(call say,CPPCHECK)
	$(Q)cppcheck --quiet --std=c11 --platform=unix64 --error-exitcode=1 \
		--enable=warning,performance,portability --inline-suppr \
		--suppress=memleak --suppress=memleakOnRealloc \
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
	$(Q)gcc $(ANALYZER_FLAGS) -fanalyzer \
		-Wno-analyzer-malloc-leak \
		-Wno-analyzer-possible-null-argument \
		-Wno-analyzer-possible-null-dereference -S -o /dev/null $<
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
