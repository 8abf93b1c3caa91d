# make -f tests/instrument/coverage.mk: build/rind and build/rind-wait-loop with
# counters for line coverage (coverage.c), and a program each that hands them to
# gcov (dump.c).

include tests/instrument/instrument.mk

CFLAGS := -O0 -g

# Builtins, so that fork(2) and exec(3) stay what they are; atomic, since all
# processes share the counters.
RIND_FLAGS += -fprofile-arcs -ftest-coverage -fprofile-update=atomic \
	-fno-builtin
COUNTERS := tests/instrument/counters.ld
RIND_LINK += -Wl,-T,$(COUNTERS)

build/rind.full build/rind-wait-loop.full: $(INSTRUMENT)/coverage.o $(COUNTERS)

# rind's main() under another name.
$(INSTRUMENT)/init.o: build/obj/init.o
	@mkdir -p $(@D)
	$(Q)objcopy --redefine-sym main=rind_main $< $@

dump = $(CC) $(LINK_FLAGS) $(UNPACKED) -Wl,-T,resident.ld,-T,$(COUNTERS) -o $@ \
	$(START_FILES) \
	$(patsubst build/obj/init.o,$(INSTRUMENT)/init.o,$(1)) \
	build/obj/licences.o build/libcap.a $(INSTRUMENT)/dump.o \
	$(shell $(CC) -print-file-name=libgcov.a) $(END_FILES)

build/dump-rind: build/rind.full $(INSTRUMENT)/init.o $(INSTRUMENT)/dump.o
	$(call say,LD)
	$(Q)$(call dump,$(OBJECTS))

build/dump-rind-wait-loop: build/rind-wait-loop.full $(INSTRUMENT)/init.o \
		$(INSTRUMENT)/dump.o
	$(call say,LD)
	$(Q)$(call dump,$(LOOP_OBJECTS))

all: build/dump-rind build/dump-rind-wait-loop
