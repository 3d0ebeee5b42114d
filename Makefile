# Six words: run build check test slow bench. Each sets up what it needs on a fresh Debian 12 (apt.txt, npm ci) and tells
# its progress on standard error. CMake and npm know how things are built; this file knows only what goes before what.
MAKEFLAGS += --no-print-directory
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c

JOBS := $(shell nproc)
# A test without a limit of its own ends after five minutes; none may hang the ring.
CTEST = ctest --output-on-failure --no-tests=error --timeout 300 -j $(JOBS)
# What the pages are made of; their client is generated from the interface's description.
WEB := $(if $(wildcard web/package-lock.json),$(shell find web api docs/errors tools/errors -type f -not -path '*/node_modules/*' -not -path 'web/dist/*' -not -name schema.d.ts))

.PHONY: help run build program package check test slow bench tidy fmt clean

help:
	@echo 'make run     build, and open the made-up city at the address it prints'
	@echo 'make build   the program at build/tongdian, the pages in web/dist'
	@echo 'make package the Debian package, in build/'
	@echo 'make check   the quick ring: build, format, rooms, unit tests'
	@echo 'make test    everything: also the interface, the crash loop, the pages, the browser'
	@echo 'make slow    sanitizers, fuzzing, a longer crash loop'
	@echo 'make bench   figures, to build/bench.json'
	@echo 'make fmt     write the C++ as the formatter wants it; make tidy  clang-tidy; make clean'

run: build
	@build/tongdian serve --demo --data build/demo

build: program $(if $(WEB),web/dist/index.html)

program:
	@tools/setup build
	@[ -f build/build.ninja ] || cmake --preset release >&2
	@ninja -C build -j $(JOBS) >&2

web/dist/index.html: $(WEB)
	@tools/setup build web
	@npm --prefix web run build >&2
	@touch $@

package: build
	@tools/setup test
	@cd build && cpack -G DEB

check:
	@tools/setup build check
	@$(MAKE) build
	@cd build && $(CTEST) -L quick

test:
	@tools/setup build check test web
	@$(MAKE) build
	@cd build && $(CTEST)

slow:
	@tools/setup build check test slow web
	@$(MAKE) build
	@tools/slow

bench:
	@tools/setup build bench
	@$(MAKE) build
	@bench/run build/tongdian build/bench.json

tidy:
	@tools/setup build slow
	@cmake --preset tidy >&2
	@cmake --build --preset tidy >&2

fmt:
	@tools/setup check
	@tools/format --write

# The demo's data goes too; the downloaded packages of the web stay.
clean:
	@rm -rf build build-dev build-asan build-tsan build-tidy build-fuzz web/dist
