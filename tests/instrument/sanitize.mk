# make -f tests/instrument/sanitize.mk: build/rind and build/rind-wait-loop with
# AddressSanitizer and UndefinedBehaviorSanitizer (sanitize.c).

include tests/instrument/instrument.mk

CFLAGS := -O1 -g -fno-omit-frame-pointer -fno-optimize-sibling-calls

SANITIZE := -fsanitize=address,undefined -fno-sanitize-recover=all \
	--param asan-use-after-return=0 \
	--param asan-instrumentation-with-call-threshold=2147483647
# Warnings that its own code provokes.
RIND_FLAGS += $(SANITIZE) -Wno-error
LIBCAP_FLAGS += $(SANITIZE)
build/obj/sys/entry.o build/obj/sys/relr.o: RIND_FLAGS += -fno-sanitize=all

COMMA := ,
WRAPPED := _start arena_alloc arena_alloc_array arena_grow arena_strdup \
	arena_strndup arena_printf mmap memcpy memmove memcmp strchr strrchr \
	strlen strnlen strcmp strncmp strspn strcspn read pread write readlink \
	readlinkat poll
RUNTIME := $(INSTRUMENT)/sanitize.o $(INSTRUMENT)/sanitize-calls.o

# The driver would add gcc's libraries, were it told of SANITIZE.
RIND_LINK += $(WRAPPED:%=-Wl$(COMMA)--wrap=%)

build/rind.full build/rind-wait-loop.full: $(RUNTIME)

# rind with mistakes for its main().
$(INSTRUMENT)/broken.o: HERE_FLAGS += $(SANITIZE) -Wno-error

build/broken: build/rind.full $(INSTRUMENT)/broken.o
	$(call say,LD)
	$(Q)$(call link,$(RIND_LINK),$(patsubst \
		build/obj/init.o,$(INSTRUMENT)/broken.o,$(OBJECTS)) \
		build/obj/licences.o $(RUNTIME) $(INSTRUMENT)/shared-rind.o \
		build/libcap.a)

all: build/broken
