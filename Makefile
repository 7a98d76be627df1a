# SPDX-License-Identifier: MIT
#
# Reading Digits: `make setup book` on a fresh machine, `make help` for the rest.

SHELL = /bin/sh
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
# As many jobs as there are cores for us, unless -j says otherwise, here or in a
# make above this one. While it reads this file, make 4.3 says so nowhere else.
JOBS := $(shell { echo "$$MAKEFLAGS"; tr '\0' '\n' </proc/$$PPID/cmdline || \
          ps -o args= -p $$PPID; } 2>/dev/null | tr ' ' '\n' | \
          grep -q '^-[a-zB]*j\|^--jobs' || lib/base/cores.sh)
MAKEFLAGS += $(addprefix -j,$(JOBS))

# --- what may be set on the command line -------------------------------------
#   CC=clang   CHAPTER=03   QUICK=1   FORCE=1   SAN=1   MNIST_DIR=folder
CC      := $(if $(filter default,$(origin CC)),gcc,$(CC))
export MNIST_DIR SYNTHETIC QUICK FORCE CHAPTER THREADS MEMORY BOOK RUNS TEST CHROMIUM WATCH
export WHERE BEST TSV YES OWN SET EXPERIMENT SEEDS
# One thread per product of matrices: the parallelism is ours.
export OPENBLAS_NUM_THREADS := 1
export OMP_NUM_THREADS      := 1

# --- compiling ---------------------------------------------------------------
# Never -Ofast or -ffast-math: they delete the check that the loss is finite.
# -ffp-contract=fast: a product and its addition are one instruction.
#
# MARCH=x86-64-v3 gives the same code, and the runs the same keys, on all machines
# that have those instructions. Where the compiler's native is called otherwise:
MARCH    ?= native
ARCH      = $(eval ARCH := $$(if $$(filter native,$$(MARCH)),$$(shell for a in \
              -march=native -mcpu=native; do $$(CC) $$$$a -E -x c /dev/null \
              >/dev/null 2>&1 && echo $$$$a && break; done),-march=$$(MARCH)))$(ARCH)
OPTIMISE  = -O3 $(ARCH) -fno-math-errno -ffp-contract=fast
WARNINGS := -Wall -Wextra -Wshadow -Wstrict-prototypes -Wconversion \
            -Wno-sign-conversion -Wno-format-truncation -Wno-missing-field-initializers \
            -Wno-unused-parameter -Wvla \
            -Wno-unknown-warning-option $(if $(CI),-Werror)
OUT      := build$(if $(findstring clang,$(CC)),/clang)
ifdef SAN
OUT      := $(OUT)/san
OPTIMISE  = -O1 $(ARCH) -fsanitize=address,undefined \
            -fno-sanitize-recover=all -fno-omit-frame-pointer
endif
ifdef TSAN
OUT      := $(OUT)/tsan
OPTIMISE  = -O1 $(ARCH) -fsanitize=thread -fno-omit-frame-pointer
endif
CFLAGS    = -std=c11 -D_XOPEN_SOURCE=700 -g $(OPTIMISE) $(WARNINGS) -Ilib $(HERE) -pthread

# macOS hides with _XOPEN_SOURCE what is not in it, and names the times of files
# otherwise; Homebrew has folders of its own, and keeps OpenBLAS in a third.
ifeq ($(shell uname),Darwin)
BREW       := $(shell brew --prefix 2>/dev/null)
HERE       := -D_DARWIN_C_SOURCE -Dst_mtim=st_mtimespec -Dst_ctim=st_ctimespec \
              $(BREW:%=-I%/include)
BREW_LIBS  := $(BREW:%=-L%/lib)
PKG_CONFIG := env PKG_CONFIG_PATH=$(BREW)/opt/openblas/lib/pkgconfig pkg-config
else
PKG_CONFIG := pkg-config
endif

