# make -f tests/instrument/coverage.mk: build/rind and build/rind-wait-loop with
# counters for line coverage (coverage.c), and a program each that hands them to
# gcov (dump.c).

include Makefile

LTO :=
CFLAGS := -O0 -g -fno-inline
INSTRUMENT := build/obj/tests/instrument
HERE_FLAGS = $(COMMON_FLAGS) -I. $(WARNINGS) -O1 -g

# The pages of the counters, and nothing else on them.
build/coverage.ld: link.ld
	$(call say,SED)
	$(Q)sed 's/\.bss : { /&. = ALIGN(4096); counters_begin = .; \
		*(.bss.__gcov*) . = ALIGN(4096); counters_end = .; /' $< >$@
	$(Q)grep -q counters_end $@

RIND_FLAGS += -fprofile-arcs -ftest-coverage -fno-builtin \
	-Wno-missing-prototypes
RIND_LINK = $(CODE_FLAGS) -Wl,-e,rind_entry,-z,pack-relative-relocs \
	-Wl,-T,build/coverage.ld $(INSTRUMENT)/coverage.o \
	$(INSTRUMENT)/shared-$(basename $(notdir $@)).o

build/rind.full: $(INSTRUMENT)/coverage.o $(INSTRUMENT)/shared-rind.o \
	build/coverage.ld
build/rind-wait-loop.full: $(INSTRUMENT)/coverage.o \
	$(INSTRUMENT)/shared-rind-wait-loop.o build/coverage.ld

$(INSTRUMENT)/%.o: tests/instrument/%.c build/flags | build/kernel-headers
	$(call say,CC)
	@mkdir -p $(@D)
	$(Q)$(CC) $(HERE_FLAGS) -c -o $@ $<

$(INSTRUMENT)/shared-%.o: tests/instrument/shared.c build/flags \
		| build/kernel-headers
	$(call say,CC)
	@mkdir -p $(@D)
	$(Q)$(CC) $(HERE_FLAGS) -DSHARED_PLACE='"$(CURDIR)/build"' \
		-DSHARED_NAME='"$*.shared"' -c -o $@ $<

# rind's main() under another name.
$(INSTRUMENT)/init.o: build/obj/init.o
	@mkdir -p $(@D)
	$(Q)objcopy --redefine-sym main=rind_main $< $@

dump = $(CC) $(LINK_FLAGS) -Wl,-T,tests/instrument/counters.ld -o $@ \
	$(START_FILES) \
	$(patsubst build/obj/init.o,$(INSTRUMENT)/init.o,$(1)) build/libcap.a \
	$(INSTRUMENT)/dump.o $(shell $(CC) -print-file-name=libgcov.a) \
	$(END_FILES)

build/dump-rind: build/rind.full $(INSTRUMENT)/init.o $(INSTRUMENT)/dump.o
	$(call say,LD)
	$(Q)$(call dump,$(OBJECTS))

build/dump-rind-wait-loop: build/rind-wait-loop.full $(INSTRUMENT)/init.o \
		$(INSTRUMENT)/dump.o
	$(call say,LD)
	$(Q)$(call dump,$(LOOP_OBJECTS))

all: build/dump-rind build/dump-rind-wait-loop
