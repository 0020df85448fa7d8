# daichod: everything from here.  GNU make; nothing to configure first.  `make help` lists targets.
#
# Rooms are found by wildcard: a new src/<room>/x.c, sql/**/x.sql or tests/unit/test_x.c needs no
# line here.  Variables of a packager live in config.mak (by hand or by ./configure).

-include config.mak

VERSION := 0.1.0
PKGS := libmicrohttpd jansson libpq libsodium libutf8proc libconfuse liboath libmagic libcurl

PREFIX ?= /usr/local
prefix ?= $(PREFIX)
exec_prefix ?= $(prefix)
bindir ?= $(exec_prefix)/bin
sbindir ?= $(exec_prefix)/sbin
datarootdir ?= $(prefix)/share
datadir ?= $(datarootdir)
mandir ?= $(datarootdir)/man
sysconfdir ?= $(prefix)/etc
unitdir ?= $(prefix)/lib/systemd/system

PKG_CONFIG ?= pkg-config
PYTHON ?= python3
ifeq ($(origin CC),default)
CC := gcc
endif

# What `make run` serves, and where.
DAICHO_DIR ?= $(CURDIR)/var/demo
LISTEN ?= 127.0.0.1:8620

# ---- flags --------------------------------------------------------------------------------------

WARN := -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wvla -Wformat=2 \
	-Wpointer-arith -Wwrite-strings -Wno-missing-field-initializers
# `make lint` sets this; a newcomer's newer compiler must not stop `make run`.
WERROR ?=

ifdef SANITIZE
# e.g. make check SANITIZE=address,undefined
B ?= build-san
CFLAGS ?= -O1 -g
HARDEN := -fsanitize=$(SANITIZE) -fno-sanitize-recover=all -fno-omit-frame-pointer
HARDEN_LD := -fsanitize=$(SANITIZE)
else
B ?= build
CFLAGS ?= -O2 -g
HARDEN := -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2 -fstack-protector-strong \
	-fstack-clash-protection -fPIE
HARDEN_LD := -pie -Wl,-z,relro,-z,now
endif

ALL_CPPFLAGS = -Iinclude -D_GNU_SOURCE -DDAICHO_VERSION='"$(VERSION)"' \
	-DDAICHO_SYSCONFDIR='"$(sysconfdir)"' -DDAICHO_DATADIR='"$(datadir)/daicho"' \
	$(PKG_CFLAGS) $(CPPFLAGS)
ALL_CFLAGS = -std=c11 -pthread $(HARDEN) $(CFLAGS) $(WARN) $(WERROR)
ALL_LDFLAGS = -pthread $(HARDEN_LD) -Wl,--as-needed $(LDFLAGS)

ifdef V
say :=
else
say = @printf '  %-6s %s\n' $(1) $(2);
endif

# ---- what there is ------------------------------------------------------------------------------