# Asked only when first used: before `make setup` there is nothing to ask.
OPENBLAS_CFLAGS = $(eval OPENBLAS_CFLAGS := $$(shell $(PKG_CONFIG) --cflags \
                    openblas 2>/dev/null))$(OPENBLAS_CFLAGS)
OPENBLAS_LIBS   = $(eval OPENBLAS_LIBS := $$(shell $(PKG_CONFIG) --libs openblas \
                    2>/dev/null || echo -lopenblas))$(OPENBLAS_LIBS)
# Checks before main that the processor has what ARCH is about.
CHECK    := -Wl,-u,$(if $(BREW),_)processor_check
LIBS     = $(CHECK) $(BREW_LIBS) $(OPENBLAS_LIBS) -lcmark -lpng -lz -lm

OBJ      := $(OUT)/obj
BIN      := $(OUT)/bin
MAINS    := $(wildcard lib/*/*_main.c)
SOURCES  := $(sort $(filter-out $(MAINS),$(wildcard lib/*/*.c)))
OBJECTS  := $(SOURCES:%.c=$(OBJ)/%.o) $(OBJ)/code_files.o
CHAPTERS := $(wildcard chapters/[0-9]*.c)
PROGRAMS := $(CHAPTERS:chapters/%.c=$(OUT)/chapters/%)
FONT     := build/fonts/math.woff2
TESTS    := $(patsubst tests/%.c,$(BIN)/%,$(wildcard tests/test_*.c))

# Where the book is. Under a sanitizer, book and runs have folders of their own:
# they are slow, and made to find a fault.
ifneq ($(SAN)$(TSAN),)
override BOOK := $(or $(BOOK),$(OUT)/$(if $(filter-out 0,$(QUICK)),quick,book))
override RUNS := $(or $(RUNS),$(OUT)/runs)
endif
FOLDER   := $(or $(BOOK),build/$(if $(filter-out 0,$(QUICK)),quick,book))

# With `make setup book` everything waits for the set-up.
SETUP    := $(filter setup,$(MAKECMDGOALS))

# Made anew when another compiler is used, or another version, or other flags.
$(OBJ)/flags.txt: FORCE | $(SETUP)
	@mkdir -p $(@D)
	@{ echo '$(CC) $(filter-out -Werror,$(CFLAGS)) $(OPENBLAS_CFLAGS)'; \
	   $(CC) --version; } > $@.tmp 2>/dev/null; \
	 cmp -s $@.tmp $@ || cp $@.tmp $@; rm -f $@.tmp

$(OBJ)/%.o: %.c $(OBJ)/flags.txt | $(SETUP)
	@mkdir -p $(@D)
	@$(CC) $(CFLAGS) $(OPENBLAS_CFLAGS) -MMD -MP -c -o $@ $<

# This one must run everywhere, to say that the others do not.
$(OBJ)/lib/base/processor.o: ARCH :=

# cmocka 2 deprecates what is all that cmocka 1 has, such as assert_in_range.
$(OBJ)/tests/%.o: WARNINGS += -Wno-deprecated-declarations

# What may decide a result: a run is recalled only if the code that it uses has
# not changed (lib/runs/code.h). Debugging information is left out, so comments
# do not count; the tables of the kinds are left out, so that a new kind changes
# no run of the others.
MAY_DECIDE := $(filter lib/base/% lib/data/% lib/nn/% lib/runs/%, \
              $(filter-out %_types.c,$(SOURCES)))

# Made anew when a source has come or gone.
$(OBJ)/sources.list: FORCE
	@mkdir -p $(@D)
	@echo '$(SOURCES)' | cmp -s - $@ || echo '$(SOURCES)' > $@

