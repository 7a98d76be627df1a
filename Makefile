# SPDX-License-Identifier: MIT
#
# Reading Digits: `make setup book` on a fresh machine, `make help` for the rest.

SHELL = /bin/sh
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

# --- what may be set on the command line -------------------------------------
#   CC=clang   CHAPTER=03   QUICK=1   FORCE=1   SAN=1   MNIST_DIR=folder
CC      := $(if $(filter default,$(origin CC)),gcc,$(CC))
export MNIST_DIR SYNTHETIC QUICK FORCE CHAPTER THREADS
# One thread per product of matrices: the parallelism is ours.
export OPENBLAS_NUM_THREADS := 1
export OMP_NUM_THREADS      := 1

# --- compiling ---------------------------------------------------------------
# Never -Ofast or -ffast-math: they delete the check that the loss is finite.
OPTIMISE := -O3 -march=native -fno-math-errno -fopenmp-simd
WARNINGS := -Wall -Wextra -Wshadow -Wstrict-prototypes -Wconversion \
            -Wno-sign-conversion -Wno-format-truncation \
            -Wno-unknown-warning-option $(if $(CI),-Werror)
OUT      := build
ifdef SAN
OUT      := build/san
OPTIMISE := -O1 -march=native -fopenmp-simd -fsanitize=address,undefined \
            -fno-sanitize-recover=all -fno-omit-frame-pointer
endif
CFLAGS   := -std=c11 -D_XOPEN_SOURCE=700 -g $(OPTIMISE) $(WARNINGS) -Ilib -pthread

# Asked only when first used: before `make setup` there is nothing to ask.
OPENBLAS_CFLAGS = $(eval OPENBLAS_CFLAGS := $$(shell pkg-config --cflags \
                    openblas 2>/dev/null))$(OPENBLAS_CFLAGS)
OPENBLAS_LIBS   = $(eval OPENBLAS_LIBS := $$(shell pkg-config --libs openblas \
                    2>/dev/null || echo -lopenblas))$(OPENBLAS_LIBS)
LIBS     = $(OPENBLAS_LIBS) -lcmark -lpng -lz -lm

OBJ      := $(OUT)/obj
BIN      := $(OUT)/bin
MAINS    := $(wildcard lib/*/*_main.c)
SOURCES  := $(filter-out $(MAINS),$(wildcard lib/*/*.c))
OBJECTS  := $(SOURCES:%.c=$(OBJ)/%.o) $(OBJ)/training_code.o
CHAPTERS := $(wildcard chapters/[0-9]*.c)
PROGRAMS := $(CHAPTERS:chapters/%.c=$(BIN)/%)
TESTS    := $(patsubst tests/%.c,$(BIN)/%,$(wildcard tests/test_*.c))

# With `make setup book` everything waits for the set-up.
SETUP    := $(filter setup,$(MAKECMDGOALS))

$(OBJ)/%.o: %.c | $(SETUP)
	@mkdir -p $(@D)
	@$(CC) $(CFLAGS) $(OPENBLAS_CFLAGS) -MMD -MP -c -o $@ $<

# What trains: a run is recalled only if this code has not changed. Debugging
# information is left out, so comments do not count.
TRAINING := $(patsubst %.c,$(OBJ)/%.o,$(wildcard lib/nn/*.c) lib/data/rng.c)

$(OBJ)/training_code.c: $(TRAINING)
	@for o in $^; do strip -S -o $@.tmp $$o && cat $@.tmp; done | \
	  { sha256sum 2>/dev/null || shasum -a 256; } | cut -c1-64 > $@.hex
	@printf 'const char training_code[] = "%s";\n' $$(cat $@.hex) > $@
	@rm -f $@.tmp $@.hex

$(OBJ)/training_code.o: $(OBJ)/training_code.c
	@$(CC) $(CFLAGS) -include lib/runs/code.h -c -o $@ $<

$(OUT)/libdigits.a: $(OBJECTS)
	@rm -f $@
	@ar rcs $@ $^

$(BIN)/%: $(OBJ)/chapters/%.o $(OUT)/libdigits.a
	@mkdir -p $(@D)
	@$(CC) $(CFLAGS) -o $@ $^ $(LIBS)

$(BIN)/%: $(OBJ)/tests/%.o $(OUT)/libdigits.a
	@mkdir -p $(@D)
	@$(CC) $(CFLAGS) -o $@ $^ $(LIBS) -lcmocka

MAIN_PROGRAMS := $(foreach m,$(MAINS),$(BIN)/$(patsubst %_main,%,$(basename $(notdir $m))))
define main_program
$(BIN)/$(patsubst %_main,%,$(basename $(notdir $1))): $(OBJ)/$(1:.c=.o) $(OUT)/libdigits.a
	@mkdir -p $$(@D)
	@$$(CC) $$(CFLAGS) -o $$@ $$^ $$(LIBS)
endef
$(foreach m,$(MAINS),$(eval $(call main_program,$m)))

.SECONDARY:
-include $(OBJECTS:.o=.d) $(MAINS:%.c=$(OBJ)/%.d) \
         $(CHAPTERS:%.c=$(OBJ)/%.d) $(TESTS:$(BIN)/%=$(OBJ)/tests/%.d)

# --- the book ----------------------------------------------------------------
.PHONY: help book data test check-results clean distclean setup

book: $(PROGRAMS) $(BIN)/press | $(SETUP)
	@BIN=$(BIN) $(BIN)/press $(CHAPTERS)

data: $(BIN)/data | $(SETUP)
	@$(BIN)/data
