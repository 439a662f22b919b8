# onedoor - GNU Make, one file, not recursive.
#
#   make                    the program: build/release/onedoor
#   make MODE=asan|tsan     with sanitizers, in build/asan or build/tsan
#   make MODE=strict        each warning is an error, in build/strict (also: CI=1)
#   make check              all unit tests (also per room: make check-json)
#   make fuzz               fuzz targets (clang), in build/fuzz; run: make fuzz-run SECONDS=20
#   make lint               format, warnings, floors, house rules, clang-tidy, cppcheck
#   make install            DESTDIR and PREFIX are honoured
#   make compile_commands.json

MODE    ?= release
CC      := gcc
VERSION := 0.1.0
B       := build/$(MODE)
PREFIX  ?= /usr/local
COMMIT  := $(shell git rev-parse --short=12 HEAD 2>/dev/null || echo unknown)

PKGS := libmicrohttpd sqlite3 yaml-0.1 libxml-2.0 libqrencode libargon2 libcurl pangocairo \
        zlib libcrypto libpcre2-8
WARN := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wstrict-prototypes \
        -Wmissing-prototypes -Wwrite-strings -Wpointer-arith -Wcast-qual -Wcast-align -Wundef -Wvla \
        -Wdouble-promotion -Wformat=2 -Wimplicit-fallthrough -Wswitch-enum
GCCWARN := -Wduplicated-cond -Wduplicated-branches -Wlogical-op
HARDEN  := -fstack-protector-strong -D_FORTIFY_SOURCE=2 -fPIE
SAN     := -fno-omit-frame-pointer -fno-sanitize-recover=all

FLAGS_release := -O2 -g $(HARDEN)
FLAGS_strict  := $(FLAGS_release)
FLAGS_asan    := -O1 -g -fsanitize=address,undefined $(SAN)
FLAGS_tsan    := -O1 -g -fsanitize=thread $(SAN)
FLAGS_fuzz    := -O1 -g -fsanitize=fuzzer-no-link,address,undefined $(SAN)
LINK_release  := -pie -Wl,-z,relro,-z,now
LINK_strict   := $(LINK_release)
LINK_asan     := -fsanitize=address,undefined
LINK_tsan     := -fsanitize=thread
LINK_fuzz     := -fsanitize=fuzzer,address,undefined
ifeq ($(MODE),fuzz)
CC := clang-14
GCCWARN :=
endif
ifneq ($(CI)$(filter strict,$(MODE)),)
WERROR := -Werror
endif

CPPFLAGS := -Isrc -I$(B) -Ibuild/gen -D_GNU_SOURCE -DVERSION='"$(VERSION)"' -DCOMMIT='"$(COMMIT)"' \
            $(patsubst -I%,-isystem%,$(shell pkg-config --cflags $(PKGS)))
CFLAGS   := -std=c17 -pthread $(WARN) $(GCCWARN) $(WERROR) $(FLAGS_$(MODE))
LDLIBS   := -pthread $(LINK_$(MODE)) $(shell pkg-config --libs $(PKGS)) -lbidgcc000 -lm

# A room is a folder below src; its files are all .c files in it and its sub-folders.
ROOMS := $(shell awk '!/^\#/ && NF {print $$2}' src/FLOORS)
room   = $(patsubst %.c,$(B)/%.o,$(shell find src/$(1) -name '*.c' 2>/dev/null | sort))
OBJS  := $(foreach r,$(ROOMS),$(call room,$(r)))
ALL_C := $(shell find src tests fuzz bench -name '*.c' 2>/dev/null | sort)
ALL_H := $(shell find src tests -name '*.h' 2>/dev/null | sort)

.PHONY: all check fuzz fuzz-run lint headers clean install
all: $(B)/onedoor

$(B)/onedoor: $(B)/src/main.o $(OBJS) $(B)/gen/assets.o
	$(CC) $(CFLAGS) -o $@ $^ $(LDLIBS)

$(B)/%.o: %.c $(B)/flags
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) -MMD -MP -c -o $@ $<

# Rebuild when flags change, not when the commit does or warnings become errors.
$(B)/flags: FORCE
	@mkdir -p $(@D)
	@echo '$(CC) $(filter-out -Werror,$(CFLAGS)) $(filter-out -DCOMMIT=%,$(CPPFLAGS))' | cmp -s - $@ || \
	 echo '$(CC) $(filter-out -Werror,$(CFLAGS)) $(filter-out -DCOMMIT=%,$(CPPFLAGS))' > $@