$(OBJ)/code_files.c: $(MAY_DECIDE:%.c=$(OBJ)/%.o) $(OBJ)/sources.list
	@{ echo '#include "runs/code.h"'; echo 'const CodeFile code_files[] = {'; \
	   for o in $(filter %.o,$^); do \
	     name=$${o#$(OBJ)/lib/}; strip -S -o $@.tmp $$o || exit 1; \
	     digest=$$({ sha256sum 2>/dev/null || shasum -a 256; } <$@.tmp | cut -c1-64); \
	     [ $${#digest} = 64 ] || { echo "no SHA-256 of $$o" >&2; exit 1; }; \
	     echo "    { \"$${name%.o}\", \"$$digest\" },"; \
	   done; \
	   echo '    { NULL, NULL },'; echo '};'; } > $@
	@rm -f $@.tmp

$(OBJ)/code_files.o: $(OBJ)/code_files.c
	@$(CC) $(CFLAGS) -MMD -MP -c -o $@ $<

$(OUT)/libdigits.a: $(OBJECTS) $(OBJ)/sources.list
	@rm -f $@
	@ar rcs $@ $(OBJECTS)

$(OUT)/chapters/%: $(OBJ)/chapters/%.o $(OUT)/libdigits.a
	@mkdir -p $(@D)
	@$(CC) $(CFLAGS) -o $@ $^ $(LIBS)

$(BIN)/%: $(OBJ)/tests/%.o $(OUT)/libdigits.a
	@mkdir -p $(@D)
	@$(CC) $(CFLAGS) -o $@ $^ $(LIBS) -lcmocka

# The chapter that chapters/README.md prints: see tests/template.sh.
$(OUT)/test/template/programs/%: $(OUT)/test/template/chapters/%.c $(OUT)/libdigits.a
	@$(CC) $(CFLAGS) -o $@ $^ $(LIBS)

# The checks of one kind of layer, for all kinds and for one.
CHECKS := $(OBJ)/tests/check_layer.o
$(BIN)/test_nn $(BIN)/test_train: $(BIN)/%: $(OBJ)/tests/%.o $(CHECKS) $(OUT)/libdigits.a
	@mkdir -p $(@D)
	@$(CC) $(CFLAGS) -o $@ $^ $(LIBS) -lcmocka

$(BIN)/check_layer: $(OBJ)/tests/check_layer_main.o $(CHECKS) $(OUT)/libdigits.a
	@mkdir -p $(@D)
	@$(CC) $(CFLAGS) -o $@ $^ $(LIBS)

# lib/chapter/book_main.c is build/bin/book.
define main_program
$(BIN)/$(patsubst %_main,%,$(basename $(notdir $1))): $(OBJ)/$(1:.c=.o) $(OUT)/libdigits.a
	@mkdir -p $$(@D)
	@$$(CC) $$(CFLAGS) -o $$@ $$^ $$(LIBS)
endef
$(foreach m,$(MAINS),$(eval $(call main_program,$m)))

# Dev-only: times ours, PyTorch (if there is one) and the book.
BENCH := $(patsubst %.c,$(OBJ)/%.o,$(wildcard tests/bench/*.c))
$(BIN)/bench: $(BENCH) $(OUT)/libdigits.a
	@mkdir -p $(@D)
	@$(CC) $(CFLAGS) -o $@ $^ $(LIBS)

.SECONDARY:
# What each object has been compiled from.
-include $(wildcard $(OBJ)/*.d $(OBJ)/*/*.d $(OBJ)/*/*/*.d)

# make looks at times alone. An object is made anew, too, when the content of a
# source is another than it was, however old that is (cp -p, rsync -a).
STALE := $(shell lib/base/stale.sh $(OBJ))
$(STALE): FORCE

# --- the book ----------------------------------------------------------------
.PHONY: FORCE help book open watch try compare runs prune sweep-commands data \
        test test-threads test-browser test-browser-can-fail check-layer check-results accept-results \
        bench clean distclean setup

help:
	@echo 'make setup           install what is missing (compiler, OpenBLAS, gnuplot, ...)'
	@echo 'make book            run the chapters that changed, press build/book/index.html'
	@echo 'make book CHAPTER=03 only that chapter, and what it stands on'
	@echo '     QUICK=1         few images, one seed: build/quick, in seconds'
	@echo '     FORCE=1         train everything again'
	@echo '     SAN=1           under the sanitizers, to find a crash: build/san/book'
	@echo '     MARCH=x86-64-v3 for machines of different kinds that share a folder'
	@echo '     MNIST_DIR=dir   take the digits from there, now and from now on'
	@echo 'make open            open the book: it can be read while it is built'
	@echo 'make watch           build what is saved, again and again; pages that are'
	@echo '                     open load themselves anew'
	@echo 'make try CHAPTER=04 SET="optimiser.learning_rate=0.3"'
	@echo '                     run an experiment of that chapter with the change,'
	@echo '                     and compare; also EXPERIMENT=name, SEEDS=5, and'
	@echo '                     TEST=1, judged on the test set'
	@echo 'make compare         your experiments against the book, A=id B=id any two'
	@echo 'make runs            what is in the store; BEST=20 the best first, and'
	@echo '                     WHERE="learning_rate=0.3; train.batch<32" only those;'
	@echo '                     TSV=1 all that is known of each'
	@echo 'make prune           what of it no chapter uses; YES=1 removes that,'
	@echo '                     OWN=1 your own experiments, too'
	@echo 'make sweep-commands  the runs of all sweeps as commands, one a line'
	@echo 'make data            which digits are in use; downloads MNIST (11 MB) into'
	@echo '                     build/data where no folder is named. MNIST_DIR=dir'
	@echo '                     names one, MNIST_DIR=download forgets it'
	@echo 'make test            the tests; SAN=1 under the address and UB sanitizers,'
	@echo '                     CC=clang with another compiler'
	@echo 'make test-threads    the tests that train; TSAN=1 under ThreadSanitizer'
	@echo 'make test-browser    every page in Chromium (needs node, npm, chromium)'
	@echo 'make check-layer LAYER=tanh'
	@echo '                     is this kind of layer right? see lib/nn/kinds.h'
	@echo 'make check-results   compare build/book with the numbers of tests/expected'
	@echo 'make accept-results  make the present book what later ones are compared with'
	@echo 'make bench           seconds of training, beside PyTorch if it is here, and of'
	@echo '                     building the book; WORK="mlp-batch1 cnn-small" these'
	@echo 'make clean           remove what was built; keeps data and finished runs'
	@echo 'make distclean       remove build/ altogether'

book: $(PROGRAMS) $(BIN)/book $(BIN)/press $(FONT) | $(SETUP)
	@PROGRAMS=$(OUT)/chapters $(BIN)/book $(CHAPTERS)

# In the browser; where there is none, its address.
open:
	@if [ ! -f '$(FOLDER)/index.html' ]; then \
	  echo 'There is no book in $(FOLDER) yet: `make book` makes it.'; exit 1; \
	fi; \
	page=$$(cd '$(FOLDER)' && pwd)/index.html; \
	has() { command -v $$1 >/dev/null 2>&1; }; \
	if [ -n "$$DISPLAY$$WAYLAND_DISPLAY" ] && has xdg-open; then opener=xdg-open; \
	elif [ "$$(uname)" = Darwin ]; then opener=open; \
	elif has wslview; then opener=wslview; else opener=; fi; \
	if [ -z "$$opener" ] || ! $$opener "$$page" >/dev/null 2>&1; then \
	  echo "Open this page in a browser: $$page"; \
	fi

# Until it is interrupted; then the pages cease to look for changes.
watch: $(BIN)/press
	@trap "WATCH= $(BIN)/press '$(FOLDER)'" EXIT; trap 'exit 0' INT TERM HUP; \
	echo 'Builds what you save, until Ctrl-C. The book: `make open` in another terminal.'; \
	last=; while :; do \
	  now=$$(cat chapters/* figures/*.gp lib/*/* Makefile 2>/dev/null | cksum); \
	  if [ "$$now" != "$$last" ]; then \
	    last=$$now; $(MAKE) --no-print-directory book WATCH=1 || \
	      echo 'Something is wrong, see above. Save again when it is mended.'; \
	  fi; sleep 1; \
	done

# One experiment, changed and run, against the book's.
try: $(PROGRAMS) | $(SETUP)
	@program=; case "$$CHAPTER" in *[!0-9]*|'') ;; *) \
	  program=$$(ls $(PROGRAMS) | grep "/0*$${CHAPTER#0}-" | head -n 1);; esac; \
	if [ -z "$$program" ] || [ -z "$$SET$$EXPERIMENT$$SEEDS" ]; then \
	  { echo 'make try: say which chapter and what to change, such as'; \
	    echo '  make try CHAPTER=04 SET="optimiser.learning_rate=0.3" SEEDS=5'; \
	    if [ -z "$$program" ]; then \
	      echo 'build/chapters/04-relu --list names what can be set'; \
	    else echo 'This can be set:'; $$program --list; fi; } >&2; exit 1; \
	fi; \
	$$program $${EXPERIMENT:+--experiment "$$EXPERIMENT"} \
	  $${SET:+--set "$$SET"} $${SEEDS:+--seeds "$$SEEDS"}

# Those of other digits are kept beside them (lib/chapter/edition.h).
BOOKS = build/book build/quick $(wildcard build/book.??????? build/quick.???????)

compare: $(BIN)/runs
	@$(BIN)/runs compare build/runs $(BOOKS) $(A) $(B)

runs: $(BIN)/runs
	@$(BIN)/runs list build/runs $(BOOKS)

prune: $(BIN)/runs
	@$(BIN)/runs prune build/runs $(BOOKS)

# The runs of all sweeps, one a line: make -s sweep-commands | xargs -P8 ...
sweep-commands: $(PROGRAMS)
	@for p in $(PROGRAMS); do $$p --sweep-commands || exit 1; done

data: $(BIN)/data | $(SETUP)
	@$(BIN)/data

# The letters and symbols that formulas need, out of TeX Gyre Pagella Math. A
# machine without the font or the tools makes a book without it.
MATH_SYMBOLS := 20-7E,A0,AC,AF,B1,B7,D7,2C6,2D9,2DC,391-3A9,3B1-3C9,3D1,3D5,$\
3F1,3F5,2009,2013,2016,2026,2032,2033,2102,210B-2113,2115,2119-211D,2124,212C,$\
2130-2133,2190,2192,21A6,21D2,2200,2202,2203,2205,2207-2209,220F,2211-2213,$\
2216-2218,221A,221D,221E,2223,2229-222B,223C,2248,2260,2261,2264,2265,226A,$\
226B,2282,2295,2297,2299,22A4,22C5,22C6,22EE,22EF,22F1,2308-230B,23DE,23DF,$\
27E8,27E9,27FA,1D400-1D467,1D49C-1D4B5,1D538-1D56B,1D6A4,1D6A5,1D6E2-1D71B,$\
1D7CE-1D7E1

$(FONT): | $(SETUP)
	@mkdir -p $(@D)
	@font=$$(find /usr/share/texmf /usr/share/texlive /usr/share/fonts \
	  /opt/homebrew/share /usr/local/share -name texgyrepagella-math.otf \
	  2>/dev/null | head -n 1); \
	if [ -n "$$font" ] && command -v hb-subset >/dev/null \
	   && command -v woff2_compress >/dev/null; then \
	  hb-subset --unicodes=$(MATH_SYMBOLS) --no-hinting \
	    --output-file=$(@D)/math.otf "$$font" && \
	  woff2_compress $(@D)/math.otf >/dev/null 2>&1; \
	else \
	  echo 'No mathematics font here: formulas use the fonts of the reader.'; \
	fi

# --- tests -------------------------------------------------------------------
# The structure of lib/, every unit test, then every chapter on a few hundred
# synthetic digits, then builds that are killed and builds that meet (not under
# the sanitizers, which make them ten times as long).
test: $(TESTS) $(BIN)/book $(BIN)/press $(BIN)/runs $(BIN)/data \
      $(BIN)/check_results $(PROGRAMS) | $(SETUP)
	@failed=; for t in includes.sh setup.sh machines.sh open.sh wasm.sh template.sh \
	    $(if $(SAN)$(TSAN),,keys.sh kernels.sh data.sh); do \
	  echo "tests/$$t"; OUT=$(OUT) CC='$(CC)' tests/$$t || failed="$$failed $$t"; \
	done; \
	for t in $(TESTS); do \
	  echo "$$t"; BIN=$(BIN) $$t || failed="$$failed $$t"; \
	done; \
	echo 'every chapter on 600 synthetic digits'; \
	BOOK=$(OUT)/test/book RUNS=$(OUT)/test/runs PROGRAMS=$(OUT)/chapters QUICK=1 SYNTHETIC=600 \
	  MNIST_DIR= CHAPTER= FORCE=1 $(BIN)/book $(CHAPTERS) 2>$(OUT)/test.log \
	  || { cat $(OUT)/test.log; failed="$$failed chapters"; }; \
	$(if $(SAN)$(TSAN)$(findstring clang,$(CC)),,OUT=$(OUT) tests/edits.sh || failed="$$failed edits.sh";) \
	$(if $(SAN),,OUT=$(OUT) tests/interrupted.sh || failed="$$failed interrupted.sh";) \
	if [ -n "$$failed" ]; then echo "FAILED:$$failed"; exit 1; fi; \
	echo 'all tests passed'

# The book in a browser, with Playwright, axe and the Nu checker in the versions
# of tests/browser/package-lock.json. Needs node, npm and Chromium, and Java for
# the checker; nothing else does. test-browser-can-fail breaks a copy of the
# book in many ways, and takes some minutes.
BROWSER := build/browser/node_modules/.package-lock.json
$(BROWSER): tests/browser/package.json tests/browser/package-lock.json
	@mkdir -p build/browser
	@cp $^ build/browser
	@cd build/browser && npm ci --ignore-scripts --no-audit --no-fund \
	  --loglevel=error
	@touch $@

# Threads: make TSAN=1 test-threads
test-threads: $(BIN)/test_train $(BIN)/test_runs
	@for t in $^; do echo "$$t"; BIN=$(BIN) $$t || exit 1; done

test-browser: $(BROWSER)
	@node tests/browser/run.js

test-browser-can-fail: $(BROWSER)
	@node tests/browser/can_fail.js

# One kind of layer: make check-layer LAYER=tanh
check-layer: $(BIN)/check_layer
	@$(BIN)/check_layer $(LAYER)

check-results: $(BIN)/check_results
	@$(BIN)/check_results build/book tests/expected

# The present book becomes the edition that later ones are compared with.
accept-results: $(BIN)/check_results
	@$(BIN)/check_results --accept build/book tests/expected

# Seconds, into build/bench.tsv: see tests/bench/bench.c. Of the book, too, in a
# copy of the project, which takes some minutes.
bench: $(BIN)/bench
	@env -u OPENBLAS_CORETYPE -u OPENBLAS_L2_SIZE $(BIN)/bench

clean:
	@rm -rf build/book.* build/quick.* build/bench build/bin build/book build/browser build/chapters \
	  build/fonts build/libdigits.a build/obj build/quick build/san \
	  build/screens build/test build/test.log build/clang build/tsan

distclean:
	@rm -rf build

# --- set-up ------------------------------------------------------------------
setup:
	@lib/base/setup.sh
