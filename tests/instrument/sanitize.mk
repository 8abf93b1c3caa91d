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
build/obj/entry.o: RIND_FLAGS += -fno-sanitize=all

COMMA := ,
WRAPPED := _start malloc calloc realloc free mmap memcpy memmove memcmp \
	strchr strrchr strdup strndup strnlen read pread write readlink \
	readlinkat poll
RUNTIME := $(INSTRUMENT)/sanitize.o $(INSTRUMENT)/sanitize-calls.o

# The driver would add gcc's libraries, were it told of SANITIZE.
RIND_LINK = $(CODE_FLAGS) -Wl,-e,rind_entry,-z,pack-relative-relocs \
	-Wl,-T,link.ld $(WRAPPED:%=-Wl$(COMMA)--wrap=%) $(RUNTIME) \
	$(INSTRUMENT)/shared-$(basename $(notdir $@)).o

build/rind.full build/rind-wait-loop.full: $(RUNTIME)

# rind with mistakes for its main().
$(INSTRUMENT)/broken.o: HERE_FLAGS += $(SANITIZE) -Wno-error

build/broken: private START_FILE := Scrt1.o
build/broken: build/rind.full $(INSTRUMENT)/broken.o
	$(call say,LD)
	$(Q)$(call link,$(subst shared-broken,shared-rind,$(RIND_LINK)),$(patsubst \
		build/obj/init.o,$(INSTRUMENT)/broken.o,$(OBJECTS)) \
		build/libcap.a)

all: build/broken