FORCE:

# Embedded by .incbin, which -MMD does not see.
$(B)/src/store/migrations.o: $(wildcard src/store/migrations/*.sql)

# Pages, styles, icons, messages and calendar data live in the binary.
UI_FILES := $(shell find ui data -type f 2>/dev/null | sort)
build/gen/ui.list: FORCE
	@mkdir -p build/gen
	@echo '$(UI_FILES)' | cmp -s - $@ || echo '$(UI_FILES)' > $@
build/gen/assets.S: tools/embed build/gen/ui.list $(UI_FILES)
	@mkdir -p build/gen
	tools/embed build/gen $(UI_FILES)
build/gen/assets.inc: build/gen/assets.S
$(B)/src/web/assets.o: build/gen/assets.inc
$(B)/gen/assets.o: build/gen/assets.S
	@mkdir -p $(@D)
	$(CC) -c -o $@ $<

export LSAN_OPTIONS := suppressions=tools/lsan.supp:print_suppressions=0
export TSAN_OPTIONS := suppressions=tools/tsan.supp:print_suppressions=0

# Unit tests: one binary a room, linked with the rooms that it may know.
TEST_ROOMS := $(notdir $(wildcard tests/unit/*))
include tests/unit/rooms.mk
define test_rule
$(B)/test-$(1): $(patsubst %.c,$(B)/%.o,$(wildcard tests/unit/$(1)/*.c)) $(B)/tests/check.o \
        $(foreach r,$(NEEDS_$(1)),$(call room,$(r))) $(B)/gen/assets.o
	$$(CC) $$(CFLAGS) -o $$@ $$^ $$(LDLIBS)
check-$(1): $(B)/test-$(1)
	@mkdir -p build
	$(B)/test-$(1) $(ONLY)
endef
$(foreach r,$(TEST_ROOMS),$(eval $(call test_rule,$(r))))
check: $(addprefix check-,$(TEST_ROOMS))
$(B)/tests/%.o: CPPFLAGS += -Itests

FUZZ := $(basename $(notdir $(wildcard fuzz/*.c)))
define fuzz_rule
build/fuzz/$(1): $(B)/fuzz/$(1).o $(FUZZ_LIB_$(1):%=$(B)/fuzz/lib/%.o) \
        $(foreach r,base $(FUZZ_NEEDS_$(1)),$(call room,$(r))) $(B)/gen/assets.o
	$$(CC) $$(CFLAGS) -o $$@ $$^ $$(LDLIBS) -fsanitize=fuzzer
endef
ifeq ($(MODE),fuzz)
$(foreach f,$(FUZZ),$(eval $(call fuzz_rule,$(f))))
fuzz: $(addprefix build/fuzz/,$(FUZZ))
else
fuzz:
	$(MAKE) MODE=fuzz fuzz
endif
SECONDS ?= 20
fuzz-run: fuzz
	script/fuzz $(SECONDS)

# Measurements: build/release/bench-json and so on.
define bench_rule
$(B)/bench-$(1): $(B)/bench/$(1).o $(foreach r,base $(BENCH_NEEDS_$(1)),$(call room,$(r))) $(B)/gen/assets.o
	$$(CC) $$(CFLAGS) -o $$@ $$^ $$(LDLIBS)
endef
$(foreach f,$(basename $(notdir $(wildcard bench/*.c))),$(eval $(call bench_rule,$(f))))

headers: build/gen/assets.inc
	@for h in $(filter src/%.h,$(ALL_H)); do \
	  $(CC) $(CPPFLAGS) $(CFLAGS) -fsyntax-only -x c -include $$h /dev/null || exit 1; done

lint:
	script/lint

compile_commands.json:
	rm -rf build/release && bear -- $(MAKE) MODE=release all

install: all
	install -D -m 755 $(B)/onedoor $(DESTDIR)$(PREFIX)/bin/onedoor
	mkdir -p $(DESTDIR)$(PREFIX)/share/onedoor
	cp -R catalogues $(DESTDIR)$(PREFIX)/share/onedoor/

clean:
	rm -rf build

-include $(shell find $(B) -name '*.d' 2>/dev/null)
