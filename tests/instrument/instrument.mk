# What both kinds of instruments need: coverage.mk and sanitize.mk include it.

include Makefile

INSTRUMENT := build/obj/tests/instrument
HERE_FLAGS = $(COMMON_FLAGS) -I. $(WARNINGS) -O1 -g -fno-omit-frame-pointer \
	-fno-stack-protector -Wno-missing-prototypes

$(INSTRUMENT)/%.o: tests/instrument/%.c tests/instrument/*.h build/flags \
		| build/kernel-headers
	$(call say,CC)
	@mkdir -p $(@D)
	$(Q)$(CC) $(HERE_FLAGS) -c -o $@ $<

# Each binary has a file of its own; the functions are the same.
$(INSTRUMENT)/shared-%.o: tests/instrument/shared.c tests/instrument/*.h \
		build/flags | build/kernel-headers
	$(call say,CC)
	@mkdir -p $(@D)
	$(Q)$(CC) $(HERE_FLAGS) -DSHARED_PLACE='"$(CURDIR)/build"' \
		-DSHARED_NAME='"$*.shared"' -c -o $@ $<

build/rind.full: $(INSTRUMENT)/shared-rind.o
build/rind-wait-loop.full: $(INSTRUMENT)/shared-rind-wait-loop.o