# src/*.c are the programs' own files; src/cli/ holds the commands of daicho.
ROOM_SRC := $(sort $(filter-out src/cli/%,$(wildcard src/*/*.c)))
CLI_SRC := $(sort $(wildcard src/cli/*.c))
SQL := $(sort $(wildcard sql/*.sql sql/*/*.sql))
PROGS := $(foreach p,daichod daicho daicho-sealer,$(if $(wildcard src/$p.c),$p))

LIB := $(B)/libdaicho.a
LIB_OBJ := $(ROOM_SRC:src/%.c=$(B)/obj/%.o) $(B)/obj/gen/sql.o
CLI_OBJ := $(CLI_SRC:src/%.c=$(B)/obj/%.o)
PROG_BIN := $(PROGS:%=$(B)/%)

# tests/<suite>/test_x.c is one program; other .c files there are linked into all of its suite.
unit_src := $(sort $(wildcard tests/unit/test_*.c))
db_src := $(sort $(wildcard tests/db/test_*.c))
unit_help := $(filter-out $(unit_src),$(wildcard tests/unit/*.c))
db_help := $(filter-out $(db_src),$(wildcard tests/db/*.c))
UNIT_BIN := $(unit_src:%.c=$(B)/%)
DB_BIN := $(db_src:%.c=$(B)/%)
RUNNERS := $(wildcard tests/tools/run tests/api/run tests/web/run)
BENCH_BIN := $(patsubst %.c,$(B)/%,$(sort $(wildcard tests/bench/*.c)))
FUZZ_BIN := $(patsubst %.c,$(B)/%,$(sort $(wildcard tests/fuzz/fuzz_*.c)))

# make check T=test_csv: one program; T=tools: one runner; other names go to the API runner.
ifdef T
UNIT_RUN := $(foreach t,$(T),$(filter %/$t,$(UNIT_BIN)))
DB_RUN := $(foreach t,$(T),$(filter %/$t,$(DB_BIN)))
API_T := $(filter-out $(notdir $(UNIT_RUN) $(DB_RUN)) $(RUNNERS:tests/%/run=%),$(T))
RUNNERS := $(filter $(T:%=tests/%/run) $(if $(API_T),tests/api/run),$(RUNNERS))
else
UNIT_RUN := $(UNIT_BIN)
DB_RUN := $(DB_BIN)
endif

# What tests may ask for: real files beside the clone, the tree, the programs under test.
TEST_ENV = DAICHO_DATA='$(wildcard $(abspath ../shared/data))' DAICHO_TOP='$(CURDIR)' \
	DAICHO_BUILD='$(abspath $(B))' T='$(API_T)'
RUN_TESTS = $(TEST_ENV) tools/run-tests $(B)/tests

goals := $(or $(MAKECMDGOALS),all)

.PHONY: all run build-tests check check-unit check-db check-api walk walk-1 walk-26 bench lint fuzz \
	install dist distcheck clean distclean help need-run need-check need-lint need-bench need-fuzz FORCE
.DELETE_ON_ERROR:
.SUFFIXES:

all: $(PROG_BIN) $(LIB) ## build the programs into build/ (the default)

# ---- what this machine lacks --------------------------------------------------------------------

# GNU make makes an included file first and then reads everything again: so the compiler and the
# libraries are there before anything asks pkg-config.  All that the goals need comes in one go.
ifneq ($(filter-out help clean distclean dist,$(goals)),)
ifndef PKG_LIBS
include $(B)/gen/pkg.mk
endif
endif

PURPOSES := $(sort build $(foreach g,$(goals:walk=check),$(patsubst check-%,check,$(filter \
	run check check-% lint bench fuzz,$g))))

$(B)/gen/pkg.mk: tools/need
	@tools/need $(PURPOSES)
	@mkdir -p $(@D)
	@$(PKG_CONFIG) --print-errors --exists $(PKGS)
	@{ echo "PKG_CFLAGS := `$(PKG_CONFIG) --cflags $(PKGS)`"; \
	   echo "PKG_LIBS := `$(PKG_CONFIG) --libs $(PKGS)`"; } >$@

need-run need-check need-lint need-bench need-fuzz: need-%:
	@tools/need $*

# ---- programs -----------------------------------------------------------------------------------

# Lists and flags as files that change only when their content does: so that a removed source or
# another CFLAGS is noticed.
remember = @mkdir -p $(@D); printf '%s\n' $(1) | cmp -s - $@ || printf '%s\n' $(1) >$@
$(B)/gen/flags: FORCE
	$(call remember,$(CC) $(ALL_CPPFLAGS) $(ALL_CFLAGS) $(ALL_LDFLAGS) $(PKG_LIBS))
$(B)/gen/objects: FORCE
	$(call remember,$(LIB_OBJ) $(CLI_OBJ))
$(B)/gen/sql.list: FORCE
	$(call remember,$(SQL) end)

$(B)/gen/sql.c: tools/embed-sql $(SQL) $(B)/gen/sql.list
	$(call say,SQL,$@) tools/embed-sql sql $(SQL) >$@

$(B)/obj/gen/%.o: $(B)/gen/%.c $(B)/gen/flags
	@mkdir -p $(@D)
	$(call say,CC,$@) $(CC) $(ALL_CPPFLAGS) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

$(B)/obj/%.o: src/%.c $(B)/gen/flags
	@mkdir -p $(@D)
	$(call say,CC,$@) $(CC) $(ALL_CPPFLAGS) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

$(LIB): $(LIB_OBJ) $(B)/gen/objects
	$(call say,AR,$@) rm -f $@ && $(AR) rcs $@ $(LIB_OBJ)

$(B)/daicho: $(CLI_OBJ)
$(PROG_BIN): $(B)/%: $(B)/obj/%.o $(LIB)
	$(call say,LD,$@) $(CC) $(ALL_LDFLAGS) -o $@ $(filter %.o,$^) $(LIB) $(PKG_LIBS)

-include $(wildcard $(B)/obj/*.d $(B)/obj/*/*.d $(B)/tests/*/*.d)

# ---- run ----------------------------------------------------------------------------------------

run: all | need-run ## serve the demonstration on http://127.0.0.1:8620 (DAICHO_DIR=, LISTEN=)
	@exec $(B)/daichod --embedded '$(DAICHO_DIR)' --listen '$(LISTEN)' --demo

# ---- tests --------------------------------------------------------------------------------------

# Check comes with need-check, so pkg-config is asked for it only when a test is made.  (lint needs
# Check, but no PostgreSQL.)
need_tests ?= need-check
link_test = $(call say,TEST,$@) $(CC) $(ALL_CPPFLAGS) \
	`$(PKG_CONFIG) --cflags check` $(ALL_CFLAGS) -MMD -MP $(ALL_LDFLAGS) -o $@ \
	$(filter %.c,$^) $(LIB) `$(PKG_CONFIG) --libs check` $(PKG_LIBS)

$(UNIT_BIN): $(B)/tests/unit/%: tests/unit/%.c $(unit_help) $(LIB) | $(need_tests)
	@mkdir -p $(@D)
	$(link_test)
$(DB_BIN): $(B)/tests/db/%: tests/db/%.c $(db_help) $(LIB) | $(need_tests)
	@mkdir -p $(@D)
	$(link_test)

$(BENCH_BIN): $(B)/tests/bench/%: tests/bench/%.c $(LIB)
	@mkdir -p $(@D)
	$(call say,TEST,$@) $(CC) $(ALL_CPPFLAGS) $(ALL_CFLAGS) -MMD -MP $(ALL_LDFLAGS) -o $@ $< \
		$(LIB) $(PKG_LIBS)

build-tests: $(UNIT_BIN) $(DB_BIN) $(BENCH_BIN)

check: all $(UNIT_RUN) $(DB_RUN) | need-check ## run all tests; one alone: make check T=test_csv
	@$(RUN_TESTS) $(UNIT_RUN) $(DB_RUN) $(RUNNERS)
check-unit: $(UNIT_RUN) | need-check ## only the tests of C functions
	@$(RUN_TESTS) $(UNIT_RUN)
check-db: $(DB_RUN) | need-check ## only the tests against PostgreSQL
	@$(RUN_TESTS) $(DB_RUN)
check-api: all | need-check ## only the tests over HTTP
	@$(RUN_TESTS) tests/api/run

# The same program as in `check`, which takes one walk: 25 from each of two seeds, at the same time.
WALKS := walk-1 walk-26
walk: $(B)/tests/db/test_workflow_walk | need-check ## 100,000 random acts in applications
	+@$(MAKE) --no-print-directory -j2 $(WALKS)
$(WALKS): walk-%: $(B)/tests/db/test_workflow_walk
	@DAICHO_WALK=25 DAICHO_WALK_SEED=$* $(TEST_ENV) $<

bench: all $(BENCH_BIN) | need-bench ## rates over HTTP against pgbench, same statements (N=100000)
	@$(TEST_ENV) tests/bench/run

# libFuzzer brings its own main(); the rooms are compiled along, so that they are instrumented.
FUZZ_SECONDS ?= 30
FUZZ_CC ?= clang
FUZZ_FLAGS = $(ALL_CPPFLAGS) -std=c11 -pthread -O1 -g -fsanitize=fuzzer,address,undefined \
	-fno-sanitize-recover=all
$(FUZZ_BIN): $(B)/tests/fuzz/%: tests/fuzz/%.c $(ROOM_SRC) $(B)/gen/sql.c | need-fuzz
	@mkdir -p $(@D)
	$(call say,FUZZ,$@) $(FUZZ_CC) $(FUZZ_FLAGS) -o $@ $^ $(PKG_LIBS)
fuzz: $(FUZZ_BIN) | need-fuzz ## feed the parsers garbage, FUZZ_SECONDS=30 each
	@for f in $(FUZZ_BIN); do \
		name=$${f##*/fuzz_}; mkdir -p $(B)/corpus/$$name && \
		seeds=tests/fuzz/corpus/$$name; test -d $$seeds || seeds=; \
		$$f -max_total_time=$(FUZZ_SECONDS) -timeout=10 -rss_limit_mb=1024 \
			-artifact_prefix=$(B)/corpus/ $(B)/corpus/$$name $$seeds || exit 1; \
	done

lint: | need-lint ## style, layers, warnings as errors, manual pages, OpenAPI
	+@MAKE='$(MAKE)' CC='$(CC)' B=$(B)/lint tools/lint

# ---- install and release ------------------------------------------------------------------------

man_pages := $(wildcard man/*.[1-9])
demo_data := $(filter-out %.py %.pyc,$(wildcard contrib/demo/*.*))

install: all ## install below PREFIX (default /usr/local); DESTDIR for packagers
	install -d $(addprefix '$(DESTDIR)',$(bindir) $(sbindir) $(sysconfdir)/daicho $(unitdir) \
		$(datadir)/daicho/demo $(datadir)/doc/daichod)
	$(if $(filter daichod,$(PROGS)),install $(B)/daichod '$(DESTDIR)$(sbindir)/daichod')
	$(if $(filter daicho,$(PROGS)),install $(B)/daicho '$(DESTDIR)$(bindir)/daicho')
	$(if $(filter daicho-sealer,$(PROGS)), \
		install $(B)/daicho-sealer '$(DESTDIR)$(sbindir)/daicho-sealer')
	$(foreach m,$(man_pages),install -D -m 644 $m \
		'$(DESTDIR)$(mandir)/man$(subst .,,$(suffix $m))/$(notdir $m)' &&) true
	$(foreach f,$(wildcard etc/*.conf),test -e '$(DESTDIR)$(sysconfdir)/daicho/$(notdir $f)' || \
		install -m 640 $f '$(DESTDIR)$(sysconfdir)/daicho/$(notdir $f)';)
	sed 's|@sbindir@|$(sbindir)|g; s|@sysconfdir@|$(sysconfdir)|g' contrib/systemd/daichod.service \
		>'$(DESTDIR)$(unitdir)/daichod.service'
	install -m 644 $(demo_data) '$(DESTDIR)$(datadir)/daicho/demo/'
	install -m 644 COPYING NEWS $(wildcard README.md README.ja.md api/openapi.json) \
		'$(DESTDIR)$(datadir)/doc/daichod/'
	install -m 644 contrib/nginx/daichod.conf '$(DESTDIR)$(datadir)/doc/daichod/nginx.conf'
	install -m 644 contrib/nginx/daichod-proxy.conf \
		'$(DESTDIR)$(datadir)/doc/daichod/nginx-proxy.conf'
	install -m 644 contrib/apache/daichod.conf '$(DESTDIR)$(datadir)/doc/daichod/apache.conf'

TARBALL := daichod-$(VERSION)

dist: ## make daichod-VERSION.tar.gz from the last commit
	git archive --prefix=$(TARBALL)/ HEAD | gzip -9n >$(TARBALL).tar.gz

distcheck: dist ## unpack that, build, test and install it elsewhere
	@sed -n 1p NEWS | grep -q '^daichod $(VERSION)' || \
		{ echo 'NEWS does not begin with $(VERSION)' >&2; exit 1; }
	rm -rf $(B)/distcheck && mkdir -p $(B)/distcheck
	tar -xzf $(TARBALL).tar.gz -C $(B)/distcheck
	$(MAKE) -C $(B)/distcheck/$(TARBALL) B=build T= check
	$(MAKE) -C $(B)/distcheck/$(TARBALL) B=build install DESTDIR='$(abspath $(B))/distcheck/root'
	test -x '$(B)/distcheck/root$(sbindir)/daichod'

clean: ## remove what was built (the demonstration's data stay)
	rm -rf build build-san

distclean: clean ## also what configure left
	rm -rf config.mak config.log config.status configure autom4te.cache

help: ## this list
	@awk -F':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile
